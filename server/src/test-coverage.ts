// What tests and expected decisions reach of the policies, as `opa test --coverage` tells it.

import { coverageOf } from "#evaluation/coverage.ts";
import type { PlacedRange } from "#evaluation/covered-places.ts";
import { type ProjectTest, packagesWithRepeatedTests, testQuestion } from "#features/tests.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { PolicyCoverage } from "#protocol/messages.ts";
import { entrypointName } from "#workspace/config.ts";
import type { Project } from "#workspace/project.ts";
import type { JobQuestion, Running } from "./evaluator.ts";
import type { Session } from "./session.ts";
import { Turns } from "./turns.ts";

/** Milliseconds. */
const longest = 30_000;

/** Of the policies of the project that are no tests; `profile` resolves the samples of expected decisions. */
export async function testCoverage(
  session: Session,
  project: Project,
  tests: readonly ProjectTest[],
  profile: string | undefined,
  began: (running: Running) => void,
): Promise<readonly PolicyCoverage[]> {
  const questions = tests.flatMap((test): readonly JobQuestion[] => {
    const question = testQuestion(project, test, profile);
    return question === undefined
      ? []
      : [
          {
            entrypoint: entrypointName(question.path),
            input: question.input,
            mocks: project.configuration.mocks(question.profile),
          },
        ];
  });
  if (questions.length === 0) return [];
  const names = [...new Set(questions.map(({ entrypoint }) => entrypoint))];
  const isNumbered = packagesWithRepeatedTests(project).size > 0;
  const compiling = new Turns(session.pace).run(project.compilation.coverageSteps(names, isNumbered));
  const compiled = await compiling.answer;
  if ("problem" in compiled) return [];
  const { module, key, checked } = compiled;
  const { key: dataKey, json: data } = project.data;
  const running = session.ports.evaluator.run({
    ...{ key, module, dataKey, data, questions, now: project.now(), timeout: longest, counts: true },
  });
  began(running);
  const { tally } = await running.answer;
  if (tally === undefined) return [];
  const { files } = coverageOf(checked, { module, counts: tally.counts });
  return Object.entries(files).flatMap(([path, { covered = [], not_covered = [] }]) => {
    const file = project.files.get(path);
    if (file === undefined || path.endsWith("_test.rego")) return [];
    const lines = new LineIndex(file.text);
    const place = ({ start, end }: PlacedRange) =>
      session.range(path, { start: lines.offsetAt(start), end: lines.offsetAt(end) });
    return [{ uri: session.uris.uri(path), covered: covered.map(place), missing: not_covered.map(place) }];
  });
}
