// METADATA blocks and comments above rules and packages, as far as the editor shows them.
import type { Module, Range, Rule } from "#grammars/rego/ast.ts";
import { commentBlocks } from "./folding.ts";

export interface Documentation {
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly entrypoint: boolean;
  readonly authors: readonly string[];
  readonly related: readonly { readonly ref: string; readonly description: string | undefined }[];
  readonly scope: string | undefined;
  /** True for a METADATA block, false for a plain comment. */
  readonly metadata: boolean;
}

/** What stands directly above a node: its METADATA, or the comment. */
export function documentationAbove(module: Module, text: string, node: Range): Documentation | undefined {
  for (const block of commentBlocks(module.comments, text)) {
    if (block.end > node.start) continue;
    if (!/^[^\S\n]*\r?\n[^\S\n]*$/u.test(text.slice(block.end, node.start))) continue;
    return readBlock(text.slice(block.start, block.end));
  }
  return undefined;
}

/** True for rules that a METADATA block marks as entrypoint; the block of any clause counts for the rule. */
export function isEntrypoint(module: Module, text: string, rule: Rule): boolean {
  return documentationAbove(module, text, rule)?.entrypoint === true;
}

function readBlock(block: string): Documentation {
  const lines = block.split(/\r?\n/u).map((line) => line.replace(/^\s*#/u, ""));
  const start = lines.findIndex((line) => line.trim() === "METADATA");
  if (start < 0) {
    const description = lines.map((line) => line.replace(/^ /u, "")).join("\n");
    return { title: undefined, description, entrypoint: false, authors: [], related: [], scope: undefined, metadata: false };
  }
  const fields = readFields(lines.slice(start + 1));
  const list = (key: string) =>
    (fields.get(key) ?? []).filter((line) => /^\s*-/u.test(line)).map((line) => unquote(line.replace(/^\s*-\s*/u, "")));
  const one = (key: string) => {
    const text = (fields.get(key) ?? [])
      .map((line) => line.trim())
      .filter((line) => line !== "" && !/^[>|][+-]?$/u.test(line))
      .join(" ");
    return text === "" ? undefined : unquote(text);
  };
  return {
    title: one("title"),
    description: one("description"),
    entrypoint: one("entrypoint") === "true",
    authors: list("authors").map((author) => author.replace(/^name:\s*/u, "")),
    related: list("related_resources").map((item) => ({ ref: item.replace(/^ref:\s*/u, ""), description: undefined })),
    scope: one("scope"),
    metadata: true,
  };
}

/** Top-level keys of the block with the lines that belong to them. */
function readFields(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, string[]>();
  const first = lines.find((line) => line.trim() !== "") ?? "";
  const indent = /^\s*/u.exec(first)![0].length;
  let current: string[] | undefined;
  for (const line of lines) {
    const match = /^(\s*)([A-Za-z_]+):(?:\s+(.*))?$/u.exec(line);
    if (match !== null && match[1]!.length <= indent) {
      current = match[3] === undefined ? [] : [match[3]];
      fields.set(match[2]!, current);
    } else current?.push(line);
  }
  return fields;
}

function unquote(text: string): string {
  return /^(["']).*\1$/u.test(text) ? text.slice(1, -1) : text;
}
