// A logged decision as a sample input and what is expected of it.
import { type Json, toJson } from "#bundles/canonical-json.ts";
import { maskedValue } from "#bundles/hidden-values.ts";
import { pathBelow, replacedAt, valueAt } from "#bundles/json-pointers.ts";
import type { LoggedDecision } from "./events.ts";
import { hideRepeated } from "./repeated.ts";

export interface SampleFile {
  readonly name: string;
  readonly value: Json;
}

/** A short name for the files of a decision that is none of those that are taken. */
export function sampleName({ id }: LoggedDecision, taken: ReadonlySet<string>): string {
  const whole = `log-${id.replaceAll(/[^\w-]/gu, "")}`;
  const short = whole.slice(0, 12);
  if (!taken.has(short)) return short;
  let [name, count] = [whole, 1];
  while (taken.has(name)) name = `${whole}-${++count}`;
  return name;
}

/**
 * The input, and the decision of then as the one that is expected; `masks` are JSON pointers of the input. Nothing is expected of a rule that has a
 * dot in its name, and of a decision that is as a whole what is masked.
 */
export function sampleOf(logged: LoggedDecision, name: string, masks: readonly string[]): readonly SampleFile[] {
  const given = logged.input ?? null;
  const input = [...logged.erased, ...logged.masked, ...masks].reduce<Json>((value, pointer) => {
    const path = pathBelow(pointer, "/input");
    return path === undefined ? value : replacedAt(value, path, maskedValue);
  }, given);
  const sample = { name: `${name}.json`, value: input };
  const hidden = masks.flatMap((pointer) => {
    const path = pathBelow(pointer, "/input");
    return path === undefined ? [] : (valueAt(given, path) ?? []);
  });
  const expectation = expectationOf(logged, hidden);
  // Paths of what is expected are split at dots.
  if (logged.path.includes(".") || expectation === undefined) return [sample];
  const query = `data.${logged.path.replaceAll("/", ".")}`;
  return [sample, { name: `${name}.expected.json`, value: toJson({ decisions: { [query]: expectation } }) }];
}

/** What is hidden of a result, by the log or since the input has it, may be anything. */
function expectationOf({ outcome, ...logged }: LoggedDecision, hidden: readonly Json[]): object | undefined {
  switch (outcome.kind) {
    case "value": {
      const found = hideRepeated(outcome.value, hidden, maskedValue);
      if (found === undefined) return undefined;
      const byLog = [...logged.erased, ...logged.masked].flatMap((pointer) => pathBelow(pointer, "/result")?.join(".") ?? []);
      const ignore = [...new Set([...byLog, ...found.ignore.map((path) => path.join("."))])];
      return { value: found.value, ...(ignore.length === 0 ? {} : { ignore }) };
    }
    case "undefined":
      return { undefined: true };
    case "error":
      return { error: outcome.code };
  }
}
