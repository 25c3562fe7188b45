// What each name in a module stands for: a local, a place below `data` or `input`, an import's alias, a builtin. Works on recovered trees too.
import { oncePer } from "#grammars/once-per.ts";
import type { Body, Expr, Head, Module, Range, Ref, Rule, Term, Var } from "#grammars/rego/ast.ts";
import { originOf } from "#grammars/rego/moved.ts";
import { isRootName, operandsOf } from "#grammars/rego/nodes.ts";

export interface Local {
  readonly kind: "local";
  readonly name: string;
  readonly role: "argument" | "some" | "assign" | "every" | "output";
  /** Where it is declared, or first stands. */
  readonly declaration: Range;
  /** Where it can be used. */
  readonly scope: Range;
}

/** A place in a document: `data.orders.allow` is `["data", "orders", "allow"]`. */
export interface Place {
  readonly kind: "place";
  readonly path: readonly string[];
  /** True for the last part that is known: a variable or call follows, or nothing. */
  readonly last: boolean;
}

export interface BuiltinName {
  readonly kind: "builtin";
  readonly name: string;
}

export type Meaning = Local | Place | BuiltinName;

export interface Occurrence {
  readonly range: Range;
  readonly meaning: Meaning;
  /** True where the name gets its value: rule heads, declarations. */
  readonly write: boolean;
  /** True when the text is an alias that an import names after `as`. */
  readonly alias?: boolean;
  /** Operator of a call. */
  readonly call?: boolean;
}

export interface RuleName {
  readonly path: readonly string[];
  readonly rule: Rule;
  /** The name alone: the last constant part of the head's reference. */
  readonly range: Range;
}

export interface ImportName {
  readonly alias: string;
  readonly path: readonly string[];
  readonly range: Range;
  /** Where the alias stands: after `as`, or the last part of the path. */
  readonly aliasRange: Range;
  /** True when the alias is written after `as`. */
  readonly named: boolean;
}

export interface Names {
  readonly package: readonly string[];
  readonly occurrences: readonly Occurrence[];
  readonly locals: readonly Local[];
  readonly rules: readonly RuleName[];
  /** The names below the package that this module's rules begin with. */
  readonly ruleNames: ReadonlySet<string>;
  readonly imports: readonly ImportName[];
}

/** Resolves the names of a module. `isRule` knows the rules of the same package in other files; `isBuiltin` the builtin functions. */
export function resolveNames(
  module: Module,
  text: string,
  isRule: (name: string) => boolean,
  isBuiltin: (name: string) => boolean,
): Names {
  return new Resolver(module, text, isRule, isBuiltin).run();
}

/** The rules of a module by their full paths. */
export function ruleNamesOf(module: Module): readonly RuleName[] {
  const start = packagePath(module);
  return module.rules.map((rule) => {
    const origin = originOf(rule);
    const { names, last } = groundName(origin.rule);
    return { path: start.concat(names), rule, range: { start: last.start + origin.by, end: last.end + origin.by } };
  });
}

/** What a rule's head is called, and where the last part of that stands: an edit elsewhere changes neither. */
const groundName = oncePer(({ head }: Rule): { readonly names: readonly string[]; readonly last: Range } => {
  const parts = groundParts(head);
  return { names: parts.map(({ name }) => name), last: parts.at(-1)?.part ?? head.reference };
});

/** `data`, `a`, `b` of `package a.b`. */
export function packagePath(module: Module): readonly string[] {
  return ["data", ...(module.package?.path ?? []).map((part) => part.value)];
}

/** The parts of a head's reference that are names, up to the first that is none. */
function groundParts({ reference }: Head): readonly { readonly part: Term; readonly name: string }[] {
  const found: { part: Term; name: string }[] = [];
  for (const [at, part] of partsOf(reference).entries()) {
    const name = at === 0 && part.kind === "var" ? part.name : part.kind === "string" ? part.value : undefined;
    if (name === undefined) break;
    found.push({ part, name });
  }
  return found;
}

class Scope {
  readonly parent: Scope | undefined;
  readonly range: Range;
  readonly names = new Map<string, Local>();
  constructor(parent: Scope | undefined, range: Range) {
    this.parent = parent;
    this.range = range;
  }
  find(name: string): Local | undefined {
    return this.names.get(name) ?? this.parent?.find(name);
  }
}

class Resolver {
  readonly #module: Module;
  readonly #text: string;
  readonly #isRule: (name: string) => boolean;
  readonly #isBuiltin: (name: string) => boolean;
  readonly #package: readonly string[];
  readonly #occurrences = new Map<string, Occurrence>();
  readonly #locals: Local[] = [];
  readonly #imports: ImportName[] = [];
  readonly #aliases = new Map<string, ImportName>();
  readonly #ruleNames = new Set<string>();

