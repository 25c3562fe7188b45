// What OPA's rule index knows of the rules at one node: the ways each body may be reached, as terms and what they must be.
import { membersOf } from "#analysis/rego/ref-values.ts";
import { isConstant as isGround } from "#analysis/rego/tree/refs.ts";
import { contains, type Node } from "#analysis/rego/tree/walk.ts";
import type { Body, Expr, Logical, Ref, Rule, Term } from "#grammars/rego/ast.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { functionName } from "./function-names.ts";
import { headValue, isConstant, keyText, type TrieNode } from "./rule-trie.ts";

const affixes: ReadonlyMap<string, "startswith" | "endswith"> = new Map([
  ["startswith", "startswith"],
  ["endswith", "endswith"],
  ["strings.any_prefix_match", "startswith"],
  ["strings.any_suffix_match", "endswith"],
]);

/** How a text must begin or end for a builtin to be true; undefined for other builtins. */
export function affixOf(builtin: string): "startswith" | "endswith" | undefined {
  return affixes.get(builtin);
}

/** What is wanted of a value: to equal a term, to hold one, to begin or end with a string, to match a glob, or to be there. */
export type Constraint =
  | { readonly kind: "any" }
  | { readonly kind: "value" | "member"; readonly term: Term }
  | { readonly kind: "startswith" | "endswith"; readonly term: Extract<Term, { kind: "string" }> }
  | { readonly kind: "glob"; readonly term: Term; readonly delimiters: Term };

/** A document or an argument that must be there, and what is wanted of it: one of the alternatives, or nothing more. */
export interface IndexedTerm {
  readonly term: Term;
  readonly alternatives: readonly Constraint[];
}

/** A key that must be one of a collection's; anything goes with collections that are no objects or sets. */
export interface IndexedKey {
  readonly key: Term;
  readonly collection: Ref;
}

export interface IndexTests {
  /** One of these must hold, and of it everything. */
  readonly paths: readonly (readonly IndexedTerm[])[];
  readonly keys: readonly IndexedKey[];
  /** How many literals at the body's begin it takes to know all this. */
  readonly literals: number;
}

/** Something said of a term, by the literal at this position. `name`: the variable that stands for it. */
interface Entry {
  readonly id: string;
  readonly term: Term;
  readonly constraint: Constraint | undefined;
  readonly name: string | undefined;
}

/** More ways than this to reach one rule are not told apart. */
const mostPaths = 32;

/** The index of the rules at a node, `else` branches included; what one body says is read when it is asked for. */
export class RuleIndex {
  readonly #root: TrieNode;
  readonly #rules: readonly Rule[];
  readonly #read = new Map<Rule, IndexReader>();
  #valued: ReadonlySet<string> | undefined;
  #candidates: RuleIndex["candidates"] | undefined;
  #agree: boolean | undefined;

  constructor(root: TrieNode, rules: readonly Rule[]) {
    this.#root = root;
    this.#rules = rules;
  }

