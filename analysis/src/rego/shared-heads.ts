// Refs that are written as the name of a rule or an import have their head in common in OPA: a local `data` or `input` that gives one of them its name gives it to all.
import type { Body, Ref, Term } from "#grammars/rego/ast.ts";
import { branches, type ModuleUnit, type RuleUnit, rulesOf } from "./rule-units.ts";
import { declaredBy, importName, importsDocument } from "./stages/01-resolve-refs.ts";
import { varTerm } from "./tree/make.ts";
import { type Mapper, mapAll, mapExpr, mapTerm } from "./tree/map.ts";
import { rootOf } from "./tree/refs.ts";
import { type Node, walkBody, walkHead } from "./tree/walk.ts";

/** What all names of rules have in common: the head of the package. */
export const OF_RULES = "";

/** Who shares the head of a ref: those that are written as the same import, or as a rule; undefined where `data` or `input` is written. */
export function sharersOf({ text, imports }: ModuleUnit, { parts: [head, next] }: Ref): string | undefined {
  if (head === undefined) return undefined;
  const written = text.slice(head.start, head.end);
  if (imports.some((item) => importsDocument(item) && importName(item) === written)) return written;
  // The whole path of a rule lies where its name is written.
  return next?.start === head.start ? OF_RULES : undefined;
}

/** True for a ref whose head is that of the package, when a local gave its name to that: until the check of conflicts OPA does not find the rule. */
export function isLost(module: ModuleUnit, term: Term): boolean {
  if (!module.sharedHeads.has(OF_RULES) || term.kind !== "ref") return false;
  const head = term.parts[0];
  return head?.kind === "var" && head.name === "data" && sharersOf(module, term) === OF_RULES;
}

/** The heads of imports get the names that locals gave them; that of the package gets its own again, in OPA by its check of conflicts. */
export function renameSharedHeads(module: ModuleUnit): void {
  const { sharedHeads } = module;
  if (sharedHeads.size === 0 || (sharedHeads.size === 1 && sharedHeads.has(OF_RULES))) return;
  const mapper: Mapper = {
    term: (term) => {
      const mapped = mapTerm(term, mapper);
      const head = mapped.kind === "ref" ? mapped.parts[0] : undefined;
      if (mapped.kind !== "ref" || head?.kind !== "var" || rootOf(head) === undefined) return mapped;
      const sharers = sharersOf(module, mapped);
      const name = sharers === undefined || sharers === OF_RULES ? undefined : sharedHeads.get(sharers);
      return name === undefined ? mapped : { ...mapped, parts: [varTerm(name, head), ...mapped.parts.slice(1)] };
    },
    body: (body: Body): Body => mapAll(body, (expr) => mapExpr(expr, mapper)),
  };
  for (const unit of rulesOf(module)) {
    const { head } = unit;
    unit.body = mapper.body(unit.body);
    unit.head = {
      ...head,
      key: head.key === undefined ? undefined : mapper.term(head.key),
      value: head.value === undefined ? undefined : mapper.term(head.value),
    };
  }
}

/** True when a body of the rule declares a variable with the name of a root document. */
export function declaresRoot(unit: RuleUnit): boolean {
  const declared = new Set<string>();
  const visit = (node: Node): boolean => {
    if (node.kind === "expr") declaredBy(node, declared);
    else if (node.kind === "every") for (const { name } of [node.key ?? node.value, node.value]) declared.add(name);
    return false;
  };
  for (const { source } of branches(unit)) {
    walkBody(source.body ?? [], visit);
    walkHead(source.head, visit);
  }
  return declared.has("data") || declared.has("input");
}
