// Completion of the value that a path is compared with: what its schema allows, and what the samples hold there.
import type { Project } from "#workspace/project.ts";
import type { CompletionItem } from "../../completion-item.ts";
import { inputScalars } from "../../input-shape.ts";
import { valuesAt } from "../../json-schema.ts";
import { below, type DeclaredSchema } from "../declared-schemas.ts";

const reference = String.raw`((?:[A-Za-z_]\w*)(?:\.[A-Za-z_]\w*|\["[^"\]]*"\]|\[[\w$]*\])*)`;
const compared = new RegExp(String.raw`${reference}\s*(?:==|!=)\s*$`, "u");
const among = new RegExp(String.raw`${reference}\s+in\s*[[{](?:\s*[^\s,\]}]+\s*,)*\s*$`, "u");

/** The reference whose value is compared with what follows the text of a line; undefined when there is none. */
export function comparedReference(line: string): string | undefined {
  return (compared.exec(line) ?? among.exec(line))?.[1];
}

/** The values that may stand at a path, as JSON; those that the schema allows first. */
export function valueItems(
  project: Project,
  schemas: readonly DeclaredSchema[],
  path: readonly string[],
): readonly CompletionItem[] {
  const items = new Map<string, CompletionItem>();
  for (const declared of schemas) {
    const rest = below(declared, path);
    for (const value of rest === undefined ? [] : valuesAt(declared.schema, rest)) {
      const label = JSON.stringify(value);
      items.set(label, { label, kind: "constant", detail: "by the schema", rank: 0 });
    }
  }
  for (const { text, count } of path[0] === "input" ? inputScalars(project, path.slice(1)) : []) {
    const detail = `in ${count} of ${project.inputs.samples.length} samples`;
    if (!items.has(text)) items.set(text, { label: text, kind: "constant", detail, rank: 0 });
  }
  return [...items.values()];
}
