// Asks the rules that speak of places of their input about every sample; what they say stands in the samples.
import { complaintRules, inputComplaints } from "#features/inputs/input-complaints.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Project } from "#workspace/project.ts";
import type { Asking } from "./asking.ts";
import type { Running } from "./evaluator.ts";

const timeout = 10_000;

/** Empty where there are no such rules, or one of them cannot be evaluated: that is said elsewhere. */
export async function complaintsOf(
  project: Project,
  asking: Asking,
  profile: string | undefined,
  began: (running: Pick<Running, "stop">) => void,
): Promise<readonly Diagnostic[]> {
  const rules = complaintRules(project);
  const asked = rules.flatMap((rule) =>
    project.inputs.samples.flatMap((sample) => {
      const input = project.inputs.json(sample, profile);
      return input === undefined ? [] : [{ rule, sample, question: { path: rule.path, input, profile } }];
    }),
  );
  if (asked.length === 0) return [];
  const running = asking.ask(
    project,
    asked.map(({ question }) => question),
    timeout,
  );
  began(running);
  const answers = await running.answer.then(
    ({ answers }) => answers,
    () => [],
  );
  return asked.flatMap(({ rule, sample }, at) => {
    const answer = answers[at]?.answer;
    return answer?.kind === "value" ? inputComplaints(project, sample, rule, { json: answer.json, profile }) : [];
  });
}
