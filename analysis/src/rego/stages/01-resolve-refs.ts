// Gives every ref its full path: names of the package's rules and of imports become `data.…` or `input.…`.
import type { Body, Expr, Import, Range, Ref, Term } from "#grammars/rego/ast.ts";
import { withoutRepeats } from "#grammars/rego/term-key.ts";
import { type Compilation, fail } from "../compilation.ts";
import { branches, type ModuleUnit, RuleUnit, rulesOf } from "../rule-units.ts";
import { BUILTIN_NAME, CLOSURE, featuresOfAll, holds, ownFeatures, TEMPLATE } from "../tree/features.ts";
import { refTerm, stringTerm, varTerm } from "../tree/make.ts";
import { mapAll, mapExpr, mapTerm } from "../tree/map.ts";
import { headName, rootOf } from "../tree/refs.ts";
import { lastOfEachDocument } from "../tree/repeated-keys.ts";
import { mapSorted } from "../tree/sorted.ts";
import { collectVars, isNamed, type VarPlaces, type Vars, varsOf } from "../tree/vars.ts";
import { forEachChild, isComprehension, type Node, walk } from "../tree/walk.ts";

/** The paths that names mean in a module. */
export type Globals = Map<string, readonly Term[]>;

const reserved = new Set(["future", "rego"]);

/** The name an import gives: its alias, or the last part of its path. */
export function importName(item: Import): string {
  if (item.alias !== undefined) return item.alias.name;
  if (item.path.kind === "var") return item.path.name;
  const last = item.path.parts.at(-1);
  return last?.kind === "string" ? last.value : last?.kind === "var" ? last.name : "";
}

/** True for imports that name a document, false for `future.…` and `rego.…`. */
export function importsDocument(item: Import): boolean {
  const root = item.path.kind === "var" ? item.path : item.path.parts[0];
  return root?.kind === "var" && !reserved.has(root.name);
}

/** Names that rules of the package and imports define; imports win. */
export function globalsOf(path: readonly Term[], ruleNames: Iterable<string>, imports: readonly Import[]): Globals {
  const globals: Globals = new Map();
  const nowhere = { start: 0, end: 0 };
  const root: readonly Term[] = [varTerm("data", nowhere)];
  const home = root.concat(path);
  for (const name of ruleNames) globals.set(name, home.concat(stringTerm(name, nowhere)));
  for (const item of imports) {
    if (importsDocument(item)) globals.set(importName(item), item.path.kind === "ref" ? item.path.parts : [item.path]);
  }
  return globals;
}

/** Names of the rules of each package, by the package's path. */
export function rulesByPackage(modules: readonly ModuleUnit[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const module of modules) {
    const key = packageKey(module.package);
    let set = names.get(key);
    if (set === undefined) {
      set = new Set();
      names.set(key, set);
    }
    for (const { head } of module.rules) set.add(headName(head));
  }
  return names;
}

export function packageKey(path: ModuleUnit["package"]): string {
  return path.map(({ value }) => JSON.stringify(value)).join(".");
}

export function resolveRefs(compilation: Compilation, module: ModuleUnit): void {
  const exported = compilation.ruleNames.get(packageKey(module.package)) ?? [];
  const globals = globalsOf(module.package, exported, module.imports);
  const resolver = new Resolver(globals, compilation.builtins);
  for (const unit of module.rules) {
    if (unit.settled) continue;
    // As in OPA, nothing is said of the branches behind one with wrong arguments.
    let branch: RuleUnit | undefined = unit;
    while (branch !== undefined && resolveInRule(compilation, branch, resolver)) branch = branch.else;
  }
  if (!compilation.strict && !compilation.hinting) return;
  const isUsed = (name: string): boolean => rulesOf(module).some(({ uses }) => uses.has(name));
  for (const item of module.imports) if (importsDocument(item) && !isUsed(importName(item))) module.unusedImports.push(item);
}

