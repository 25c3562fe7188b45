// A tree that tells why, as lines: ✓ held, ✗ did not, ○ was not reached.
import type { WhyMark, WhyNode } from "./why-tree.ts";

const marks: Record<WhyMark, string> = { held: "✓", failed: "✗", unreached: "○" };

export function whyLines(nodes: readonly WhyNode[], indent = ""): readonly string[] {
  return nodes.flatMap((node) => {
    const [first = "", ...rest] = wordsOf(node).split("\n");
    const mark = node.mark === undefined ? "" : `${marks[node.mark]} `;
    const own = [`${indent}${mark}${first}`, ...rest.map((line) => `${indent}  ${line.trimStart()}`)];
    const detail = node.kind === "rule" || node.kind === "again" || node.detail === "" ? "" : ` — ${node.detail}`;
    return [...own.with(-1, own.at(-1)! + detail), ...whyLines(node.children, `${indent}  `)];
  });
}

function wordsOf({ kind, label, detail }: WhyNode): string {
  switch (kind) {
    case "rule":
    case "again":
      return `${label}${detail === "" ? "" : ` = ${detail}`}${kind === "again" ? " …" : ""}`;
    case "default":
      return `${label} default`;
    case "else":
      return "else";
    case "key":
      return `gives ${label}`;
    case "nearest":
      return `nearest: ${label}`;
    case "clause":
    case "expression":
      return label;
  }
}
