// Refs as OPA prints them in messages about heads.
import type { Term } from "./ast.ts";
import { keywordsOf } from "./keywords.ts";

/** `a.b["c d"][x]` */
export function printHeadRef(parts: readonly Term[]): string {
  return parts
    .map((part, i) => {
      if (i === 0) return printPart(part);
      return part.kind === "string" && isPlainName(part.value) ? `.${part.value}` : `[${printPart(part)}]`;
    })
    .join("");
}

/** True for names that OPA writes behind a dot: identifiers that are no keywords. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !keywordsOf.v1.has(name);
}

function printPart(term: Term): string {
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
      return printHeadRef(term.parts);
    case "array":
      return `[${term.items.map(printPart).join(", ")}]`;
    case "set":
      return term.items.length === 0 ? "set()" : `{${term.items.map(printPart).join(", ")}}`;
    case "object":
      return `{${term.entries.map(({ key, value }) => `${printPart(key)}: ${printPart(value)}`).join(", ")}}`;
    case "call":
      return `${printHeadRef(term.operator.parts)}(${term.args.map(printPart).join(", ")})`;
    default:
      return "…";
  }
}
