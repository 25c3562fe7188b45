// A complaint at the `in` of `some` or `every` that is about the collection behind it: the parser takes a broken one back, and then stumbles over the word.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { endOf } from "./fault.ts";

/** Tokens between `some` and `in`. */
const mostNames = 8;

/** The complaint about the collection, read by itself; undefined where that is sound, or the complaint is about something else. */
export function complaintBehindIn(
  { text, tokens }: ParsedModule,
  error: Diagnostic,
  trial: (text: string) => ParsedModule | undefined,
): Diagnostic | undefined {
  const at = tokens.findIndex(({ startOffset }) => startOffset === error.range.start);
  const word = tokens[at];
  if (word?.image !== "in") return undefined;
  const declaration = tokens
    .slice(Math.max(0, at - mostNames), at)
    .findLast(({ image }) => image === "some" || image === "every");
  if (declaration === undefined) return undefined;
  const end = endOf(word);
  const assigned = "x :=".padEnd(end - declaration.startOffset);
  const read = trial(text.slice(0, declaration.startOffset) + assigned + text.slice(end));
  return read?.diagnostics.reduce<Diagnostic | undefined>((first, one) => {
    if (one.range.start < end) return first;
    return first === undefined || one.range.start < first.range.start ? one : first;
  }, undefined);
}
