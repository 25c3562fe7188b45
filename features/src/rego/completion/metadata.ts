// Completion in comments: the keys and values of METADATA.
import type { CompletionItem } from "../../completion-item.ts";
import { metadataDocs } from "../metadata-docs.ts";

const metadataKeys: Readonly<Record<string, string>> = {
  title: "title: ",
  description: "description: ",
  scope: "scope: ${1|rule,document,package,subpackages|}",
  entrypoint: "entrypoint: ${1|true,false|}",
  related_resources: "related_resources:\n# - ref: ${1:https://}",
  authors: "authors:\n# - ${1:name}",
  organizations: "organizations:\n# - ${1:name}",
  schemas: "schemas:\n# - input: schema.${1:input}",
  custom: "custom:\n#   ${1:key}: ${2:value}",
};

/** Keys of METADATA, in a comment whose block starts with that word; the word itself in an empty comment elsewhere; names of schemas. */
export function metadataItems(text: string, offset: number, line: string, schemas: readonly string[]): readonly CompletionItem[] {
  const typed = /^\s*#\s*-\s*[\w.]+:\s*((?:[\w.]*\.)?)\w*$/u.exec(line)?.[1];
  if (typed !== undefined) {
    const fitting = schemas.filter((name) => name.startsWith(typed));
    return fitting.map((name) => ({ label: name.slice(typed.length), kind: "property", detail: "schema", rank: 0 }));
  }
  const scope = /^\s*#\s*scope:\s*\w*$/u.test(line);
  if (scope)
    return ["rule", "document", "package", "subpackages"].map((label) => ({ label, kind: "constant", detail: "scope", rank: 0 }));
  const flag = /^\s*#\s*entrypoint:\s*\w*$/u.test(line);
  if (flag) return ["true", "false"].map((label) => ({ label, kind: "constant", detail: "entrypoint", rank: 0 }));
  if (!/^\s*#\s*[A-Za-z_]*$/u.test(line)) return [];
  const above = text.slice(0, offset).split("\n").slice(0, -1).reverse();
  const written = new Set<string>();
  for (const other of above) {
    if (!/^\s*#/u.test(other)) break;
    const key = /^\s*#\s*(\w+):/u.exec(other)?.[1];
    if (key !== undefined) written.add(key);
    if (/^\s*#\s*METADATA\s*$/u.test(other)) {
      const free = Object.entries(metadataKeys).filter(([name]) => !written.has(name));
      return free.map(([label, insert]) => ({
        label,
        kind: "property",
        detail: "METADATA key",
        ...(metadataDocs[label] === undefined ? {} : { documentation: metadataDocs[label] }),
        insert,
        snippet: insert.includes("$"),
        rank: 0,
      }));
    }
  }
  if (/^\s*#\s*M?[A-Z]*$/u.test(line))
    return [
      {
        label: "METADATA",
        kind: "snippet",
        detail: "annotation block",
        insert: "METADATA\n# title: ${1:title}\n# description: ${2:description}",
        snippet: true,
        rank: 0,
      },
    ];
  return [];
}