  /** The tests that OPA makes before it tries the body of a rule or of an `else` branch. */
  tests(rule: Rule): IndexTests {
    const reader = this.#reader(rule);
    const all = reader.paths();
    // What is only asked to be there is asked where every way asks for it.
    const everywhere = (id: string): boolean => all.every((path) => path.some((one) => one.id === id));
    const isAsked = ({ id }: Entry): boolean => everywhere(id) || this.#valuedTerms().has(id);
    const paths = (all.length === 1 ? all : all.map((path) => path.filter(isAsked))).map(indexedTerms);
    this.#agree ??= agree(this.#rules);
    return { paths, keys: this.#agree ? [] : reader.keys, literals: reader.literals };
  }

  /** All rules and branches but the default, with the constants that they give. */
  get candidates(): readonly { readonly rule: Rule; readonly constant: string | undefined }[] {
    this.#candidates ??= candidates(this.#rules).map((rule) => ({ rule, constant: constantOf(rule) }));
    return this.#candidates;
  }

  #reader(rule: Rule): IndexReader {
    const known = this.#read.get(rule);
    if (known !== undefined) return known;
    const reader = new IndexReader(this.#root, rule.head.args ?? []);
    reader.readBody(rule.body ?? []);
    this.#read.set(rule, reader);
    return reader;
  }

  /** The terms that some rule of the index wants to be something. */
  #valuedTerms(): ReadonlySet<string> {
    if (this.#valued !== undefined) return this.#valued;
    const valued = new Set<string>();
    for (const first of this.#rules) {
      if (first.default) continue;
      for (let rule: Rule | undefined = first; rule !== undefined; rule = rule.else)
        for (const { id, constraint } of this.#reader(rule).everything()) if (constraint !== undefined) valued.add(id);
    }
    this.#valued = valued;
    return valued;
  }
}

/** True when the first rule that holds settles the value, whether or not there is a default: then the index does not look into collections. */
export function agree(rules: readonly Rule[]): boolean {
  const values = candidates(rules).map(constantOf);
  return !values.includes(undefined) && new Set(values).size <= 1;
}

function candidates(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter((rule) => !rule.default).flatMap(branchesOf);
}

export function branchesOf(rule: Rule): readonly Rule[] {
  const found: Rule[] = [];
  for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) found.push(branch);
  return found;
}

/** The constant that a rule or branch gives, as a text; undefined when it gives no constant, or not as the one value of its path. */
function constantOf(rule: Rule): string | undefined {
  const { reference, key } = rule.head;
  const value = headValue(rule);
  const isComplete = reference.kind === "var" || reference.parts.every((part, at) => at === 0 || isConstant(part));
  return key === undefined && isComplete && isGround(value) ? keyOf(value) : undefined;
}

function indexedTerms(path: readonly Entry[]): readonly IndexedTerm[] {
  const groups = Map.groupBy(path, ({ id }) => id);
  return [...groups.values()].map(([first, ...rest]) => {
    const all = [first!, ...rest].flatMap(({ constraint }) => constraint ?? []);
    // A set or an object among them is not told apart from other values.
    return { term: first!.term, alternatives: all.some(({ kind }) => kind === "any") ? [] : oneEnd(all) };
  });
}

/** Of wanted begins and ends only one kind is looked at: the one whose shortest string is longer. */
function oneEnd(constraints: readonly Constraint[]): readonly Constraint[] {
  const shortest = (end: "startswith" | "endswith"): number =>
    Math.min(...constraints.flatMap((one) => (one.kind === end ? [new TextEncoder().encode(one.term.value).length] : [])));
  const [begin, end] = [shortest("startswith"), shortest("endswith")];
  if (begin === Number.POSITIVE_INFINITY || end === Number.POSITIVE_INFINITY) return constraints;
  const dropped = end > begin ? "startswith" : "endswith";
  return constraints.filter(({ kind }) => kind !== dropped);
}

class IndexReader {
  readonly keys: IndexedKey[] = [];
  literals = 0;
  readonly #entries: Entry[] = [];
  /** For each `or` the ways that lead through it. */
  readonly #ways: (readonly (readonly Entry[])[])[] = [];
  readonly #root: TrieNode;
  readonly #args: readonly Term[];
  /** What the bodies around an operand say: good for names alone. */
  readonly #outer: readonly Entry[];
  readonly #constants: Map<string, Term>;
  #noted = 0;

  constructor(root: TrieNode, args: readonly Term[], outer: readonly Entry[] = [], constants?: ReadonlyMap<string, Term>) {
    this.#root = root;
    this.#args = args;
    this.#outer = outer;
    this.#constants = new Map(constants);
  }

