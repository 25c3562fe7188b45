// A test that says what a rule decides for a sample: written only where it passes.
import { type DecisionTest, testsOfDecision } from "#features/rego/create-test.ts";
import { afterwards } from "#features/rego/refactor/proof.ts";
import type * as messages from "#protocol/messages.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { textsOf } from "../answer-texts.ts";
import type { Asking } from "../asking.ts";
import { reasonOf } from "../evaluator.ts";
import type { Inputs } from "../inputs.ts";
import type { Session } from "../session.ts";
import { workspaceEdit } from "../workspace-edit.ts";
import { inputOf, placeOf } from "./asked-place.ts";

const patience = 10_000;

export function createTestRequest(session: Session, asking: Asking, inputs: Inputs) {
  return async (params: messages.CreateTestParams): Promise<messages.CreateTestResult> => {
    const { uri, query } = params;
    const place = await placeOf(session, uri);
    const { project } = place;
    const { sample, json, problem, profile } = inputOf(session, inputs, place, params, query);
    if (sample === undefined || json === undefined) return { problem: problem ?? "a test needs a sample" };
    try {
      const { answers } = await asking.ask(project, [{ path: query, input: json, profile }], patience).answer;
      const { kind, full } = textsOf(answers[0]!.answer);
      const decision = { kind, text: full, input: sample.name };
      const tests = testsOfDecision(project, query, { name: sample.name, json, decision });
      if ("problem" in tests) return tests;
      for (const test of tests) {
        if (!(await passes(asking, project, sample.file, test, profile))) continue;
        const edits = test.action.edits.map((edit) => ({ file: sample.file.path, ...edit }));
        const edit = workspaceEdit(session, edits);
        const { applied } = (await session.connection.request("workspace/applyEdit", { label: test.action.title, edit })) as {
          readonly applied: boolean;
        };
        const { show } = test.action;
        if (!applied || show === undefined) return { problem: "the test could not be written: nothing was changed" };
        const { file, line, character } = show;
        return { uri: session.uris.uri(file), position: { line, character } };
      }
      return { problem: `no test of ${query.replace(/^data\./u, "")} for ${sample.name} passes: nothing was written` };
    } catch (error) {
      return { problem: reasonOf(error, project.root) };
    }
  };
}

/** True when the test is true in the project that has it. */
async function passes(
  asking: Asking,
  project: Project,
  file: SourceFile,
  { action, path }: DecisionTest,
  profile: string | undefined,
): Promise<boolean> {
  const after = afterwards(project, file, action);
  try {
    const { answers } = await asking.ask(after, [{ path, input: undefined, profile }], patience).answer;
    const [one] = answers;
    return one?.answer.kind === "value" && one.answer.json === "true";
  } catch {
    // A text that is none of a policy: another claim may be.
    return false;
  }
}
