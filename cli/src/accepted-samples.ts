// `rw samples --accept`: what is decided otherwise than expected becomes what is expected, file by file.
import type { SampleDecision } from "#publishing/sample-decisions.ts";
import { type AcceptedDecision, acceptedText } from "#workspace/accepted-decisions.ts";
import { relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { Io } from "./io.ts";

export interface Acceptance {
  /** What stands in a file now. */
  readonly accepted: ReadonlySet<SampleDecision>;
  /** A line for each: the file, the rule, and what is expected of it. */
  readonly told: readonly string[];
  /** Why some were not accepted. */
  readonly refused: readonly string[];
}

/** An error is no decision that anybody wants to keep without a look: it is never accepted here. */
export function acceptDecisions(project: Project, decided: readonly SampleDecision[], lead: string, io: Io): Acceptance {
  const accepted = new Set<SampleDecision>();
  const told: string[] = [];
  const refused: string[] = [];
  const changed = decided.filter(({ expectation, difference }) => expectation !== undefined && difference !== undefined);
  for (const [file, some] of Map.groupBy(changed, ({ sample }) => sample.expected)) {
    if (file === undefined) continue;
    const name = lead + relative(project.root, file.path);
    const wanted = some.flatMap((one): readonly (AcceptedDecision & { readonly one: SampleDecision })[] => {
      const { query, decision } = one;
      if (query !== undefined && (decision.kind === "value" || decision.kind === "undefined")) return [{ query, decision, one }];
      refused.push(`${name}: ${query} is not accepted, it ended with an error`);
      return [];
    });
    const made = wanted.length === 0 ? undefined : acceptedText(file.text, wanted);
    if (made === undefined) continue;
    if ("problem" in made) {
      refused.push(`${name}: ${made.problem}`);
      continue;
    }
    io.writeFile(file.path, made.text);
    for (const { query, decision, one } of wanted) {
      accepted.add(one);
      told.push(
        `${name}: ${query} is now expected to be ${decision.kind === "value" ? JSON.stringify(decision.value) : "undefined"}`,
      );
    }
  }
  return { accepted, told, refused };
}