  readBody(body: Body): void {
    if (body.some(keepsRunning)) return;
    for (let at = 0; at < body.length; at++) {
      const before = this.#noted + this.keys.length;
      this.#read(body[at]!);
      if (this.#noted + this.keys.length > before) this.literals = at + 1;
    }
  }

  paths(): readonly (readonly Entry[])[] {
    let paths: readonly (readonly Entry[])[] = [this.#entries];
    for (const ways of this.#ways) {
      if (paths.length * ways.length > mostPaths) return [this.#entries];
      paths = paths.flatMap((path) => ways.map((way) => [...path, ...way]));
    }
    return paths;
  }

  everything(): readonly Entry[] {
    return [...this.#entries, ...this.#ways.flat(2)];
  }

  #read(expr: Expr): void {
    if (expr.negated || expr.with.length > 0) return;
    const { body } = expr;
    if (body.kind === "logical") return this.#logical(body);
    if (body.kind === "ref") return this.#bare(this.#plugged(body));
    if (body.kind !== "call") return;
    const name = functionName(body.operator.parts);
    const args = body.args.map(asRef).map((arg) => (arg.kind === "ref" ? this.#plugged(arg) : arg));
    const a = args[0];
    const b = args[1];
    const c = args[2];
    if (name === "glob.match" && args.length === 3 && c !== undefined) return this.#glob(a!, b!, c);
    if (a === undefined || b === undefined || args.length !== 2 || name === undefined) return;
    if (name === "eq" || name === "assign" || name === "equal") {
      if (this.#holdsSome(a, b) || this.#holdsSome(b, a)) return;
      if (!this.#equation(a, b)) this.#equation(b, a);
    } else if (name === "internal.member_2") this.#member(a, b);
    else this.#affix(affixOf(name), a, this.#constant(b));
  }

  #logical({ operator, left, right }: Logical): void {
    const [lefts, rights] = [this.#operand(left), this.#operand(right)];
    if (operator === "and") {
      this.#require(lefts);
      this.#require(rights);
    } else if (lefts.length > 0 && rights.length > 0) this.#require([...lefts, ...rights]);
  }

  /** The ways through an operand; none when any input might satisfy it. */
  #operand(body: Body): readonly (readonly Entry[])[] {
    const inner = new IndexReader(this.#root, this.#args, [...this.#entries, ...this.#outer], this.#constants);
    for (const expr of body) inner.#read(expr);
    const paths = inner.paths();
    if (paths.length === 1 && paths[0]!.length === 0) return [];
    // The operand's variables are its own.
    return paths.map((path) => path.map((entry) => ({ ...entry, name: undefined })));
  }

  #require(ways: readonly (readonly Entry[])[]): void {
    if (ways.length === 1) for (const entry of ways[0]!) this.#insert(entry);
    else if (ways.length > 1) {
      this.#ways.push(ways);
      this.#noted++;
    }
  }

  /** A ref that stands for itself: it must be there, or its last part is a key of what stands before. */
  #bare(ref: Ref): void {
    const last = ref.parts.at(-1);
    const collection: Ref = { ...ref, parts: ref.parts.slice(0, -1) };
    const key = last?.kind === "var" || last?.kind === "ref" ? this.#document(last) : undefined;
    if (key !== undefined && isVar(ref.parts[0], "data") && isBase(this.#root, collection.parts)) {
      this.keys.push({ key, collection });
    } else if (isBase(this.#root, ref.parts)) this.#note(ref, undefined);
  }

  #glob(pattern: Term, delimiters: Term, value: Term): void {
    const term = value.kind === "var" ? this.#document(value) : undefined;
    if (term !== undefined && globSegments(pattern, delimiters) !== undefined)
      this.#note(term, { kind: "glob", term: pattern, delimiters });
  }

  #affix(kind: ReturnType<typeof affixOf>, value: Term, wanted: Term): void {
    if (kind === undefined) return;
    const term = this.#document(value);
    const texts = wanted.kind === "array" || wanted.kind === "set" ? wanted.items : [wanted];
    // Of arguments OPA's index does not look at how they begin or end.
    if (term?.kind !== "ref" || !texts.every((one) => one.kind === "string")) return;
    for (const one of texts) this.#note(term, { kind, term: one });
  }

  #member(a: Term, b: Term): void {
    const term = a.kind === "var" ? this.#document(a) : undefined;
    if (term !== undefined) {
      const members = membersOf(this.#constant(b));
      if (members?.every(({ kind }) => kind !== "var")) for (const one of members) this.#note(term, wanted(one));
      return;
    }
    const member = this.#constant(a);
    const collection = this.#document(b);
    if (collection === undefined) return;
    if (isConstant(member)) this.#note(collection, { kind: "member", term: member });
    else if (member.kind === "var") this.#note(collection, undefined, member.name);
  }

  /** `document[_] = "v"` */
  #holdsSome(a: Term, b: Term): boolean {
    if (a.kind !== "ref") return false;
    const last = a.parts.at(-1);
    if (last === undefined || isGroundKey(last)) return false;
    const collection = this.#document({ ...a, parts: a.parts.slice(0, -1) });
    const value = this.#constant(b);
    if (collection === undefined || !isConstant(value)) return false;
    this.#note(collection, { kind: "member", term: value });
    return true;
  }

  #equation(a: Term, b: Term): boolean {
    if (a.kind === "var") {
      const known = b.kind === "var" ? this.#constants.get(b.name) : isGround(b) ? b : undefined;
      if (known !== undefined) this.#constants.set(a.name, known);
      const term = isIndexable(b) ? this.#document(a) : undefined;
      if (term === undefined) return false;
      this.#equals(term, b);
      return true;
    }
    if (a.kind !== "ref") return false;
    const term = this.#document(a);
    const value = b.kind === "var" ? this.#constant(b) : b;
    if (term === undefined || (b.kind !== "var" && !isIndexable(b))) return false;
    this.#equals(term, value);
    return true;
  }

  #equals(term: Term, value: Term): void {
    if (value.kind === "var") this.#note(term, undefined, value.name);
    else this.#note(term, wanted(value));
  }

  #constant(term: Term): Term {
    return term.kind === "var" ? (this.#constants.get(term.name) ?? term) : term;
  }

  /** The ref with each variable among its keys that stands for a scalar put in. */
  #plugged(ref: Ref): Ref {
    const plug = (part: Term, at: number): Term => {
      const known = at > 0 ? this.#constant(part) : part;
      return isConstant(known) ? known : part;
    };
    return ref.parts.some((part, at) => plug(part, at) !== part) ? { ...ref, parts: ref.parts.map(plug) } : ref;
  }

  /** The base document or the argument that a term stands for. */
  #document(term: Term): Term | undefined {
    if (term.kind === "var") return this.#named(term.name);
    if (term.kind !== "ref") return undefined;
    const head = term.parts[0];
    const isRoot = isVar(head, "input") || isVar(head, "data");
    const alias = head?.kind === "var" && !isRoot ? this.#named(head.name) : undefined;
    const ref = alias?.kind === "ref" ? { ...term, parts: alias.parts.concat(term.parts.slice(1)) } : term;
    return isBase(this.#root, ref.parts) ? ref : undefined;
  }

  #named(name: string): Term | undefined {
    const entry = this.#entries.find((one) => one.name === name) ?? this.#outer.find((one) => one.name === name);
    return entry?.term ?? this.#args.find((arg) => arg.kind === "var" && arg.name === name);
  }

  #note(term: Term, constraint: Constraint | undefined, name?: string): void {
    this.#insert({ id: termId(term), term, constraint, name });
  }

