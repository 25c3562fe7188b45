// METADATA blocks and comments above rules and packages, as far as the editor shows them.
import { readMetadata } from "#analysis/rego/metadata-yaml.ts";
import type { Module, Range, Rule } from "#grammars/rego/ast.ts";
import { commentBlocks } from "./folding.ts";

export interface Documentation {
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly entrypoint: boolean;
  readonly authors: readonly string[];
  readonly related: readonly { readonly ref: string; readonly description: string | undefined }[];
  readonly organizations: readonly string[];
  readonly custom: Readonly<Record<string, unknown>>;
  /** True for a METADATA block, false for a plain comment. */
  readonly metadata: boolean;
}

/** What stands directly above a node: its METADATA, or the comment. */
export function documentationAbove(module: Module, text: string, node: Range): Documentation | undefined {
  const block = blockAbove(module, text, node);
  return block === undefined ? undefined : readBlock(block);
}

/** The lines of the METADATA directly above a node, without their `#` and without the word. */
export function metadataLinesAbove(module: Module, text: string, node: Range): readonly string[] | undefined {
  const lines = linesOf(blockAbove(module, text, node) ?? "");
  const start = lines.findIndex(isMetadata);
  return start < 0 ? undefined : lines.slice(start + 1);
}

function blockAbove(module: Module, text: string, node: Range): string | undefined {
  const block = commentBlocks(module.comments, text).find(
    ({ end }) => end <= node.start && /^[^\S\n]*\r?\n[^\S\n]*$/u.test(text.slice(end, node.start)),
  );
  return block === undefined ? undefined : text.slice(block.start, block.end);
}

const linesOf = (block: string): string[] => block.split(/\r?\n/u).map((line) => line.replace(/^\s*#/u, ""));
const isMetadata = (line: string): boolean => line.trim() === "METADATA";

/** True for rules that a METADATA block marks as entrypoint; the block of any clause counts for the rule. */
export function isEntrypoint(module: Module, text: string, rule: Rule): boolean {
  return documentationAbove(module, text, rule)?.entrypoint === true;
}

const nothing = { title: undefined, entrypoint: false, authors: [], organizations: [], related: [], custom: {} };

function readBlock(block: string): Documentation {
  const lines = linesOf(block);
  const start = lines.findIndex(isMetadata);
  if (start < 0) return { ...nothing, description: lines.map((line) => line.replace(/^ /u, "")).join("\n"), metadata: false };
  const read = readMetadata(lines.slice(start + 1), 1);
  // A block that is being typed has nothing to show yet.
  if ("error" in read) return { ...nothing, description: undefined, metadata: true };
  const { title, description, entrypoint, authors, organizations, relatedResources, custom } = read.metadata;
  return {
    title: title === "" ? undefined : title,
    description: description === "" ? undefined : description.trimEnd(),
    entrypoint,
    authors: authors.map(({ name, email }) => (email === "" ? name : name === "" ? email : `${name} <${email}>`)),
    organizations,
    related: relatedResources.map((item) => ({ ref: item.ref, description: item.description || undefined })),
    custom,
    metadata: true,
  };
}
