// Expected decisions: `NAME.expected.json` beside a sample says what each query gives for it.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { rulePath } from "./config.ts";
import { asRecord } from "./json-record.ts";
import { basename } from "./paths.ts";
import type { SourceFile } from "./source-file.ts";

export interface Expectation {
  /** `data.storage.allow`. */
  readonly query: string;
  /** The query's text in the file. */
  readonly range: Range;
  readonly outcome:
    | { readonly kind: "value"; readonly value: unknown }
    | { readonly kind: "undefined" }
    | { readonly kind: "error"; readonly code: string };
  /** Only what the expected value names is compared. */
  readonly only: boolean;
  /** Paths whose values may be anything: `at`, `users.*.id`, `**.at`. */
  readonly ignore: readonly string[];
  readonly profile: string | undefined;
}

export interface Expectations {
  readonly expectations: readonly Expectation[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What an evaluation gave. */
export type Decision =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "undefined" }
  | { readonly kind: "error"; readonly code: string; readonly message: string };

/** What an entry may have beside its outcome, and what that must be. */
const settings: Readonly<Record<string, readonly [is: (value: unknown) => boolean, what: string]>> = {
  only: [(value) => typeof value === "boolean", "true or false"],
  ignore: [(value) => Array.isArray(value) && value.every((item) => typeof item === "string"), "a list of paths"],
  profile: [(value) => typeof value === "string", "the name of a profile"],
};
const outcomes = ["value", "undefined", "error"];
const fieldNames = [...outcomes, ...Object.keys(settings)].map((name) => `\`${name}\``).join(", ");

/** Reads a file of expected decisions from its value (JSON, or resolved HOCON); `profiles` are those that the project has. */
export function readExpectations(file: SourceFile, value: unknown, profiles: readonly string[]): Expectations {
  const diagnostics: Diagnostic[] = [];
  const complain = (query: string, message: string) => {
    diagnostics.push({
      file: file.path,
      range: findKey(file.text, query),
      severity: "error",
      code: "rw_expected_error",
      message,
    });
  };
  const decisions = asRecord(asRecord(value)?.["decisions"]);
  if (decisions === undefined) {
    complain("", `${basename(file.path)} needs an object \`decisions\` that gives each query its expected value`);
    return { expectations: [], diagnostics };
  }
  const expectations: Expectation[] = [];
  for (const [query, entry] of Object.entries(decisions)) {
    const fields = asRecord(entry);
    const given = outcomes.filter((key) => fields !== undefined && Object.hasOwn(fields, key));
    if (fields === undefined || given.length !== 1) {
      complain(query, `\`${query}\` needs exactly one of \`value\`, \`undefined\` and \`error\``);
      continue;
    }
    for (const [name, field] of Object.entries(fields)) {
      if (outcomes.includes(name)) continue;
      const [is, what] = settings[name] ?? [];
      if (is === undefined) complain(name, `\`${name}\` says nothing of an expected decision: ${fieldNames} do`);
      else if (!is(field)) complain(name, `\`${name}\` must be ${what}`);
    }
    const { ignore, profile } = fields;
    if (typeof profile === "string" && !profiles.includes(profile)) complain("profile", unknownProfile(profile, profiles));
    expectations.push({
      query: rulePath(query),
      range: findKey(file.text, query),
      outcome:
        given[0] === "value"
          ? { kind: "value", value: fields["value"] }
          : given[0] === "undefined"
            ? { kind: "undefined" }
            : { kind: "error", code: String(fields["error"]) },
      only: fields["only"] === true,
      ignore: Array.isArray(ignore) ? ignore.filter((item): item is string => typeof item === "string") : [],
      profile: typeof profile === "string" ? profile : undefined,
    });
  }
  return { expectations, diagnostics };
}

/** What is said of a profile that no `rw.conf` has. */
export function unknownProfile(profile: string, profiles: readonly string[]): string {
  return `rw.conf has no profile ${profile}${profiles.length === 0 ? "" : `: it has ${profiles.join(", ")}`}`;
}

/** Undefined when the decision is as expected; one sentence otherwise. */
export function compareDecision(expectation: Expectation, decision: Decision): string | undefined {
  const { outcome } = expectation;
  const wanted =
    outcome.kind === "value"
      ? JSON.stringify(outcome.value)
      : outcome.kind === "undefined"
        ? "undefined"
        : `error ${outcome.code}`;
  const given =
    decision.kind === "value"
      ? JSON.stringify(decision.value)
      : decision.kind === "undefined"
        ? "undefined"
        : `error ${decision.code}: ${decision.message}`;
  if (outcome.kind !== decision.kind) return `expected ${wanted}, got ${given}`;
  if (outcome.kind === "error" && decision.kind === "error")
    return outcome.code === decision.code ? undefined : `expected ${wanted}, got ${given}`;
  if (outcome.kind !== "value" || decision.kind !== "value") return undefined;
  const place = difference(outcome.value, decision.value, [], expectation);
  if (place === undefined) return undefined;
  return place.length === 0
    ? `expected ${wanted}, got ${given}`
    : `expected ${wanted}, got ${given}: they differ at ${place.join(".")}`;
}

/** The path of the first difference. */
function difference(
  expected: unknown,
  actual: unknown,
  path: readonly string[],
  how: Expectation,
): readonly string[] | undefined {
  if (path.length > 0 && how.ignore.some((pattern) => pathMatches(pattern, path))) return undefined;
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) return path;
    for (const [at, item] of expected.entries()) {
      const found = difference(item, actual[at], [...path, String(at)], how);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const left = asRecord(expected);
  const right = asRecord(actual);
  if (left !== undefined && right !== undefined) {
    const keys = how.only ? Object.keys(left) : [...new Set([...Object.keys(left), ...Object.keys(right)])];
    for (const key of keys) {
      const here = [...path, key];
      if (how.ignore.some((pattern) => pathMatches(pattern, here))) continue;
      if (!Object.hasOwn(left, key) || !Object.hasOwn(right, key)) return here;
      const found = difference(left[key], right[key], here, how);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return Object.is(expected, actual) || expected === actual ? undefined : path;
}

/** `*` is one key, `**` any number of them. */
function pathMatches(pattern: string, path: readonly string[]): boolean {
  const match = (parts: readonly string[], rest: readonly string[]): boolean => {
    const [part, ...more] = parts;
    if (part === undefined) return rest.length === 0;
    if (part === "**") return match(more, rest) || (rest.length > 0 && match(parts, rest.slice(1)));
    return rest.length > 0 && (part === "*" || part === rest[0]) && match(more, rest.slice(1));
  };
  return match(pattern.split("."), path);
}

function findKey(text: string, key: string): Range {
  // HOCON and YAML may write it without quotes.
  for (const written of key === "" ? [] : [JSON.stringify(key), key]) {
    const at = text.indexOf(written);
    if (at >= 0) return { start: at, end: at + written.length };
  }
  return { start: 0, end: 0 };
}