  /** A wanted value takes the place of the entry that only says what stands for the term. */
  #insert(entry: Entry): void {
    const { id, constraint } = entry;
    this.#noted++;
    for (const [at, other] of this.#entries.entries()) {
      if (other.id !== id) continue;
      if (sameConstraint(other.constraint, constraint) && other.name === entry.name) return;
      const replaces = constraint !== undefined && constraint.kind !== "startswith" && constraint.kind !== "endswith";
      if (replaces && other.constraint === undefined) {
        this.#entries[at] = entry;
        return;
      }
    }
    this.#entries.push(entry);
  }
}

/** Objects and sets that variables stand for, or that a collection holds, are not told apart. */
function wanted(value: Term): Constraint {
  return value.kind === "object" || value.kind === "set" ? { kind: "any" } : { kind: "value", term: value };
}

function sameConstraint(a: Constraint | undefined, b: Constraint | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.kind === "any" || b.kind === "any") return a.kind === b.kind;
  return a.kind === b.kind && keyOf(a.term) === keyOf(b.term);
}

/** The segments of a pattern, as the index takes it; none where one is neither a plain text nor `*` alone. */
export function globSegments(pattern: Term, delimiters: Term): readonly string[] | undefined {
  if (pattern.kind !== "string" || delimiters.kind !== "array") return undefined;
  const texts = delimiters.items.map((item) => (item.kind === "string" ? item.value : undefined));
  if (!texts.every((text) => text !== undefined && [...text].length === 1)) return undefined;
  let segments = [pattern.value];
  for (const cut of texts.length === 0 ? ["."] : texts) segments = segments.flatMap((part) => part.split(cut!));
  return segments.every((part) => part === "*" || !/[[?{*\\]/.test(part)) ? segments : undefined;
}

function termId(term: Term): string {
  const parts = term.kind === "ref" ? term.parts : [term];
  return parts.map((part) => (part.kind === "var" ? part.name : isConstant(part) ? keyText(part) : keyOf(part))).join("\u0001");
}

/** Prints, and tells the runner of a case of a test; without keys the call only marks that a body was true. */
function isTold(node: Node): boolean {
  if (node.kind !== "call") return false;
  const [head] = node.operator.parts;
  if (head?.kind !== "var" || head.name !== "internal") return false;
  const name = functionName(node.operator.parts);
  const [first] = node.args;
  return name === "internal.print" || (name === "internal.test_case" && first?.kind === "array" && first.items.length > 0);
}

/** What tells something is never left out, unless it stands in a comprehension. */
function keepsRunning(expr: Expr): boolean {
  const { kind } = expr.body;
  return isTold(expr.body) || ((kind === "logical" || kind === "notBody" || kind === "every") && contains(expr, isTold));
}

/** Scalars, and arrays without anything nested. */
function isIndexable(term: Term): boolean {
  if (term.kind === "array") return term.items.every((item) => isConstant(item) || item.kind === "var");
  return isConstant(term) || term.kind === "var";
}

/** A key that is the same whatever variables are. */
function isGroundKey(term: Term): boolean {
  return isGround(term) || (term.kind === "ref" && term.parts.every((part, at) => at === 0 || isGroundKey(part)));
}

/** A ref of ground keys to `input`, or to a place in `data` where no rule stands. */
export function isBase(rules: TrieNode, parts: readonly Term[]): boolean {
  for (let at = 1; at < parts.length; at++) if (!isGround(parts[at]!)) return false;
  if (isVar(parts[0], "input")) return true;
  if (!isVar(parts[0], "data")) return false;
  let node = rules;
  for (let at = 1; at < parts.length; at++) {
    const key = parts[at]!;
    const child = isConstant(key) ? node.child(keyText(key)) : undefined;
    if (child === undefined) return true;
    if (child.rules.length > 0) return false;
    node = child;
  }
  return false;
}

/** `input` alone is a ref, as it is for OPA. */
function asRef(term: Term): Term {
  return isVar(term, "input") ? { kind: "ref", start: term.start, end: term.end, parts: [term] } : term;
}

function isVar(term: Term | undefined, name: string): boolean {
  return term?.kind === "var" && term.name === name;
}