  constructor(module: Module, text: string, isRule: (name: string) => boolean, isBuiltin: (name: string) => boolean) {
    this.#module = module;
    this.#text = text;
    this.#isRule = isRule;
    this.#isBuiltin = isBuiltin;
    this.#package = packagePath(module);
  }

  run(): Names {
    for (const [at, part] of (this.#module.package?.path ?? []).entries()) {
      this.#add(part, { kind: "place", path: this.#package.slice(0, at + 2), last: at + 2 === this.#package.length }, true);
    }
    for (const item of this.#module.imports) this.#import(item.path, item.alias, item);
    for (const rule of this.#module.rules) {
      const first = partsOf(originOf(rule).rule.head.reference)[0];
      if (first?.kind === "var") this.#ruleNames.add(first.name);
    }
    for (const rule of this.#module.rules) this.#rule(rule);
    const rules = ruleNamesOf(this.#module);
    return {
      package: this.#package,
      occurrences: [...this.#occurrences.values()].sort((a, b) => a.range.start - b.range.start),
      locals: this.#locals,
      rules,
      ruleNames: new Set(rules.map(({ path }) => path[this.#package.length] ?? "")),
      imports: this.#imports,
    };
  }

  #import(path: Ref | Var, alias: Var | undefined, whole: Range): void {
    const parts = partsOf(path);
    const names = parts.map((part) => (part.kind === "var" ? part.name : part.kind === "string" ? part.value : ""));
    const root = names[0];
    const last = parts.at(-1);
    if (root === undefined || last === undefined) return;
    if (isRootName(root)) {
      for (const [at, part] of parts.entries()) {
        this.#add(part, { kind: "place", path: names.slice(0, at + 1), last: at + 1 === parts.length }, false);
      }
    }
    if (root === "rego" || root === "future") return;
    const name = alias?.name ?? names.at(-1)!;
    const found: ImportName = { alias: name, path: names, range: whole, aliasRange: alias ?? last, named: alias !== undefined };
    this.#imports.push(found);
    if (!this.#aliases.has(name)) this.#aliases.set(name, found);
    if (alias !== undefined) this.#add(alias, { kind: "place", path: names, last: true }, true, { alias: true });
  }

  #rule(rule: Rule): void {
    let outer: Scope | undefined;
    for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) outer = this.#branch(branch, outer);
  }

  /** `outer` has the arguments for an `else` branch; gives the scope that has them for the next one. */
  #branch(rule: Rule, outer: Scope | undefined): Scope {
    const scope = new Scope(outer, rule);
    // Branches of `else` share the arguments of their rule.
    if (outer === undefined) for (const arg of rule.head.args ?? []) this.#declarePattern(arg, scope, "argument", true);
    const headTerms = [...partsOf(rule.head.reference).slice(1), rule.head.key, rule.head.value];
    const terms = headTerms.filter((term): term is Term => term !== undefined);
    this.#declareBody(rule.body ?? [], terms, scope);
    if (outer === undefined) this.#head(rule.head, scope);
    else this.#ruleTerms(rule.head, scope, false);
    this.#body(rule.body ?? [], scope);
    if (outer !== undefined) return outer;
    const args = new Scope(outer, rule);
    for (const [name, local] of scope.names) if (local.role === "argument") args.names.set(name, local);
    return args;
  }

  #head(head: Head, scope: Scope): void {
    const path = [...this.#package];
    const parts = groundParts(head);
    for (const [at, { part, name }] of parts.entries()) {
      path.push(name);
      this.#add(part, { kind: "place", path: [...path], last: at + 1 === parts.length }, true);
    }
    this.#ruleTerms(head, scope, true);
  }

  #ruleTerms(head: Head, scope: Scope, withReference: boolean): void {
    if (withReference) for (const part of partsOf(head.reference).slice(1)) if (part.kind !== "string") this.#term(part, scope);
    for (const arg of head.args ?? []) this.#term(arg, scope, true);
    if (head.key !== undefined) this.#term(head.key, scope);
    if (head.value !== undefined) this.#term(head.value, scope);
  }

  #declare(variable: Var, scope: Scope, role: Local["role"]): void {
    if (variable.name.startsWith("$") || scope.names.has(variable.name)) return;
    const declaration = { start: variable.start, end: variable.end };
    const local: Local = { kind: "local", name: variable.name, role, declaration, scope: scope.range };
    scope.names.set(variable.name, local);
    this.#locals.push(local);
  }

  /** Declares the variables of a pattern: arrays and object values, not keys. */
  #declarePattern(term: Term, scope: Scope, role: Local["role"], argument = false): void {
    switch (term.kind) {
      case "var":
        if (argument && isRootName(term.name)) return;
        this.#declare(term, scope, role);
        break;
      case "array":
        for (const item of term.items) this.#declarePattern(item, scope, role, argument);
        break;
      case "object":
        for (const { value } of term.entries) this.#declarePattern(value, scope, role, argument);
        break;
      default:
        break;
    }
  }

  /** Declares what a body declares itself, then the variables that only stand in it. */
  #declareBody(body: Body, extra: readonly Term[], scope: Scope): void {
    for (const expr of body) {
      if (expr.body.kind === "some") {
        for (const symbol of expr.body.symbols) this.#declareSome(symbol, scope);
      } else if (expr.body.kind === "call" && expr.body.infix === ":=") {
        const target = expr.body.args[0];
        if (target !== undefined) this.#declarePattern(target, scope, "assign");
      }
    }
    const outputs: Var[] = [];
    for (const expr of body) collectVars(expr, outputs);
    for (const term of extra) collectTermVars(term, outputs);
    for (const variable of outputs) {
      const { name } = variable;
      if (scope.find(name) === undefined && !this.#isGlobal(name)) this.#declare(variable, scope, "output");
    }
  }

  #declareSome(symbol: Term, scope: Scope): void {
    if (symbol.kind === "call") {
      for (const arg of symbol.args.slice(0, -1)) this.#declarePattern(arg, scope, "some");
    } else this.#declarePattern(symbol, scope, "some");
  }

  #isGlobal(name: string): boolean {
    return isRootName(name) || this.#ruleNames.has(name) || this.#aliases.has(name) || this.#isRule(name);
  }

