// Every written path of a HOCON document: keys and substitutions, element by element, through its includes.
import type { Resolved } from "#analysis/hocon/resolve.ts";
import { keyElements, substitutionElements } from "#grammars/hocon/elements.ts";
import type { FieldNode, IncludeNode, ObjectNode, ParsedHocon, SubstitutionNode, ValueNode } from "#grammars/hocon/parse.ts";
import type { Range } from "#grammars/rego/ast.ts";

export interface Occurrence {
  readonly kind: "key" | "substitution";
  readonly file: string;
  /** Of one element. */
  readonly range: Range;
  /** From the root of the document down to this element. */
  readonly path: readonly string[];
  /** The element is the last one of its key or substitution. */
  readonly last: boolean;
  readonly field: FieldNode | undefined;
  readonly substitution: SubstitutionNode | undefined;
  readonly parsed: ParsedHocon;
}

/** Collects the occurrences of a document and of those below and above it in reading order; included files stand where their include does. */
export function occurrencesOf(resolved: Resolved): readonly Occurrence[] {
  const out: Occurrence[] = [];
  const walk = new Walk(resolved, out);
  for (const { parsed } of resolved.documents) if (parsed !== undefined) walk.file(parsed, []);
  return out;
}

class Walk {
  private readonly resolved: Resolved;
  private readonly out: Occurrence[];
  private readonly open: ParsedHocon[] = [];

  constructor(resolved: Resolved, out: Occurrence[]) {
    this.resolved = resolved;
    this.out = out;
  }

  file(parsed: ParsedHocon, prefix: readonly string[]): void {
    if (this.open.includes(parsed)) return;
    this.open.push(parsed);
    if (parsed.tree.body.kind === "object") this.object(parsed, parsed.tree.body, prefix, prefix);
    this.open.pop();
  }

  private object(parsed: ParsedHocon, node: ObjectNode, path: readonly string[], prefix: readonly string[]): void {
    for (const member of node.members) {
      if (member.kind === "include") this.include(parsed, member, path);
      else this.field(parsed, member, path, prefix);
    }
  }

  private include(parsed: ParsedHocon, node: IncludeNode, path: readonly string[]): void {
    const record = this.resolved.includes.find((item) => item.node === node && item.source.parsed === parsed);
    for (const source of record?.found ?? []) if (source.parsed !== undefined) this.file(source.parsed, path);
  }

  private field(parsed: ParsedHocon, field: FieldNode, path: readonly string[], prefix: readonly string[]): void {
    const elements = keyElements(parsed, field.key);
    for (const [index, { start, end }] of elements.entries()) {
      const upTo = [...path, ...elements.slice(0, index + 1).map(({ text }) => text)];
      const last = index === elements.length - 1;
      this.out.push({
        kind: "key",
        file: parsed.file,
        range: { start, end },
        path: upTo,
        last,
        field,
        substitution: undefined,
        parsed,
      });
    }
    if (field.value !== undefined) this.value(parsed, field.value, [...path, ...field.key.path], prefix);
  }

  private value(parsed: ParsedHocon, node: ValueNode, path: readonly string[], prefix: readonly string[]): void {
    switch (node.kind) {
      case "object":
        return this.object(parsed, node, path, prefix);
      case "array":
        for (const [index, item] of node.items.entries()) this.value(parsed, item, [...path, String(index)], prefix);
        return;
      case "concatenation":
        for (const piece of node.pieces) this.value(parsed, piece, path, prefix);
        return;
      case "substitution": {
        const elements = substitutionElements(parsed, node);
        for (const [index, { start, end }] of elements.entries()) {
          const upTo = [...prefix, ...elements.slice(0, index + 1).map(({ text }) => text)];
          const last = index === elements.length - 1;
          const base = { kind: "substitution", file: parsed.file, field: undefined, substitution: node, parsed } as const;
          this.out.push({ ...base, range: { start, end }, path: upTo, last });
        }
        return;
      }
      default:
        return;
    }
  }
}

/** True when two paths are equal. */
export function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((element, index) => element === b[index]);
}
