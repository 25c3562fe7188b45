// Refs that are written as the name of a rule or an import have their head in common in OPA: a local `data` or `input` that gives one of them its name gives it to all.
import type { Body, Ref, Term, Var } from "#grammars/rego/ast.ts";
import { isGround, isRoot } from "#grammars/rego/nodes.ts";
import type { Compilation } from "./compilation.ts";
import { branches, type ModuleUnit, type RuleUnit, rulesOf } from "./rule-units.ts";
import { declaredBy, importName, importsDocument } from "./stages/01-resolve-refs.ts";
import { varTerm } from "./tree/make.ts";
import { type Mapper, mapAll, mapExpr, mapTerm } from "./tree/map.ts";
import { rootOf } from "./tree/refs.ts";
import { varsOfAll } from "./tree/vars.ts";
import { type Node, walkBody, walkHead } from "./tree/walk.ts";

/** What all names of rules have in common: the head of the package. */
const OF_RULES = "";

/** Who shares the head of a ref: those that are written as the same import, or as a rule; undefined where `data` or `input` is written. */
export function sharersOf(
  { text, imports }: Pick<ModuleUnit, "text" | "imports">,
  { parts: [head, next] }: Ref,
): string | undefined {
  if (head === undefined) return undefined;
  const written = text.slice(head.start, head.end);
  if (imports.some((item) => importsDocument(item) && importName(item) === written)) return written;
  // The whole path of a rule lies where its name is written.
  return next?.start === head.start ? OF_RULES : undefined;
}

/** True when all who share the head of a ref have the name that a local gives it, or gave it before. */
export function namesShared(
  { text, imports, sharedHeads }: Pick<ModuleUnit, "text" | "imports" | "sharedHeads">,
  ref: Ref,
  names: ReadonlyMap<string, { readonly name: string }>,
): boolean {
  const name = rootOf(ref);
  const local = name === undefined ? undefined : names.get(name)?.name;
  if (local === undefined || local === name) return false;
  const sharers = sharersOf({ text, imports }, ref);
  if (sharers === undefined) return false;
  if (!sharedHeads.has(sharers)) sharedHeads.set(sharers, local);
  return true;
}

/** A ref in what OPA makes a copy of: it takes along the name that its head has so far, and shares it with nobody from then on. */
export function copiedRef(module: ModuleUnit, ref: Ref): Ref {
  const [head, ...path] = ref.parts;
  const { copiedHeads, sharedHeads } = module;
  if (head?.kind !== "var" || !isRoot(head) || copiedHeads.has(head.start)) return ref;
  copiedHeads.add(head.start);
  const sharers = sharedHeads.size === 0 ? undefined : sharersOf(module, ref);
  const name = sharers === undefined ? undefined : sharedHeads.get(sharers);
  return name === undefined ? ref : { ...ref, parts: [varTerm(name, head), ...path] };
}

/** A term of a head: of sets and objects with variables OPA makes copies. */
export function copiedInHead(module: ModuleUnit, term: Term): Term {
  const copies = copiesOf(module);
  const mapper: Mapper = {
    term: (inner) =>
      (inner.kind === "set" || inner.kind === "object") && !isGround(inner) ? copies.term(inner) : mapTerm(inner, mapper),
    body: (body) => body,
  };
  return mapper.term(term);
}

/** Everything as it is in a copy. */
function copiesOf(module: ModuleUnit): Mapper {
  const mapper: Mapper = {
    term: (term) => mapTerm(term.kind === "ref" ? copiedRef(module, term) : term, mapper),
    body: (body: Body): Body => mapAll(body, (expr) => mapExpr(expr, mapper)),
  };
  return mapper;
}

/** All who share a head get the name that a local gave it. */
export function renameSharedHeads(module: ModuleUnit): void {
  const { sharedHeads } = module;
  if (sharedHeads.size === 0) return;
  renameHeads(module, (head, sharers) => (rootOf(head) === undefined ? undefined : sharedHeads.get(sharers)));
}

/** The head of the package gets its own name again: in OPA by the check of conflicts, which puts written names into the paths of rules. */
export function restoreHeadOfRules(_: Compilation, module: ModuleUnit): void {
  const name = module.sharedHeads.get(OF_RULES);
  if (name === undefined) return;
  renameHeads(module, (head, sharers) => (head.name === name && sharers === OF_RULES ? "data" : undefined));
}

function renameHeads(module: ModuleUnit, nameFor: (head: Var, sharers: string) => string | undefined): void {
  const mapper: Mapper = {
    term: (term) => {
      const mapped = mapTerm(term, mapper);
      const head = mapped.kind === "ref" ? mapped.parts[0] : undefined;
      if (mapped.kind !== "ref" || head?.kind !== "var" || module.copiedHeads.has(head.start)) return mapped;
      const sharers = sharersOf(module, mapped);
      const name = sharers === undefined ? undefined : nameFor(head, sharers);
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

/** True when a body or an argument of the rule declares a variable with the name of a root document. */
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
    for (const name of varsOfAll(source.head.args ?? []).keys()) declared.add(name);
  }
  return declared.has("data") || declared.has("input");
}
