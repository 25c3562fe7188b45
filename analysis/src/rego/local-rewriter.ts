// Gives every declared variable of a body a name of its own and turns `:=`, `some` and `every` into plain unification and iteration.
import { exactList } from "#grammars/exact-list.ts";
import type { Body, Call, Every, Expr, Logical, NotBody, Range, Ref, SomeDecl, Term, Var, With } from "#grammars/rego/ast.ts";
import { isRoot } from "#grammars/rego/nodes.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import type { Compilation } from "./compilation.ts";
import { LocalScopes, type Occurrence, type Scope } from "./local-scopes.ts";
import type { Problem } from "./problem.ts";
import { branches, isWildcard, type ModuleUnit, type RuleUnit } from "./rule-units.ts";
import { outputsOfUnification } from "./safety/outputs.ts";
import { copiedRef, sharersOf } from "./shared-heads.ts";
import { declaredIn } from "./stages/01-resolve-refs.ts";
import { COMPREHENSION, holds, TEMPLATE } from "./tree/features.ts";
import { callTerm, exprOf, operatorRef, refTerm, trueTerm, varTerm } from "./tree/make.ts";
import { type Mapper, mapAll, mapTerm } from "./tree/map.ts";
import { isRootDocument, isScalar, rootOf } from "./tree/refs.ts";
import { mapSorted } from "./tree/sorted.ts";
import {
  collectVars,
  isAssignment,
  operatorName,
  patternPlaces,
  safetyPlaces,
  type VarPlaces,
  type VarSink,
  varsOf,
  varsOfAll,
} from "./tree/vars.ts";
import { isComprehension, modifiersOf, type Node, walk, walkHead } from "./tree/walk.ts";
import { type UnusedLocal, type Used, unusedAssigned, unusedDeclared } from "./unused-locals.ts";

/** What is said of a variable that is declared where it is known already, by how it became known. */
const declaredTwice: Readonly<Record<Occurrence, string>> = {
  seen: "var % referenced above",
  assigned: "var % assigned above",
  declared: "var % declared above",
  argument: "arg % redeclared",
};

const openPlaces: VarPlaces = { skipClosures: true };
const noNames: ReadonlySet<string> = new Set();
const none: Used = () => noNames;

export class LocalRewriter {
  errors: Problem[] = [];
  /** Kept apart: these do not end compilation. */
  unused: Problem[] = [];
  /** Unused variables that only strict mode calls an error. */
  hints: Problem[] = [];
  readonly #compilation: Compilation;
  readonly #module: ModuleUnit;
  readonly #scopes: LocalScopes;
  /** True where a head was wrong before: what is unused is not looked for any more, as in OPA. */
  #isFailed = false;
  /** How many of what is around are copies in OPA: what stands in them shares no head any more. */
  #copies = 0;

  constructor(compilation: Compilation, module: ModuleUnit) {
    this.#compilation = compilation;
    this.#module = module;
    this.#scopes = new LocalScopes(compilation.names);
  }

  /** Begins with another body, of which these variables are known: one rewriter serves all rules of a module. */
  begin(scope: Scope): void {
    this.#scopes.begin(scope);
    if (this.errors.length > 0) this.errors = [];
    if (this.unused.length > 0) this.unused = [];
    if (this.hints.length > 0) this.hints = [];
  }

  /** True when something is to be told. */
  get hasFindings(): boolean {
    return this.errors.length > 0 || this.unused.length > 0 || this.hints.length > 0;
  }