/** Where the names of rules, all together as `undefined`, and those of each import stand for the last time, in the order in which OPA resolves them. */
export function lastPlaces(compilation: Compilation, module: ModuleUnit): ReadonlyMap<string | undefined, Range> {
  const exported = compilation.ruleNames.get(packageKey(module.package)) ?? [];
  const imported = new Set(module.imports.filter(importsDocument).map(importName));
  const places = new Map<string | undefined, Range>();
  const meet = (name: string, at: Term): void => void places.set(imported.has(name) ? name : undefined, at);
  const resolver = new Resolver(globalsOf(module.package, exported, module.imports), compilation.builtins, meet);
  for (const rule of module.source.rules)
    for (const branch of branches(RuleUnit.of(module, rule))) resolveInRule(compilation, branch, resolver);
  return places;
}

/** The rules of a module as they are written, but for their names, which are resolved. */
export function resolvedRules(compilation: Compilation, module: ModuleUnit): readonly RuleUnit[] {
  const exported = compilation.ruleNames.get(packageKey(module.package)) ?? [];
  const resolver = new Resolver(globalsOf(module.package, exported, module.imports), compilation.builtins);
  return module.source.rules.map((rule) => {
    const unit = RuleUnit.of(module, rule);
    for (const branch of branches(unit)) resolveInRule(compilation, branch, resolver);
    return unit;
  });
}

/** Where variables of an argument hide rules and imports. */
const argumentPlaces: VarPlaces = { skipSets: true, skipClosures: true, skipCalls: true };

/** False when its arguments are wrong. */
function resolveInRule(compilation: Compilation, unit: RuleUnit, resolver: Resolver): boolean {
  const { head } = unit;
  resolver.begin();
  let args: Vars | undefined;
  for (const arg of head.args ?? []) {
    args ??= new Map();
    collectVars(arg, argumentPlaces, args);
    const root = rootArgument(arg);
    if (root !== undefined) {
      fail(compilation, {
        module: unit.module,
        range: unit.source,
        code: "rego_compile_error",
        message: `args must not shadow ${root} (use a different variable name)`,
      });
      return false;
    }
  }
  if (args !== undefined) resolver.push(args);
  resolver.push(declaredLater(unit.body));
  const { reference } = head;
  unit.head = {
    ...head,
    reference: reference.kind === "ref" ? resolver.headRef(reference) : reference,
    key: head.key === undefined ? undefined : resolver.term(head.key),
    value: head.value === undefined ? undefined : resolver.term(head.value),
  };
  unit.body = resolver.body(unit.body);
  unit.uses = resolver.uses;
  unit.written = resolver.features | featuresOfAll(head.args ?? []);
  return true;
}

/** The root document that stands alone anywhere in an argument, but for sets, comprehensions and calls, as in OPA. */
function rootArgument(arg: Node): string | undefined {
  switch (arg.kind) {
    case "var":
      return rootOf(arg);
    case "ref": {
      const isHead = arg.parts.length > 1 && arg.parts[0]?.kind === "var";
      return firstRoot(isHead ? arg.parts.slice(1) : arg.parts);
    }
    case "object":
      return firstRoot([...arg.entries.map(({ value }) => value), ...arg.entries.map(({ key }) => key)]);
    case "set":
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
    case "call":
      return undefined;
    case "expr": {
      const { body } = arg;
      const changed = arg.with.flatMap(({ target, value }) => [target, value]);
      return firstRoot([...(body.kind === "call" ? body.args : [body]), ...changed]);
    }
    default: {
      const inner: Node[] = [];
      forEachChild(arg, (child) => void inner.push(child));
      return firstRoot(inner);
    }
  }
}

function firstRoot(nodes: readonly Node[]): string | undefined {
  for (const node of nodes) {
    const root = rootArgument(node);
    if (root !== undefined) return root;
  }
  return undefined;
}

