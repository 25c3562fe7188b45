// Every sample × entrypoint of a project, decided: the rows of a decision diff.
import type { Checked } from "#analysis/rego/checked.ts";
import { canonicalJson, type Json, type JsonObject, readJson } from "#bundles/canonical-json.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance } from "#evaluation/instance.ts";
import { type Mocks, mockedEvaluation } from "#evaluation/mocks.ts";

export interface Decided {
  readonly sample: string;
  readonly entrypoint: string;
  /** The value as JSON text, `undefined`, or `error: …`. */
  readonly decision: string;
}

export interface DecisionInput {
  readonly sample: string;
  readonly json: string;
  /** What answers in place of the world. */
  readonly mocks: Mocks | undefined;
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
  return inputs.flatMap(({ sample, json, mocks }) =>
    entrypoints.map((entrypoint): Decided => {
      const outcome = instance.evaluate(entrypoint, json, { ...mockedEvaluation(mocks, now).options, fuel });
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

type Values = Pick<Change, "before" | "after">;

/** The groups of a decision diff. */
export function changeOf({ before, after }: Values): "true" | "noLongerTrue" | "error" | "undefined" | "other" {
  if (after === "true") return "true";
  if (before === "true") return "noLongerTrue";
  if (after.startsWith("error: ")) return "error";
  return after === "undefined" ? "undefined" : "other";
}

/** A change, and all samples that see it. */
export interface JoinedChange extends Omit<Change, "sample"> {
  readonly samples: readonly string[];
}

/** Changes of values that are no yes or no, such as a set that no input has a part in, are one for all samples that see the same. */
export function joinedChanges(changes: readonly Change[]): readonly JoinedChange[] {
  const joined = new Map<string, JoinedChange>();
  for (const change of changes) {
    const { sample, ...values } = change;
    const own = change.before === "true" || change.after === "true" ? sample : "";
    const key = JSON.stringify([own, values.entrypoint, values.before, values.after]);
    joined.set(key, { ...values, samples: [...(joined.get(key)?.samples ?? []), sample] });
  }
  return [...joined.values()];
}

/** Who a set or an object has no longer, and whom it has now; of objects also the keys whose value is another one. */
export interface MemberChange {
  readonly lost: readonly string[];
  readonly gained: readonly string[];
  readonly changed: readonly string[];
}

/** Undefined where both values tell it better: no collections, or one in another order. */
export function membersOf({ before, after }: Values): MemberChange | undefined {
  const [old, now] = [readJson(before), readJson(after)];
  if (!("value" in old) || !("value" in now)) return undefined;
  const change = namedChange(old.value, now.value);
  return change === undefined || Object.values(change).every(({ length }) => length === 0) ? undefined : change;
}

function namedChange(old: Json, now: Json): MemberChange | undefined {
  if (isList(old) && isList(now)) {
    const [left, came] = [old.map(canonicalJson), now.map(canonicalJson)];
    return { ...leftAndCame(left, came), changed: [] };
  }
  if (!(old instanceof Map) || !(now instanceof Map)) return undefined;
  const [left, came] = [texts(old), texts(now)];
  const changed = [...left].flatMap(([key, value]) => {
    const other = came.get(key);
    return other === undefined || other === value ? [] : [`${key}: ${value} → ${other}`];
  });
  return { ...leftAndCame([...left.keys()], [...came.keys()]), changed };
}

function leftAndCame(old: readonly string[], now: readonly string[]): Pick<MemberChange, "lost" | "gained"> {
  const [before, after] = [new Set(old), new Set(now)];
  return { lost: old.filter((one) => !after.has(one)), gained: now.filter((one) => !before.has(one)) };
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const texts = (object: JsonObject): ReadonlyMap<string, string> =>
  new Map([...object].map(([key, value]) => [key, canonicalJson(value)]));
