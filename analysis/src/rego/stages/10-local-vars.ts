// Gives every declared variable a name of its own and turns `:=`, `some` and `every` into plain unification and iteration.
import type { Body, Term } from "#grammars/rego/ast.ts";
import { isGround } from "#grammars/rego/nodes.ts";
import { type Compilation, fail, note, noteStrict } from "../compilation.ts";
import { LocalRewriter } from "../local-rewriter.ts";
import type { Scope } from "../local-scopes.ts";
import { isWildcard, type ModuleUnit, type RuleUnit } from "../rule-units.ts";
import { copiedInHead, namesShared, renameSharedHeads } from "../shared-heads.ts";
import { BUILTIN_NAME, COMPREHENSION, TEMPLATE } from "../tree/features.ts";
import { type Mapper, mapAll, mapExpr, mapTerm } from "../tree/map.ts";
import { isScalar } from "../tree/refs.ts";
import { lastOfEachKey } from "../tree/repeated-keys.ts";
import { type Vars, varsOf, varsOfAll } from "../tree/vars.ts";

const noNames: Set<string> = new Set();

export function rewriteLocalVars(compilation: Compilation, module: ModuleUnit): void {
  const rewriter = new LocalRewriter(compilation, module);
  for (const unit of module.rules) if (!unit.settled) rewriteRule(compilation, unit, rewriter);
  renameSharedHeads(module);
}

function rewriteRule(compilation: Compilation, unit: RuleUnit, rewriter: LocalRewriter): void {
  const { args = [] } = unit.head;
  const unusedArgs = compilation.strict || compilation.hinting ? new Set(varsOfAll(args).keys()) : noNames;
  let argumentScope: Scope | undefined;
  if (args.length > 0) {
    argumentScope = new Map();
    rewriter.begin(argumentScope);
    for (const arg of args) rewriter.declareArgument(arg);
    report(compilation, rewriter);
  }
  for (let branch: RuleUnit | undefined = unit; branch !== undefined; branch = branch.else) {
    const scope: Scope = new Map();
    if (argumentScope !== undefined) for (const [name, local] of argumentScope) scope.set(name, { ...local });
    rewriter.begin(scope);
    rewriteBranch(compilation, branch, rewriter, unusedArgs);
    report(compilation, rewriter);
    if (unusedArgs.size > 0) for (const arg of unusedArgs) if (rewriter.timesSeen(arg) > 1) unusedArgs.delete(arg);
  }
  if (unusedArgs.size === 0) return;
  for (const name of unusedArgs) {
    if (isWildcard(name)) continue;
    noteStrict(compilation, {
      module: unit.module,
      // A further body of v0 has the head of the rule before it, but stands at its own brace.
      range: unit.source.start > unit.source.head.start ? unit.source : unit.source.head,
      code: "rego_compile_error",
      message: `unused argument ${name}. (hint: use _ (wildcard variable) instead)`,
      tags: ["unnecessary"],
    });
  }
}

function report(compilation: Compilation, rewriter: LocalRewriter): void {
  if (!rewriter.hasFindings) return;
  for (const problem of rewriter.errors) fail(compilation, problem);
  for (const problem of rewriter.unused) note(compilation, problem);
  for (const problem of rewriter.hints) noteStrict(compilation, problem);
}

function rewriteBranch(compilation: Compilation, unit: RuleUnit, rewriter: LocalRewriter, unusedArgs: Set<string>): void {
  const { head } = unit;
  const parts = head.reference.kind === "ref" ? head.reference.parts : [];
  let { args, key, value } = head;
  const onlyScalars =
    (value === undefined || isScalar(value)) &&
    (key === undefined || isScalar(key)) &&
    (args === undefined || args.every(isScalar)) &&
    parts.every((part, i) => i === 0 || isScalar(part));
  if (!onlyScalars) {
    if (unit.uses.size > 0) {
      key = key === undefined ? undefined : copiedInHead(unit.module, key);
      value = value === undefined ? undefined : copiedInHead(unit.module, value);
    }
    if ((unit.written & (COMPREHENSION | TEMPLATE)) !== 0) {
      const nested = new LocalRewriter(compilation, unit.module);
      args = args?.map((arg) => nested.nestedInHead(arg));
      key = key === undefined ? undefined : nested.nestedInHead(key);
      value = value === undefined ? undefined : nested.nestedInHead(value);
      report(compilation, nested);
    }
    if (value !== undefined && unusedArgs.size > 0) for (const name of varsOf(value).keys()) unusedArgs.delete(name);
  }
  if ((unit.written & BUILTIN_NAME) !== 0) rewriter.renameShadowedBuiltins(unit);
  const used = (): Vars =>
    varsOfAll([...parts.slice(1), ...(key === undefined ? [] : [key]), ...(value === undefined ? [] : [value])]);
  unit.body = onlyScalars ? rewriter.body(unit.body) : rewriter.body(unit.body, used);
  if (onlyScalars || (args === undefined && !rewriter.renamesAny)) {
    if (key !== head.key || value !== head.value) unit.head = { ...head, key, value };
    return;
  }
  const declared = rewriter.innermost();
  const own = renamerOf(unit.module, declared, true);
  unit.head = {
    ...head,
    reference:
      head.reference.kind === "ref"
        ? { ...head.reference, parts: parts.map((part, i) => (i === 0 ? part : own.term(part))) }
        : head.reference,
    args: args?.map(renamerOf(unit.module, declared, false).term),
    key: key === undefined ? undefined : own.term(key),
    value: value === undefined ? undefined : own.term(value),
  };
}

/**
 * Gives variables the names that a body declared. Names of rules and imports, of which no argument is one, share their heads, but in sets
 * and objects with variables, of which OPA has made copies.
 */
function renamerOf(module: ModuleUnit, declared: ReadonlyMap<string, { readonly name: string }>, shares: boolean): Mapper {
  const rename = (term: Term): Term => {
    if (term.kind === "var") {
      const name = declared.get(term.name)?.name ?? term.name;
      return name === term.name ? term : { ...term, name };
    }
    if (shares && term.kind === "ref" && namesShared(module, term, declared))
      return { ...term, parts: term.parts.map((part, at) => (at === 0 ? part : rename(part))) };
    const isCopy = shares && (term.kind === "set" || term.kind === "object") && !isGround(term);
    return lastOfEachKey(mapTerm(term, isCopy ? renamerOf(module, declared, false) : mapper));
  };
  const mapper: Mapper = { term: rename, body: (body: Body): Body => mapAll(body, (expr) => mapExpr(expr, mapper)) };
  return mapper;
}

/** Rewrites the locals of a query. */
export function rewriteQueryLocals(compilation: Compilation, module: ModuleUnit, body: Body): Body {
  const rewriter = new LocalRewriter(compilation, module);
  const rewritten = rewriter.body(body);
  report(compilation, rewriter);
  return rewritten;
}