/** Resolves the names of a query. */
export function resolveBody(globals: Globals, body: Body): Body {
  const resolver = new Resolver(globals, new Map());
  resolver.push(declaredLater(body));
  return resolver.body(body);
}

/** The variables that `:=` and `some` declare in a body, nested bodies of comprehensions aside. */
export function declaredIn(body: Body): Set<string> {
  const declared = new Set<string>();
  for (const expr of body) declaredBy(expr, declared);
  return declared;
}

/** Adds the variables an expression declares. */
export function declaredBy(expr: Expr, declared: Set<string>): void {
  declaredHere(expr, declared);
  if (!holds(expr, CLOSURE | TEMPLATE)) return;
  walk(expr, (node: Node) => {
    if (node.kind === "expr" && node !== expr) declaredHere(node, declared);
    return isComprehension(node);
  });
}

/** Those that it declares itself, not in a body inside of it. */
function declaredHere({ body }: Expr, declared: Set<string>): void {
  if (body.kind === "call") {
    if (body.args.length === 2 && isNamed(body.operator, "assign")) addNames(body.args[0]!, declared);
  } else if (body.kind === "some") {
    for (const symbol of body.symbols) {
      if (symbol.kind !== "call") addNames(symbol, declared);
      else for (let i = 0; i < symbol.args.length - 1; i++) addNames(symbol.args[i]!, declared);
    }
  }
}

function addNames(pattern: Term, declared: Set<string>): void {
  if (pattern.kind === "var") declared.add(pattern.name);
  else for (const name of varsOf(pattern).keys()) declared.add(name);
}

type Names = Pick<ReadonlySet<string>, "has">;

/** What a body declares, which is only asked for names that mean something else otherwise. */
function declaredLater(body: Body): Names {
  let declared: Names | undefined;
  return {
    has: (name) => {
      declared ??= declaredIn(body);
      return declared.has(name);
    },
  };
}

const noNames: ReadonlySet<string> = new Set();
const everyName: Names = { has: () => true };

class Resolver {
  readonly #globals: Globals;
  readonly #builtins: ReadonlyMap<string, unknown>;
  /** Hears of each name that is given its path, in OPA's order. */
  readonly #meet: ((name: string, at: Term) => void) | undefined;
  readonly #declared: Names[] = [];
  #uses: Set<string> | undefined;
  #features = 0;

  constructor(globals: Globals, builtins: ReadonlyMap<string, unknown>, meet?: (name: string, at: Term) => void) {
    this.#globals = globals;
    this.#builtins = builtins;
    this.#meet = meet;
  }

  /** Begins with another rule. */
  begin(): void {
    this.#declared.length = 0;
    this.#uses = undefined;
    this.#features = 0;
  }

  /** The names that were given their path. */
  get uses(): ReadonlySet<string> {
    return this.#uses ?? noNames;
  }

  /** The kinds of nodes that were met, of those that not every rule has. */
  get features(): number {
    return this.#features;
  }

  push(names: Names): void {
    this.#declared.push(names);
  }

  /** The ref of a head: its name stays. */
  headRef(ref: Ref): Ref {
    const parts = mapAll(ref.parts, (part) => (part === ref.parts[0] ? part : this.term(part)));
    return parts === ref.parts ? ref : { ...ref, parts };
  }

  #global(name: string, at: Term): readonly Term[] | undefined {
    const path = this.#globals.get(name);
    if (path === undefined) return undefined;
    for (let i = 0; i < this.#declared.length; i++) if (this.#declared[i]!.has(name)) return undefined;
    this.#uses ??= new Set();
    this.#uses.add(name);
    this.#meet?.(name, at);
    return path;
  }

