// Refs as OPA prints them in messages about heads.
import type { Term } from "./ast.ts";
import { keywordsOf } from "./keywords.ts";

/** Levels that a message shows. */
const mostLevels = 300;

/** `a.b["c d"][x]`; what lies very deep is left out. */
export function printHeadRef(parts: readonly Term[]): string {
  return printParts(parts, 0);
}

function printParts(parts: readonly Term[], depth: number): string {
  return parts
    .map((part, i) => {
      if (i === 0) return printPart(part, depth);
      return part.kind === "string" && isPlainName(part.value) ? `.${part.value}` : `[${printPart(part, depth)}]`;
    })
    .join("");
}

/** True for names that OPA writes behind a dot: identifiers that are no keywords. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !keywordsOf.v1.has(name);
}

function printPart(term: Term, depth: number): string {
  if (depth > mostLevels) return "…";
  const inner = (one: Term): string => printPart(one, depth + 1);
  switch (term.kind) {
    case "var":
      return term.name.startsWith("$") ? "_" : term.name;
    case "string":
      return JSON.stringify(term.value);
    case "number":
      return term.text;
    case "boolean":
      return String(term.value);
    case "null":
      return "null";
    case "ref":
      return printParts(term.parts, depth + 1);
    case "array":
      return `[${term.items.map(inner).join(", ")}]`;
    case "set":
      return term.items.length === 0 ? "set()" : `{${term.items.map(inner).join(", ")}}`;
    case "object":
      return `{${term.entries.map(({ key, value }) => `${inner(key)}: ${inner(value)}`).join(", ")}}`;
    case "call":
      return `${printParts(term.operator.parts, depth + 1)}(${term.args.map(inner).join(", ")})`;
    default:
      return "…";
  }
}
