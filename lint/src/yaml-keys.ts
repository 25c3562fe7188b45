// The keys at the top of a YAML text.
import { characterFault } from "#grammars/yaml/characters.ts";
import { YamlFault } from "#grammars/yaml/fault.ts";
import { parseFirst } from "#grammars/yaml/parser.ts";
import { readTyped } from "#grammars/yaml/typed.ts";

/** Empty for a text that is no mapping, or no YAML at all. */
export function yamlKeys(text: string): readonly string[] {
  if (characterFault(text) !== undefined) return [];
  try {
    const node = parseFirst(`${text}\n`);
    if (node?.kind !== "mapping") return [];
    const { value, misfits } = readTyped(node, { kind: "map" });
    return misfits.length > 0 || value === null || value === undefined ? [] : Object.keys(value);
  } catch (error) {
    if (error instanceof YamlFault) return [];
    throw error;
  }
}
