// The keys that a sample writes itself, each with its place, and the paths that it uses in other places of itself.
import type { Range } from "#grammars/rego/ast.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { YamlNode } from "#grammars/yaml/parser.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { writtenKeys } from "#workspace/written-keys.ts";
import { yamlKeyRange, yamlRoot } from "#workspace/yaml-keys.ts";

export interface SampleKey {
  /** Items of lists are not counted. */
  readonly path: readonly string[];
  readonly range: Range;
}

/** Every element of every key, in the order of the text. */
export function keysOfSample(file: SourceFile): readonly SampleKey[] {
  return file.kind === "yaml" ? yamlKeys(file.text) : writtenKeys(file);
}

function yamlKeys(text: string): readonly SampleKey[] {
  const lines = new LineIndex(text);
  const found: SampleKey[] = [];
  const walk = (node: YamlNode, above: readonly string[]): void => {
    if (node.kind === "sequence") for (const item of node.items) walk(item, above);
    if (node.kind !== "mapping") return;
    for (const [key, value] of node.entries) {
      if (key.kind !== "scalar") continue;
      const path = [...above, key.value];
      found.push({ path, range: yamlKeyRange(lines, key.line, key.value) });
      walk(value, path);
    }
  };
  const root = yamlRoot(text);
  if (root !== undefined) walk(root, []);
  return found;
}

/** The paths of the substitutions in a HOCON file. */
export function substitutedPaths(file: SourceFile): readonly (readonly string[])[] {
  if (file.kind !== "hocon") return [];
  return [...file.text.matchAll(/\$\{\??([^}\n]+)\}/gu)].map(([, path]) => path!.split(".").map((part) => part.trim()));
}
