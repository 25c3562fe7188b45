// The rules that METADATA blocks are told at, as OPA's parser hands them out.

import type { Rule } from "#grammars/rego/ast.ts";
import { isGround } from "#grammars/rego/nodes.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import type { Annotations } from "./annotations.ts";
import type { RuleUnit } from "./rule-units.ts";
import { headParts } from "./tree/refs.ts";

/** What rules of one ref up to its first variable have in common. */
interface Document {
  readonly ofDocument: Annotations[];
  /** Those of rules that stand further below, the first one last. */
  readonly below: Annotations[];
  /** Those above that no rule has taken. */
  readonly open: Annotations[];
}

/**
 * The rules of each block. What describes a document stands at each of its rules. A rule has all blocks above it that were not taken, and
 * takes the last of them.
 */
export function annotatedRules(
  units: readonly RuleUnit[],
  all: readonly Annotations[],
): ReadonlyMap<Annotations, readonly Rule[]> {
  const found = new Map<Annotations, Rule[]>();
  const documents = new Map<string, Document>();
  for (const one of [...all].sort((a, b) => b.range.start - a.range.start)) {
    if (one.target?.kind !== "rule" || (one.scope !== "rule" && one.scope !== "document")) continue;
    const name = documentOf(one.target.unit);
    const document = documents.get(name) ?? { ofDocument: [], below: [], open: [] };
    documents.set(name, document);
    if (one.scope === "document") document.ofDocument.push(one);
    else document.below.push(one);
  }
  for (const unit of units) {
    const document = documents.get(documentOf(unit));
    if (document === undefined) continue;
    const { ofDocument, below, open } = document;
    while ((below.at(-1)?.range.start ?? Number.POSITIVE_INFINITY) < unit.source.start) open.push(below.pop()!);
    for (const one of [...ofDocument, ...open]) found.set(one, [...(found.get(one) ?? []), unit.source]);
    open.pop();
  }
  return found;
}

function documentOf({ source }: RuleUnit): string {
  const parts = headParts(source.head);
  const end = parts.findIndex((part, at) => at > 0 && !isGround(part));
  return printRef(end < 0 ? parts : parts.slice(0, end));
}