  readonly body = (body: Body): Body => mapAll(body, this.#expr);

  readonly #expr = (expr: Expr): Expr => {
    this.#features |= ownFeatures(expr.body);
    if (expr.body.kind === "some") {
      const [symbol] = expr.body.symbols;
      if (symbol?.kind !== "call") return expr;
      const args = mapAll(symbol.args, this.term);
      return { ...expr, body: { ...expr.body, symbols: [{ ...symbol, args }] }, with: this.#with(expr) };
    }
    if (expr.body.kind === "every") {
      const every = expr.body;
      const names = new Set(every.key === undefined ? [] : [every.key.name]);
      names.add(every.value.name);
      this.#declared.push(names);
      // As in OPA, what `every` declares hides rules and imports in its domain, too.
      const domain = this.term(every.domain);
      const body = this.body(every.body);
      this.#declared.pop();
      return { ...expr, body: { ...every, domain, body }, with: this.#with(expr) };
    }
    return mapExpr(expr, this);
  };

  #with(expr: Expr): Expr["with"] {
    return expr.with.map((modifier) => ({
      ...modifier,
      target: this.term(modifier.target) as typeof modifier.target,
      value: this.term(modifier.value),
    }));
  }

  hole = (expr: Expr): Expr => this.#expr(expr);

  readonly term = (term: Term): Term => {
    switch (term.kind) {
      case "var": {
        const global = this.#global(term.name, term);
        if (this.#builtins.has(term.name)) this.#features |= BUILTIN_NAME;
        if (global !== undefined) return relocate(global, term);
        return rootOf(term) === undefined ? term : refTerm([term], term);
      }
      case "ref":
        return this.#ref(term);
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension": {
        this.#features |= ownFeatures(term);
        this.#declared.push(declaredLater(term.body));
        if (this.#meet !== undefined) {
          for (const head of term.kind === "objectComprehension" ? [term.key, term.value] : [term.term]) this.term(head);
          this.body(term.body);
        }
        const mapped = this.#meet === undefined ? mapTerm(term, this) : term;
        this.#declared.pop();
        return mapped;
      }
      case "set":
        return this.#meet === undefined ? withoutRepeatedItems(mapTerm(term, this)) : mapSorted(term, this);
      case "object":
        return this.#meet === undefined ? lastOfEachDocument(term, mapTerm(term, this)) : mapSorted(term, this);
      case "templateString":
        this.#features |= ownFeatures(term);
        return mapTerm(term, this);
      default:
        return mapTerm(term, this);
    }
  };

  #ref(ref: Ref): Ref {
    const head = ref.parts[0];
    if (head?.kind !== "var") {
      const parts = mapAll(ref.parts, this.#part);
      return parts === ref.parts ? ref : { ...ref, parts };
    }
    // A name alone is that of a function.
    if (ref.parts.length > 1 && this.#builtins.has(head.name)) this.#features |= BUILTIN_NAME;
    const global = this.#global(head.name, head);
    let parts = global && relocated(global, head).concat(ref.parts.slice(1));
    const more = global === undefined ? 0 : global.length - 1;
    for (let i = 1; i < ref.parts.length; i++) {
      const part = ref.parts[i]!;
      const mapped = this.#part(part);
      if (mapped === part) continue;
      parts ??= ref.parts.slice();
      parts[i + more] = mapped;
    }
    return parts === undefined ? ref : { ...ref, parts };
  }

  /** As in OPA, no name means a rule or an import in a template string that is the part of a ref. */
  readonly #part = (part: Term): Term => {
    if (part.kind !== "templateString") return this.term(part);
    this.#declared.push(everyName);
    const mapped = this.term(part);
    this.#declared.pop();
    return mapped;
  };
}

/** A set holds each of its items once. */
function withoutRepeatedItems(term: Term): Term {
  if (term.kind !== "set") return term;
  const items = withoutRepeats(term.items);
  return items === term.items ? term : { ...term, items };
}

function relocate(path: readonly Term[], at: Term): Ref {
  return refTerm(relocated(path, at), at);
}

function relocated(path: readonly Term[], at: Term): Term[] {
  return path.map((part) => ({ ...part, start: at.start, end: at.end }));
}
