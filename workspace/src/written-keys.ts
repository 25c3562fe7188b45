// The keys that a HOCON text writes, each with its place: what is said of a value of `rw.conf` is said where it stands.
import { keyElements } from "#grammars/hocon/elements.ts";
import type { FieldNode, ObjectNode, ValueNode } from "#grammars/hocon/tree.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { parsedHocon } from "./hocon.ts";
import type { SourceFile } from "./source-file.ts";

export interface WrittenKey {
  /** From the root of the document down to this element; items of a list are not counted. */
  readonly path: readonly string[];
  /** Of this element alone. */
  readonly range: Range;
  /** The field, at the last element of its key. */
  readonly field: FieldNode | undefined;
}

/** Every element of every key of the text itself, in the order of the lines; of values only what objects and lists hold. */
export function writtenKeys(file: SourceFile): readonly WrittenKey[] {
  const parsed = parsedHocon(file);
  const found: WrittenKey[] = [];
  const walk = (value: ValueNode | ObjectNode | undefined, above: readonly string[]): void => {
    if (value?.kind === "array") for (const item of value.items) walk(item, above);
    if (value?.kind !== "object") return;
    for (const member of value.members) {
      if (member.kind !== "field") continue;
      const elements = keyElements(parsed, member.key);
      let path = above;
      for (const [at, { text, start, end }] of elements.entries()) {
        path = [...path, text];
        found.push({ path, range: { start, end }, field: at === elements.length - 1 ? member : undefined });
      }
      walk(member.value, path);
    }
  };
  walk(parsed.tree.body, []);
  return found;
}