  #body(body: Body, scope: Scope): void {
    for (const expr of body) this.#expr(expr, scope);
  }

  #closure(body: Body, extra: readonly Term[], range: Range, outer: Scope, before?: (scope: Scope) => void): void {
    const scope = new Scope(outer, range);
    before?.(scope);
    this.#declareBody(body, extra, scope);
    for (const term of extra) this.#term(term, scope);
    this.#body(body, scope);
  }

  #expr(expr: Expr, scope: Scope): void {
    const inner = expr.body;
    switch (inner.kind) {
      case "some":
        for (const symbol of inner.symbols) this.#term(symbol, scope);
        break;
      case "every": {
        this.#term(inner.domain, scope);
        const { key, value } = inner;
        this.#closure(inner.body, [], { start: inner.domain.end, end: inner.end }, scope, (own) => {
          if (key !== undefined) this.#declare(key, own, "every");
          this.#declare(value, own, "every");
          if (key !== undefined) this.#term(key, own);
          this.#term(value, own);
        });
        break;
      }
      case "notBody":
        this.#closure(inner.body, [], inner, scope);
        break;
      case "logical":
        this.#closure(inner.left, [], inner, scope);
        this.#closure(inner.right, [], inner, scope);
        break;
      default:
        this.#term(inner, scope);
    }
    for (const { target, value } of expr.with) {
      for (const term of [target, value]) if (!this.#addBuiltin(term, scope, false)) this.#term(term, scope);
    }
  }

  /** Adds a term that names a built-in function, and tells whether it does. */
  #addBuiltin(term: Term, scope: Scope, call: boolean): boolean {
    const parts = term.kind === "ref" ? term.parts : [term];
    const [first] = parts;
    if (first?.kind !== "var" || scope.find(first.name) !== undefined || this.#isGlobal(first.name)) return false;
    const name = parts.map((part) => (part.kind === "var" ? part.name : part.kind === "string" ? part.value : "")).join(".");
    if (!this.#isBuiltin(name)) return false;
    this.#add({ start: term.start, end: term.end }, { kind: "builtin", name }, false, { call });
    return true;
  }

  #term(term: Term, scope: Scope, argument = false): void {
    switch (term.kind) {
      case "var":
        this.#variable(term, scope, false, argument);
        break;
      case "ref":
        this.#ref(term, scope, false);
        break;
      case "call":
        if (term.infix === undefined && !isInternal(term.operator)) this.#ref(term.operator, scope, true);
        for (const arg of operandsOf(term)) this.#term(arg, scope, argument);
        break;
      case "array":
      case "set":
        for (const item of term.items) this.#term(item, scope, argument);
        break;
      case "object":
        for (const { key, value } of term.entries) {
          this.#term(key, scope);
          this.#term(value, scope, argument);
        }
        break;
      case "arrayComprehension":
      case "setComprehension":
        this.#closure(term.body, [term.term], term, scope);
        break;
      case "objectComprehension":
        this.#closure(term.body, [term.key, term.value], term, scope);
        break;
      case "templateString":
        for (const part of term.parts) if (part.kind === "expr") this.#closure([part], [], part, scope);
        break;
      case "null":
      case "boolean":
      case "number":
      case "string":
        break;
      default:
        term satisfies never;
    }
  }

  /** A name alone; gives the place it starts, when it is one. */
  #variable(variable: Var, scope: Scope, call: boolean, argument = false): readonly string[] | undefined {
    const { name } = variable;
    if (name.startsWith("$")) return undefined;
    const local = isRootName(name) ? undefined : scope.find(name);
    if (local !== undefined) {
      const write = argument || (local.declaration.start === variable.start && local.role !== "output");
      this.#add(variable, local, write);
      return undefined;
    }
    const alias = this.#aliases.get(name);
    const isRule = this.#ruleNames.has(name) || this.#isRule(name);
    if (isRootName(name)) return [name];
    if (alias !== undefined && !isRule) {
      this.#add(variable, { kind: "place", path: alias.path, last: true }, false, { alias: alias.named, call });
      return alias.path;
    }
    if (isRule) {
      const path = this.#package.concat(name);
      this.#add(variable, { kind: "place", path, last: true }, false, { call });
      return path;
    }
    if (call && this.#isBuiltin(name)) this.#add(variable, { kind: "builtin", name }, false, { call });
    return undefined;
  }

  #ref(ref: Ref, scope: Scope, call: boolean): void {
    const [first, ...rest] = ref.parts;
    if (first === undefined) return;
    if (call && this.#addBuiltin(ref, scope, call)) return;
    let path: readonly string[] | undefined;
    if (first.kind === "var") {
      path = this.#variable(first, scope, call && rest.length === 0);
      if (path !== undefined && path.length === 1) {
        this.#add(first, { kind: "place", path, last: rest.length === 0 }, false);
      }
    } else this.#term(first, scope);
    for (const [at, part] of rest.entries()) {
      if (part.kind === "string" && path !== undefined) {
        path = path.concat(part.value);
        const next = rest[at + 1];
        const last = next === undefined || next.kind !== "string";
        this.#add(part, { kind: "place", path, last }, false, { call: call && next === undefined });
      } else {
        path = undefined;
        if (part.kind !== "string") this.#term(part, scope);
      }
    }
  }

  #add(range: Range, meaning: Meaning, write: boolean, more: { alias?: boolean; call?: boolean } = {}): void {
    // The name without the quotes of `["name"]`.
    const quoted = this.#text[range.start] === '"' || this.#text[range.start] === "`";
    const own = quoted ? { start: range.start + 1, end: range.end - 1 } : { start: range.start, end: range.end };
    const key = `${own.start}:${own.end}`;
    if (own.end <= own.start || this.#occurrences.has(key)) return;
    this.#occurrences.set(key, { range: own, meaning, write, ...more });
  }
}