  /** True when a variable of the innermost scope has another name from now on. */
  get renamesAny(): boolean {
    for (const [name, local] of this.#scopes.innermost) if (local.name !== name) return true;
    return false;
  }

  innermost(): ReadonlyMap<string, { readonly name: string }> {
    return this.#scopes.innermost;
  }

  timesSeen(name: string): number {
    return this.#scopes.find(name)?.count ?? 0;
  }

  #error(range: Range, message: string, placeless = false): void {
    this.errors.push({ module: this.#module, range, code: "rego_compile_error", message, ...(placeless ? { placeless } : {}) });
  }

  #nameFor(name: string): string | undefined {
    return this.#scopes.find(name)?.name;
  }

  /**
   * Declares the variable in the innermost scope; undefined, with an error, when it is taken there. `placeless`: OPA has no place for what
   * is wrong with a declaration of `every`.
   */
  #declare(name: string, occurrence: Occurrence, at: Range, placeless = false): string | undefined {
    const before = this.#scopes.innermost.get(name)?.occurrence;
    if (before !== undefined) {
      this.#error(at, declaredTwice[before].replace("%", isWildcard(name) ? "_" : name), placeless);
      return undefined;
    }
    const generated = this.#compilation.names.fresh();
    this.#scopes.insert(name, generated, occurrence);
    return generated;
  }

  declareArgument(arg: Term): void {
    switch (arg.kind) {
      case "var":
        if (this.#scopes.find(arg.name) !== undefined) this.#scopes.find(arg.name)!.count++;
        else this.#scopes.insert(arg.name, this.#compilation.names.fresh(), "argument");
        return;
      case "array":
        for (const item of arg.items) this.declareArgument(item);
        return;
      case "ref":
        for (const part of arg.parts) this.declareArgument(part);
        return;
      case "object":
        for (const { value } of arg.entries) this.declareArgument(value);
        return;
      case "call":
        this.#error(arg, "rule arguments cannot contain calls");
        return;
      default:
        return;
    }
  }

  /** A variable with the name of a builtin gets another name, so that later stages do not take it for the builtin. */
  renameShadowedBuiltins(unit: RuleUnit): void {
    const { builtins, names } = this.#compilation;
    const named: string[] = [];
    const sink: VarSink = { has: (name) => !builtins.has(name), set: (name) => named.push(name) };
    for (const expr of unit.body) collectVars(expr, safetyPlaces, sink);
    let taken: Set<string> | undefined;
    for (const name of named.sort()) {
      taken ??= namesTaken(unit);
      if (taken.has(name) || this.#nameFor(name) !== undefined) continue;
      this.#scopes.insert(name, names.fresh(), "seen");
    }
  }

  /** Rewrites comprehensions and template strings of a head, which have scopes of their own. */
  nestedInHead(term: Term): Term {
    if (!holds(term, COMPREHENSION | TEMPLATE)) return term;
    if (isComprehension(term)) return this.#beside().#collect(this, term);
    if (term.kind === "templateString") {
      const rewriter = this.#beside();
      const parts = mapAll(term.parts, (part) => {
        if (part.kind !== "expr") return part;
        rewriter.#scopes.open();
        const rewritten = rewriter.#plain(part);
        rewriter.#scopes.close();
        return rewritten;
      });
      return rewriter.#tell(this, { ...term, parts });
    }
    const mapper: Mapper = { term: (below) => this.nestedInHead(below), body: (body) => body };
    return term.kind === "set" || term.kind === "object" ? mapSorted(term, mapper) : mapTerm(term, mapper);
  }

  /** One with scopes of its own. */
  #beside(): LocalRewriter {
    const rewriter = new LocalRewriter(this.#compilation, this.#module);
    rewriter.#isFailed = this.#isFailed || this.errors.length > 0;
    return rewriter;
  }

  #collect(into: LocalRewriter, term: Term): Term {
    return this.#tell(into, this.#term(term));
  }

  /** Hands on what was found in a term. */
  #tell(into: LocalRewriter, rewritten: Term): Term {
    into.errors.push(...this.errors);
    into.unused.push(...this.unused);
    into.hints.push(...this.hints);
    return rewritten;
  }

