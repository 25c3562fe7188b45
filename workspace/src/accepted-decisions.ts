// Decisions that are accepted as the expected ones: the text that a file of expected decisions gets.
import { rulePath } from "./config.ts";
import type { Decision } from "./expected.ts";
import { asRecord } from "./json-record.ts";
import type { SourceFile } from "./source-file.ts";

export interface AcceptedDecision {
  /** `data.storage.allow`. */
  readonly query: string;
  readonly decision: Decision;
  /** Where the decision is expected of a profile, and not of the one that counts elsewhere. */
  readonly profile?: string;
}

/** The file of expected decisions beside a sample, there or not. */
export function expectationPath({ path }: SourceFile): string {
  return `${path.replace(/\.\w+$/u, "")}.expected.json`;
}

/** Other entries and fields of the old text stay. What is no JSON is left to its author: writing it anew would take out what else it says. */
export function acceptedText(
  before: string | undefined,
  accepted: readonly AcceptedDecision[],
): { readonly text: string } | { readonly problem: string } {
  const content = contentOf(before);
  if (content === undefined) return { problem: "it is no JSON: write the decisions there by hand" };
  const decisions: Record<string, unknown> = { ...asRecord(content["decisions"]) };
  for (const { query, decision, profile } of accepted) {
    // The author may have written `storage/allow`.
    const key = Object.keys(decisions).find((written) => rulePath(written) === query) ?? query;
    const old = asRecord(decisions[key]) ?? {};
    const { value: _value, undefined: _undefined, error: _error, ...rest } = old;
    decisions[key] = { ...outcomeOf(decision, old), ...(profile === undefined ? {} : { profile }), ...rest };
  }
  return { text: `${JSON.stringify({ $schema: "rw://expected-1", ...content, decisions }, null, 2)}\n` };
}

function contentOf(before: string | undefined): Record<string, unknown> | undefined {
  try {
    return asRecord(JSON.parse(before ?? "{}"));
  } catch {
    return undefined;
  }
}

function outcomeOf(decision: Decision, old: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  switch (decision.kind) {
    case "value":
      return { value: old["only"] === true ? named(old["value"], decision.value) : decision.value };
    case "undefined":
      return { undefined: true };
    case "error":
      return { error: decision.code };
  }
}

/** Of a value what another one names: an entry with `only` goes on saying nothing of the rest. */
function named(old: unknown, value: unknown): unknown {
  const [before, now] = [asRecord(old), asRecord(value)];
  if (before !== undefined && now !== undefined)
    return Object.fromEntries(
      Object.entries(now).flatMap(([key, inner]) => (Object.hasOwn(before, key) ? [[key, named(before[key], inner)]] : [])),
    );
  if (Array.isArray(old) && Array.isArray(value))
    return value.map((inner, at) => (at < old.length ? named(old[at], inner) : inner));
  return value;
}