/** False for a further body, `{ … } { … }`, which is a rule with the head of the clause before it. */
export const hasOwnHead = ({ start, head }: Rule): boolean => head.reference.start >= start;

/** The parts of a reference, one for a lone variable. */
export function partsOf(reference: Ref | Var): readonly Term[] {
  return reference.kind === "var" ? [reference] : reference.parts;
}

function isInternal(operator: Ref): boolean {
  const first = operator.parts[0];
  return first?.kind === "var" && first.name === "internal";
}

function collectVars(expr: Expr, out: Var[]): void {
  const inner = expr.body;
  switch (inner.kind) {
    case "some":
      for (const symbol of inner.symbols) collectTermVars(symbol, out);
      break;
    case "every":
      collectTermVars(inner.domain, out);
      break;
    case "notBody":
    case "logical":
      break;
    default:
      collectTermVars(inner, out);
  }
  for (const { value } of expr.with) collectTermVars(value, out);
}

/** Variables that stand in a term outside closures. */
function collectTermVars(term: Term, out: Var[]): void {
  switch (term.kind) {
    case "var":
      if (!term.name.startsWith("$")) out.push(term);
      break;
    case "ref":
      for (const part of term.parts) collectTermVars(part, out);
      break;
    case "call": {
      // The head of an operator is a function's name; what follows it are constants.
      for (const arg of operandsOf(term)) collectTermVars(arg, out);
      break;
    }
    case "array":
    case "set":
      for (const item of term.items) collectTermVars(item, out);
      break;
    case "object":
      for (const { key, value } of term.entries) {
        collectTermVars(key, out);
        collectTermVars(value, out);
      }
      break;
    default:
      break;
  }
}

/** What a dotted name means in a file: below `data`, through an import, or in the file's own package. */
export function pathOfName(names: Names, name: string): readonly string[] {
  const [first = "", ...rest] = name.split(".");
  if (isRootName(first)) return [first, ...rest];
  const own = [...names.package, first, ...rest];
  if (names.ruleNames.has(first)) return own;
  const found = names.imports.find((item) => item.alias === first);
  return found === undefined ? own : [...found.path, ...rest];
}