  body(body: Body, used: Used = none): Body {
    const statements = body.map((expr) => this.#statement(expr));
    const isWhole = !statements.includes(undefined);
    const rewritten = isWhole ? (statements as Expr[]) : statements.filter((one) => one !== undefined);
    const first = body[0];
    if (rewritten.length === 0 && first !== undefined) rewritten.push(exprOf(trueTerm(first), first));
    this.#findUnused(body, statements, rewritten, used);
    return isWhole ? rewritten : exactList(rewritten);
  }

  #statement(expr: Expr): Expr | undefined {
    if (isAssignment(expr)) return this.#assignment(expr);
    const { body } = expr;
    switch (body.kind) {
      case "some":
        return this.#some(expr, body);
      case "every":
        return this.#copied(() => this.#every(expr, body));
      case "notBody":
        return this.#not(expr, body);
      case "logical":
        return this.#copied(() => this.#logical(expr, body));
      default:
        return this.#plain(expr);
    }
  }

  /** `now` is what became of every expression; of what only declares, nothing. */
  #findUnused(body: Body, now: readonly (Expr | undefined)[], rewritten: Body, used: Used): void {
    const { strict, hinting } = this.#compilation;
    if (this.#isFailed || this.errors.length > 0 || this.unused.length > 0) return;
    if (strict || hinting) this.#tellUnused(unusedAssigned(body, now, this.#scopes, used), strict ? this.unused : this.hints);
    if (this.unused.length === 0) this.#tellUnused(unusedDeclared(body, rewritten, this.#scopes, used), this.unused);
  }

