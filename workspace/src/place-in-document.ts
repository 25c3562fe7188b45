// Where a value of a HOCON or JSON document is written, by its path.
import { keyElements } from "#grammars/hocon/elements.ts";
import type { ParsedHocon, ValueNode } from "#grammars/hocon/tree.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { parsedHocon } from "./hocon.ts";
import type { SourceFile } from "./source-file.ts";

/** A key, or the position in a list. */
export type Step = string | number;

/** The key of the value, else of the innermost one around it that the text has; items of lists as a whole. */
export function placeInDocument(file: SourceFile, path: readonly Step[]): Range {
  if (file.kind !== "hocon" && file.kind !== "json") return { start: 0, end: 0 };
  const parsed = parsedHocon(file);
  const { body } = parsed.tree;
  return innermost(parsed, body, path) ?? { start: body.start, end: Math.min(body.start + 1, body.end) };
}

function innermost(parsed: ParsedHocon, value: ValueNode | undefined, [step, ...rest]: readonly Step[]): Range | undefined {
  if (step === undefined) return undefined;
  if (typeof step === "number") {
    const item = value?.kind === "array" ? value.items[step] : undefined;
    return item === undefined ? undefined : (innermost(parsed, item, rest) ?? firstLine(parsed.text, item));
  }
  if (value?.kind !== "object") return undefined;
  for (const member of [...value.members].reverse()) {
    if (member.kind !== "field") continue;
    const elements = keyElements(parsed, member.key);
    const names = [step, ...rest].slice(0, elements.length);
    if (!elements.every(({ text }, at) => text === names[at])) continue;
    const { start, end } = elements.at(-1)!;
    return innermost(parsed, member.value, rest.slice(elements.length - 1)) ?? { start, end };
  }
  return undefined;
}

/** A long value is told at its first line. */
function firstLine(text: string, { start, end }: Range): Range {
  const line = text.indexOf("\n", start);
  return { start, end: line < 0 ? end : Math.min(end, line) };
}
