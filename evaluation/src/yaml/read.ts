// YAML text ⇄ values, as OPA converts them: by way of JSON, the first document counts and all must be well-formed.
import { characterFault } from "#grammars/yaml/characters.ts";
import { YamlFault } from "#grammars/yaml/fault.ts";
import { parseYaml } from "#grammars/yaml/parser.ts";
import { writeJsonText } from "../json-text.ts";
import type { Value } from "../value.ts";
import { decodeYaml } from "./decode.ts";
import { emitYaml } from "./emit.ts";

/** The value of the first document, and how many there are; or what is wrong. */
export type YamlRead = { readonly value: Value; readonly documents: number } | { readonly fault: string };

/** Reads in time and memory bounded by the text: nesting and aliases have limits. */
export function readYaml(text: string): YamlRead {
  const fault = characterFault(text);
  if (fault !== undefined) return { fault };
  try {
    const documents = parseYaml(text);
    const [first] = documents;
    return { value: first === undefined ? null : decodeYaml(first), documents: documents.length };
  } catch (error) {
    if (error instanceof YamlFault) return { fault: error.message };
    throw error;
  }
}

/** By way of JSON text that is read as YAML, as OPA does: what YAML refuses or folds there is refused or folded here. */
export function writeYaml(value: Value): { readonly text: string } | { readonly fault: string } {
  const json = writeJsonText(value);
  const fault = characterFault(json);
  if (fault !== undefined) return { fault };
  try {
    return { text: emitYaml(decodeYaml(parseYaml(json)[0]!, "spelled")) };
  } catch (error) {
    if (error instanceof YamlFault) return { fault: error.message };
    throw error;
  }
}
