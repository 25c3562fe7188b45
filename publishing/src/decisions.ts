// Every sample × entrypoint of a project, decided: the rows of a decision diff.
import type { Checked } from "#analysis/rego/checked.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance } from "#evaluation/instance.ts";

export interface Decided {
  readonly sample: string;
  readonly entrypoint: string;
  /** The value as JSON text, `undefined`, or `error: …`. */
  readonly decision: string;
}

export interface DecisionInput {
  readonly sample: string;
  readonly json: string;
}

const fuel = 200_000_000n;

/** Decides all; entrypoints that the modules do not have are undefined. */
export function decideAll(
  checked: Checked,
  data: string,
  entrypoints: readonly string[],
  inputs: readonly DecisionInput[],
  now: bigint,
): readonly Decided[] {
  const compiled = compile(checked, { entrypoints });
  if (compiled.module === undefined) return [];
  const instance = createInstance(compiled.module, { now: () => now });
  instance.setData(data);
  return inputs.flatMap(({ sample, json }) =>
    entrypoints.map((entrypoint): Decided => {
      const outcome = instance.evaluate(entrypoint, json, { now, seed: 1, fuel });
      if (outcome.kind === "error") return { sample, entrypoint, decision: `error: ${outcome.error.message}` };
      return { sample, entrypoint, decision: /^\[\{"result":([\s\S]*)\}\]\s*$/.exec(outcome.text)?.[1] ?? "undefined" };
    }),
  );
}

export interface Change {
  readonly sample: string;
  readonly entrypoint: string;
  readonly before: string;
  readonly after: string;
}

/** What differs; a decision that only one side has counts against `undefined`. */
export function compareDecisions(before: readonly Decided[], after: readonly Decided[]): readonly Change[] {
  const key = ({ sample, entrypoint }: Decided): string => `${sample}\u0000${entrypoint}`;
  const old = new Map(before.map((one) => [key(one), one.decision]));
  return after
    .map(
      (one): Change => ({
        sample: one.sample,
        entrypoint: one.entrypoint,
        before: old.get(key(one)) ?? "undefined",
        after: one.decision,
      }),
    )
    .filter((change) => change.before !== change.after);
}

/** A change in one line: sample, entrypoint, both decisions. */
export function changeLine({ sample, entrypoint, before, after }: Change): string {
  return `${sample} · ${entrypoint}: ${before} → ${after}`;
}
