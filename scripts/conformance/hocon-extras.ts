// The extra checks of the HOCON kit, counted apart from the pass rule: origins, comments and typed reads.
import { assignmentsOf, originsOf } from "#analysis/hocon/origins.ts";
import { type ConfigValue, type ObjectValue, type Resolved, toJsonText } from "#analysis/hocon/resolve.ts";
import * as read from "#analysis/hocon/typed-read.ts";
import { commentsOf } from "#grammars/hocon/elements.ts";
import { javaDouble } from "#grammars/hocon/number.ts";
import { renderPath } from "#grammars/hocon/path.ts";
import type { HoconExpectation, HoconResult } from "./hocon-case.ts";
import { compareJson, sameNumber } from "./hocon-pass-rule.ts";

type Answer = { readonly value: unknown } | { readonly error: string };

/** `path -> file: line` of every leaf. */
export function originTexts(resolved: Resolved, shortName: (file: string) => string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    originsOf(resolved).map(({ path, file, line }) => [
      path,
      line === undefined ? shortName(file) : `${shortName(file)}: ${line}`,
    ]),
  );
}

/** Comments by path, of the last assignment that has a value. */
export function commentTexts(resolved: Resolved): Readonly<Record<string, readonly string[]>> {
  const out: Record<string, readonly string[]> = {};
  for (const { path, field, source } of assignmentsOf(resolved)) {
    // A value that comes through a substitution has the comments of the place it comes from.
    if (source.parsed === undefined || field.value?.kind === "substitution") continue;
    const comments = commentsOf(source.parsed, field);
    const key = renderPath(path);
    if (comments.length > 0) out[key] = comments;
    else delete out[key];
  }
  return out;
}

/** Answers one typed read in the form of the oracle: integers as texts. */
export function answerQuery(root: ObjectValue, path: string, kind: string): Answer {
  if (kind === "hasPath" || kind === "hasPathOrNull") return answer(read.hasPath(root, path, kind === "hasPathOrNull"));
  const found = read.valueAt(root, path);
  if (found.value === undefined) return { error: found.error };
  const value = found.value;
  if (kind === "isNull") return { value: value.kind === "null" };
  if (value.kind === "null") return { error: "Null" };
  if (kind.endsWith("List")) return answerList(value, kind.slice(0, -"List".length));
  return answerOne(value, kind);
}

function answerList(value: ConfigValue, kind: string): Answer {
  const items = read.readList(value);
  if (items.value === undefined) return { error: items.error };
  const out: unknown[] = [];
  for (const item of items.value) {
    const one = answerOne(item, kind === "config" ? "object" : kind);
    if ("error" in one) return { error: item.kind === "null" ? "WrongType" : one.error };
    out.push(one.value);
  }
  return { value: out };
}

function answerOne(value: ConfigValue, kind: string): Answer {
  switch (kind) {
    case "string":
      return answer(read.readString(value));
    case "boolean":
      return answer(read.readBoolean(value));
    case "int":
      return answer(read.readInt(value));
    case "long":
      return answer(read.readLong(value));
    case "double":
      return answer(read.readNumber(value), (number) => javaDouble(Number(number)));
    case "number":
      return answer(read.readNumber(value));
    case "duration":
      return answer(read.readDurationValue(value));
    case "durationMillis":
      return answer(read.readDurationValue(value), (nanos) => (nanos as bigint) / 1_000_000n);
    case "period":
      return answer(read.readPeriodValue(value));
    case "temporal": {
      const duration = read.readDurationValue(value);
      return duration.value === undefined
        ? answer(read.readPeriodValue(value), (iso) => `period:${iso}`)
        : { value: `duration-ns:${duration.value}` };
    }
    case "bytes": {
      const size = read.readSizeValue(value);
      return size.value !== undefined && size.value > 9223372036854775807n ? { error: "BadValue" } : answer(size);
    }
    case "memorySize":
      return answer(read.readSizeValue(value));
    case "object":
      return value.kind === "object" ? { value: toJsonText(value) } : { error: "WrongType" };
    case "list": {
      const items = read.readList(value);
      return items.value === undefined
        ? { error: items.error }
        : { value: `[${items.value.map((item) => toJsonText(item)).join(",")}]` };
    }
    case "type":
      return { value: TYPES[value.kind] };
    default:
      return { error: `unknown read ${kind}` };
  }
}

const TYPES = { array: "LIST", object: "OBJECT", string: "STRING", number: "NUMBER", boolean: "BOOLEAN", null: "NULL" } as const;

function answer<T>(outcome: read.ReadOutcome<T>, show: (value: T) => unknown = (value) => value): Answer {
  if (outcome.error !== undefined) return { error: outcome.error };
  const shown = show(outcome.value as T);
  return { value: typeof shown === "bigint" || typeof shown === "number" ? String(shown) : shown };
}

/** Verdicts of the extra checks that a case asks for: undefined when one holds, else the reason. */
export function judgeExtras(expect: HoconExpectation, got: HoconResult): Readonly<Record<string, string | undefined>> {
  const out: Record<string, string | undefined> = {};
  if (expect.result !== "ok") return out;
  if (expect.origins !== undefined) {
    const wrong = Object.entries(expect.origins).find(([path, origin]) => !originMatches(origin, got.origins?.[path]));
    out["origins"] = wrong && `${wrong[0]}: expected ${wrong[1]}, got ${got.origins?.[wrong[0]]}`;
  }
  if (expect.comments !== undefined) {
    const [a, b] = [expect.comments, got.comments ?? {}].map((texts) => JSON.stringify(Object.entries(texts).sort()));
    out["comments"] = a === b ? undefined : `expected ${a}, got ${b}`;
  }
  if (expect.queries !== undefined) {
    const wrong = expect.queries.findIndex((query, index) => !sameAnswer(query, got.queries?.[index]));
    out["queries"] =
      wrong < 0
        ? undefined
        : `read ${wrong}: expected ${JSON.stringify(expect.queries[wrong])}, got ${JSON.stringify(got.queries?.[wrong])}`;
  }
  return out;
}

const ORIGIN = /^(.*?)(?:: (\d+)(?:-(\d+))?)?$/;

function originMatches(expected: string, got: string | undefined): boolean {
  if (expected === got) return true;
  const [, file, line] = ORIGIN.exec(got ?? "")!;
  const alternatives = expected.startsWith("merge of ") ? expected.slice("merge of ".length).split(",") : [expected];
  return alternatives.some((alternative) => {
    const [, name, first, last] = ORIGIN.exec(alternative)!;
    if (name !== file) return false;
    return first === undefined ? line === undefined : Number(line) >= Number(first) && Number(line) <= Number(last ?? first);
  });
}

function sameAnswer(expected: Answer, got: Answer | undefined): boolean {
  if (got === undefined) return false;
  if ("error" in expected) return "error" in got && expected.error === got.error;
  return "value" in got && sameValue(expected.value, got.value);
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (typeof a !== "string" || typeof b !== "string") return false;
  const number = /^-?(\d|Infinity|NaN)/;
  if (number.test(a) && number.test(b)) return sameNumber(a, b);
  return /^[[{]/.test(a) && compareJson(a, b) === undefined;
}