  #tellUnused(unused: readonly UnusedLocal[], into: Problem[]): void {
    for (const one of unused) into.push({ module: this.#module, code: "rego_compile_error", tags: ["unnecessary"], ...one });
  }

  #assignment(expr: Expr): Expr {
    if (expr.negated) {
      this.#error(expr, "cannot assign vars inside negated expression");
      return expr;
    }
    if (expr.body.kind !== "call" || expr.body.args.length !== 2) return expr;
    const before = this.errors.length;
    const call = expr.body;
    const right = this.#term(call.args[1]!);
    const modifiers = mapAll(expr.with, (modifier): With => ({ ...modifier, value: this.#term(modifier.value) }));
    const left = this.#assigned(call.args[0]!);
    const args = [left, right];
    if (this.errors.length > before) return { ...expr, body: { ...call, args }, with: modifiers };
    return {
      ...expr,
      body: { ...call, operator: operatorRef("eq", call.operator), args },
      with: modifiers,
      fromAssignment: true,
    };
  }

  #assigned(pattern: Term): Term {
    if (pattern.kind === "array") return { ...pattern, items: pattern.items.map((item) => this.#assigned(item)) };
    if (pattern.kind === "object")
      return { ...pattern, entries: pattern.entries.map(({ key, value }) => ({ key, value: this.#assigned(value) })) };
    const name = pattern.kind === "var" ? pattern.name : isRootDocument(pattern) ? (pattern.parts[0] as Var).name : undefined;
    if (name === undefined) {
      this.#error(pattern, `cannot assign to ${valueNames[pattern.kind]}`);
      return pattern;
    }
    const generated = this.#declare(name, "assigned", pattern);
    return generated === undefined ? pattern : varTerm(generated, pattern);
  }

  #some(expr: Expr, decl: SomeDecl): Expr | undefined {
    for (const symbol of decl.symbols) {
      if (symbol.kind === "var") {
        if (this.#declare(symbol.name, "declared", decl) === undefined) return undefined;
      } else if (symbol.kind === "call") {
        return this.#someIn(expr, decl, symbol.args);
      }
    }
    return undefined;
  }

  #someIn(expr: Expr, decl: SomeDecl, args: readonly Term[]): Expr | undefined {
    const at = args.length === 3 ? 1 : 0;
    const key = at === 1 ? args[0]! : varTerm(this.#compilation.names.fresh(), decl);
    const value = args[at]!;
    const domain = args[at + 1]!;
    const bound = sortedNames(key, value);
    const inDomain = varsOf(domain, openPlaces);
    const clashing = bound.filter((name) => !isWildcard(name) && inDomain.has(name));
    for (const name of clashing) this.#error(decl, `var ${name} assigned before`);
    if (clashing.length > 0) return undefined;
    const iterated = domain.kind === "ref" ? refTerm([...domain.parts, key], domain) : refTerm([domain, key], domain);
    const statement: Expr = { ...expr, body: callTerm("eq", [value, iterated], decl) };
    // Two variables are what most iterate by: both are bound, unless a body inside of the domain has one of its own of that name.
    const isPlain =
      key.kind === "var" && value.kind === "var" && expr.with.length === 0 && !holds(domain, COMPREHENSION | TEMPLATE);
    const outputs = isPlain ? bound : [...outputsOfUnification(statement, new Set(varsOf(domain).keys()))].sort();
    for (const name of outputs) if (this.#declare(name, "declared", decl) === undefined) return undefined;
    return this.#copied(() => this.#plain(statement));
  }

  /** What is made of a copy: other heads are renamed one by one. */
  #copied<T>(make: () => T): T {
    this.#copies++;
    const made = make();
    this.#copies--;
    return made;
  }

  #every(expr: Expr, every: Every): Expr | undefined {
    const domain = this.#term(every.domain);
    this.#scopes.open();
    try {
      let key: Var | undefined = every.key;
      if (key === undefined) key = varTerm(this.#compilation.names.fresh(), every.value);
      else if (!isWildcard(key.name)) {
        const name = this.#declare(key.name, "declared", every, true);
        if (name === undefined) return undefined;
        key = { ...key, name };
      }
      let value = every.value;
      if (!isWildcard(value.name)) {
        const name = this.#declare(value.name, "declared", every, true);
        if (name === undefined) return undefined;
        value = { ...value, name };
      }
      const body = this.body(every.body);
      return this.#plain({ ...expr, body: { ...every, key, value, domain, body } });
    } finally {
      this.#scopes.close();
    }
  }

  #not(expr: Expr, not: NotBody): Expr {
    if (not.implicit) {
      const before = this.errors.length;
      const body = this.#implicit(not.body, "cannot assign vars inside negated expression");
      if (this.errors.length > before) return expr;
      return this.#plain({ ...expr, body: { ...not, body } });
    }
    return this.#copied(() => {
      this.#scopes.open();
      const body = this.body(not.body);
      const rewritten = this.#plain({ ...expr, body: { ...not, body } });
      this.#scopes.close();
      return rewritten;
    });
  }

  #logical(expr: Expr, logical: Logical): Expr {
    const before = this.errors.length;
    const message = `cannot assign vars inside implicit ${logical.operator} operand`;
    const left = this.#operand(logical.left, logical.implicitLeft ?? false, message);
    const right = this.#operand(logical.right, logical.implicitRight ?? false, message);
    const rewritten: Expr = { ...expr, body: { ...logical, left, right } };
    return this.errors.length > before ? rewritten : this.#plain(rewritten);
  }

  #operand(body: Body, implicit: boolean, message: string): Body {
    if (implicit) return this.#implicit(body, message);
    this.#scopes.open();
    const rewritten = this.body(body);
    this.#scopes.close();
    return rewritten;
  }

  /** An operand without braces may not declare anything. */
  #implicit(body: Body, message: string): Body {
    return mapAll(body, (expr) => {
      if (isAssignment(expr)) {
        this.#error(expr, message);
        return expr;
      }
      if (expr.body.kind === "notBody") return this.#not(expr, expr.body);
      const { body } = expr;
      if (body.kind === "logical") return this.#copied(() => this.#logical(expr, body));
      return expr;
    });
  }

  /** Renames the variables of an expression that declares none. */
  #plain(expr: Expr): Expr {
    const { body } = expr;
    let rewritten: Expr["body"];
    switch (body.kind) {
      case "some":
        rewritten = { ...body, symbols: mapAll(body.symbols, this.#mapper.term) };
        break;
      case "every":
        rewritten = {
          ...body,
          key: body.key === undefined ? undefined : (this.#term(body.key) as Var),
          value: this.#term(body.value) as Var,
          domain: this.#term(body.domain),
          body: this.#mapper.body(body.body),
        };
        break;
      case "notBody":
        rewritten = { ...body, body: this.#mapper.body(body.body) };
        break;
      case "logical":
        rewritten = { ...body, left: this.#mapper.body(body.left), right: this.#mapper.body(body.right) };
        break;
      case "call":
        // The call of an expression is no term of its own: its name is not tested for shadowing here.
        rewritten = this.#renameCall(body);
        break;
      default:
        rewritten = this.#term(body);
    }
    const modifiers = expr.with.length === 0 ? expr.with : mapAll(expr.with, (modifier) => this.#modifier(modifier));
    return rewritten === body && modifiers === expr.with ? expr : { ...expr, body: rewritten, with: modifiers };
  }

  #renameCall(call: Call): Call {
    const operator = this.#term(call.operator);
    const args = mapAll(call.args, this.#mapper.term);
    if (operator === call.operator && args === call.args) return call;
    return { ...call, operator: operator.kind === "ref" ? operator : refTerm([operator], call.operator), args };
  }

  /** The target `input` of a `with` stays the document, also where a local shadows it. */
  #modifier(modifier: With): With {
    let target = this.#term(modifier.target) as With["target"];
    const shadow = this.#nameFor("input");
    if (shadow !== undefined) {
      const head = target.kind === "ref" ? target.parts[0] : target;
      const sharers = target.kind === "ref" && rootOf(target) === "input" ? sharersOf(this.#module, target) : undefined;
      if (sharers !== undefined && this.#module.sharedHeads.get(sharers) === shadow) {
        this.#module.sharedHeads.delete(sharers);
      } else if (head?.kind === "var" && head.name === shadow) {
        const input = varTerm("input", head);
        target = refTerm(target.kind === "ref" ? [input, ...target.parts.slice(1)] : [input], target);
      }
    }
    return { ...modifier, target, value: this.#term(modifier.value) };
  }

  #term(term: Term): Term {
    switch (term.kind) {
      case "null":
      case "boolean":
      case "number":
      case "string":
        return term;
      case "var": {
        const local = this.#scopes.find(term.name);
        if (local === undefined) this.#scopes.insert(term.name, term.name, "seen");
        else local.count++;
        return local === undefined || local.name === term.name ? term : { ...term, name: local.name };
      }
      case "ref": {
        if (!isRootDocument(term)) {
          if (this.#copies > 0) return mapTerm(copiedRef(this.#module, term), this.#mapper);
          const sharers = this.#sharersOf(term);
          return sharers === undefined ? mapTerm(term, this.#mapper) : this.#withSharedHead(term, sharers);
        }
        const { name } = term.parts[0] as Var;
        const occurrence = this.#scopes.find(name)?.occurrence;
        if (occurrence === undefined || occurrence === "seen") return term;
        return varTerm(this.#nameFor(name)!, term);
      }
      case "call": {
        this.#enterCall(term);
        return mapTerm(term, this.#mapper);
      }
      case "arrayComprehension":
      case "setComprehension": {
        this.#scopes.open();
        const body = this.body(term.body, () => varsOf(term.term));
        const head = this.#term(term.term);
        this.#scopes.close();
        return { ...term, term: head, body };
      }
      case "objectComprehension": {
        this.#scopes.open();
        const body = this.body(term.body, () => varsOfAll([term.key, term.value]));
        const key = this.#term(term.key);
        const value = this.#term(term.value);
        this.#scopes.close();
        return { ...term, key, value, body };
      }
      case "set":
        return this.#copied(() => (holds(term, COMPREHENSION) ? mapSorted(term, this.#mapper) : mapTerm(term, this.#mapper)));
      case "object": {
        const key = (one: Term): Term => this.#copied(() => this.#term(one));
        const isPlain = term.entries.every((entry) => isScalar(entry.key)) && !holds(term, COMPREHENSION);
        return isPlain ? mapTerm(term, this.#mapper) : mapSorted(term, { ...this.#mapper, key });
      }
      default:
        return mapTerm(term, this.#mapper);
    }
  }

  /** Those with which a ref has its head in common, where a local hides it or gave it its name before. */
  #sharersOf(ref: Ref): string | undefined {
    const head = ref.parts[0];
    const { sharedHeads, copiedHeads } = this.#module;
    if (head?.kind !== "var" || !isRoot(head) || copiedHeads.has(head.start)) return undefined;
    const hiding = this.#nameFor(head.name);
    const isHidden = hiding !== undefined && hiding !== head.name;
    if (!isHidden && sharedHeads.size === 0) return undefined;
    const sharers = sharersOf(this.#module, ref);
    const isRenamed = sharers !== undefined && sharedHeads.has(sharers);
    return isRenamed || (isHidden && this.#copies === 0) ? sharers : undefined;
  }

  /** The local gives its name to all who share the head, unless another one did. */
  #withSharedHead(ref: Ref, sharers: string): Ref {
    const head = ref.parts[0] as Var;
    const { sharedHeads } = this.#module;
    if (!sharedHeads.has(sharers)) {
      const local = this.#scopes.find(head.name)!;
      sharedHeads.set(sharers, local.name);
      local.count++;
    }
    return { ...ref, parts: [head, ...mapAll(ref.parts.slice(1), this.#mapper.term)] };
  }

  #enterCall(call: Call): void {
    const { operator } = call;
    const head = operator.parts[0];
    // Another local gave the head its name before.
    const sharers = this.#sharersOf(operator);
    if (sharers !== undefined && this.#module.sharedHeads.has(sharers)) return;
    // In what gives a function there may be more names: `count(x).get(1)`.
    const isPlain = operator.parts.every((part, at) => part.kind === (at === 0 ? "var" : "string"));
    walk(isPlain && head !== undefined ? head : operator, (node) => {
      const generated = node.kind === "var" ? this.#nameFor(node.name) : undefined;
      if (generated !== undefined && node.kind === "var" && generated !== node.name)
        this.#error(call, `called function ${printRef(operator.parts)} shadowed`);
      return false;
    });
  }

  readonly #mapper = {
    enter: (call: Call): void => this.#enterCall(call),
    term: (term: Term): Term => this.#term(term),
    body: (body: Body): Body => mapAll(body, (expr) => this.#plain(expr)),
    hole: (expr: Expr): Expr => this.#plain(expr),
  };
}

/** The names that the key and the value of an iteration bind, each once. */
function sortedNames(key: Term, value: Term): readonly string[] {
  if (key.kind !== "var" || value.kind !== "var") return [...varsOfAll([key, value], patternPlaces).keys()].sort();
  if (key.name === value.name) return [key.name];
  return key.name < value.name ? [key.name, value.name] : [value.name, key.name];
}

/** Names that must stay: declared ones, and functions that `with` replaces or puts in place. */
function namesTaken(unit: RuleUnit): Set<string> {
  const taken = declaredIn(unit.body);
  const modifiers: With[] = [];
  const visit = (node: Node): boolean => {
    if (node.kind === "expr") modifiers.push(...node.with);
    return false;
  };
  // As in OPA, the branches behind one count too.
  for (const branch of branches(unit)) {
    modifiers.push(...modifiersOf(branch.body));
    walkHead(branch.head, visit);
  }
  for (const { target, value } of modifiers) {
    for (const term of [target, value]) {
      walk(term, (node) => {
        if (node.kind === "var") taken.add(node.name);
        if (node.kind === "call") taken.delete(operatorName(node.operator.parts));
        return false;
      });
    }
  }
  return taken;
}

/** What OPA calls the kinds of terms. */
const valueNames: Readonly<Record<Term["kind"], string>> = {
  null: "null",
  boolean: "boolean",
  number: "number",
  string: "string",
  var: "var",
  ref: "ref",
  array: "array",
  object: "object",
  set: "set",
  arrayComprehension: "arraycomprehension",
  setComprehension: "setcomprehension",
  objectComprehension: "objectcomprehension",
  call: "call",
  templateString: "templatestring",
};
