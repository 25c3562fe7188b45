// What OPA's rule index asks of a body before its rule is tried: which documents it reads, and the constants they must be.
import { contains, type Node } from "#analysis/rego/tree/walk.ts";
import type { Body, Expr, Logical, Term } from "#grammars/rego/ast.ts";
import { functionName } from "./calls.ts";
import { FALSE, local, type Next } from "./function-builder.ts";
import type { Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { isConstant, keyText, type TrieNode } from "./rule-trie.ts";

const AFFIX: Readonly<Record<string, "startswith" | "endswith">> = {
  startswith: "startswith",
  endswith: "endswith",
  "strings.any_prefix_match": "startswith",
  "strings.any_suffix_match": "endswith",
};

type Constraint =
  | { readonly kind: "value" | "member"; readonly term: Term }
  | { readonly kind: "startswith" | "endswith"; readonly term: Term };

/** A document or an argument, and what it may be; anything when nothing is said. */
interface IndexedTerm {
  readonly term: Term;
  readonly alternatives: Constraint[];
  /** The position of the last literal that says something of it. */
  last: number;
}

/** All terms must be as they are said to be; of each pair one side must hold. */
interface IndexTests {
  readonly terms: ReadonlyMap<string, IndexedTerm>;
  readonly either: readonly { readonly sides: readonly [IndexTests, IndexTests]; readonly last: number }[];
}

const COMPARISONS: ReadonlySet<string> = new Set([
  "eq",
  "assign",
  "equal",
  "neq",
  "lt",
  "lte",
  "gt",
  "gte",
  "internal.member_2",
  "internal.member_3",
]);

/**
 * Plans a rule's body. Where something that may fail, conflict or print stands before what the index looks at, that is
 * looked at first: OPA's interpreter does not begin with a rule that its index excludes.
 */
export function planRuleBody(p: FunctionPlanner, body: Body, args: readonly Term[], next: Next): void {
  const looked = indexTests(p, body, args);
  const guarded = body.slice(0, lastOf(looked)).some((expr) => contains(expr, (node) => mayHaveEffects(p, node)));
  if (guarded) planTests(p, looked, () => p.body(body, next));
  else p.body(body, next);
}

/** Goes on when the index would let the body's rule be tried. */
export function planAdmitted(p: FunctionPlanner, body: Body, next: Next): void {
  planTests(p, indexTests(p, body, []), next);
}

function lastOf({ terms, either }: IndexTests): number {
  return Math.max(-1, ...[...terms.values()].map(({ last }) => last), ...either.map(({ last }) => last));
}

function planTests(p: FunctionPlanner, { terms, either }: IndexTests, next: Next): void {
  const planEither = ([first, ...rest]: IndexTests["either"]): void => {
    if (first === undefined) return next();
    p.exists(
      (found) => p.emit({ op: "Block", blocks: first.sides.map((side) => p.block(() => planTests(p, side, found))) }),
      () => planEither(rest),
    );
  };
  const planTerms = ([first, ...rest]: readonly IndexedTerm[]): void => {
    if (first === undefined) return planEither(either);
    p.exists(
      (found) => p.term(first.term, (value) => planAlternatives(p, first, value, found)),
      () => planTerms(rest),
    );
  };
  planTerms([...terms.values()]);
}

/** Calls may fail or print, rules and object comprehensions may conflict. */
function mayHaveEffects(p: FunctionPlanner, node: Node): boolean {
  switch (node.kind) {
    case "call":
      return !COMPARISONS.has(functionName(node.operator.parts) ?? "");
    case "ref":
      return isVar(node.parts[0], "data") && !isBase(p, node.parts);
    case "objectComprehension":
      return true;
    default:
      return false;
  }
}

function planAlternatives(p: FunctionPlanner, { alternatives }: IndexedTerm, value: Operand, found: Next): void {
  if (alternatives.length === 0) return found();
  p.emit({ op: "Block", blocks: alternatives.map((one) => p.block(() => planConstraint(p, one, value, found))) });
}

function planConstraint(p: FunctionPlanner, { kind, term }: Constraint, value: Operand, found: Next): void {
  switch (kind) {
    case "value":
      return planValue(p, term, value, found);
    case "member":
      return p.term(term, (wanted) => {
        holds(p, "internal.member_2", [wanted, value]);
        found();
      });
    case "startswith":
    case "endswith":
      return p.term(term, (affix) => {
        const test = (text: Operand): void => {
          holds(p, "is_string", [text]);
          holds(p, kind, [text, affix]);
          found();
        };
        // The index takes any text of a collection, too.
        const members = p.block(() => p.scan(p.localOf(value), (_key, member) => test(local(member))));
        p.emit({ op: "Block", blocks: [p.block(() => test(value)), members] });
      });
  }
}

/** Elements that are no scalars may be anything. */
function planValue(p: FunctionPlanner, term: Term, value: Operand, next: Next): void {
  if (term.kind !== "array") {
    return p.term(term, (wanted) => {
      p.emit({ op: "Equal", a: value, b: wanted });
      next();
    });
  }
  p.emit({ op: "IsArray", source: value });
  const length = p.fresh();
  p.emit({ op: "Len", source: value, target: length });
  p.emit({ op: "Equal", a: local(length), b: local(p.integer(term.items.length)) });
  for (const [at, item] of term.items.entries()) {
    if (!isConstant(item)) continue;
    const found = p.fresh();
    p.emit({ op: "Dot", source: value, key: local(p.integer(at)), target: found });
    p.term(item, (wanted) => p.emit({ op: "Equal", a: local(found), b: wanted }));
  }
  next();
}

function holds(p: FunctionPlanner, name: string, args: readonly Operand[]): void {
  const builtin = p.program.builtins.get(name);
  if (builtin === undefined) return;
  p.program.useBuiltin(builtin);
  const result = p.fresh();
  p.emit({ op: "Call", func: name, args, result });
  p.emit({ op: "NotEqual", a: local(result), b: FALSE });
}

function indexTests(p: FunctionPlanner, body: Body, args: readonly Term[]): IndexTests {
  const reader = new IndexReader(p, new Map(), new Map(args.flatMap((arg) => (arg.kind === "var" ? [[arg.name, arg]] : []))));
  if (!body.some((expr) => contains(expr, isPrint))) for (const [at, expr] of body.entries()) reader.read(expr, at);
  return reader;
}

class IndexReader implements IndexTests {
  readonly terms = new Map<string, IndexedTerm>();
  readonly either: IndexTests["either"][number][] = [];
  readonly #p: FunctionPlanner;
  readonly #constants: Map<string, Term>;
  /** The documents and arguments that variables stand for. */
  readonly #documents: Map<string, Term>;
  #at = 0;

  constructor(p: FunctionPlanner, constants: ReadonlyMap<string, Term>, documents: ReadonlyMap<string, Term>) {
    this.#p = p;
    this.#constants = new Map(constants);
    this.#documents = new Map(documents);
  }

  read(expr: Expr, at: number): void {
    this.#at = at;
    if (expr.negated || expr.with.length > 0) return;
    const { body } = expr;
    if (body.kind === "logical") return this.#logical(body);
    const bare = body.kind === "ref" ? this.#document(body) : undefined;
    if (bare !== undefined) this.#note(bare);
    const [a, b, ...more] = body.kind === "call" ? body.args : [];
    if (a === undefined || b === undefined || more.length > 0) return;
    const name = operatorOf(expr);
    if (name === "eq" || name === "assign" || name === "equal") {
      if (!this.#equation(a, b)) this.#equation(b, a);
    } else if (name === "internal.member_2") this.#member(a, b);
    else if (name !== undefined && Object.hasOwn(AFFIX, name)) {
      const [document, bases] = [this.#document(a), affixes(this.#constant(b))];
      if (document !== undefined && bases !== undefined)
        for (const term of bases) this.#note(document, { kind: AFFIX[name]!, term });
    }
  }

  #logical({ operator, left, right }: Logical): void {
    const side = (operand: Body): IndexReader => {
      const inner = new IndexReader(this.#p, this.#constants, this.#documents);
      for (const expr of operand) inner.read(expr, this.#at);
      return inner;
    };
    const sides = [side(left), side(right)] as const;
    if (operator === "or") {
      if (sides.every((one) => one.terms.size + one.either.length > 0)) this.either.push({ sides, last: this.#at });
      return;
    }
    for (const { terms, either } of sides) {
      for (const { term, alternatives } of terms.values()) {
        this.#note(term);
        for (const one of alternatives) this.#note(term, one);
      }
      this.either.push(...either);
    }
  }

  #member(a: Term, b: Term): void {
    const document = this.#document(a);
    if (document !== undefined) {
      for (const term of membersOf(this.#constant(b)) ?? []) this.#note(document, { kind: "value", term });
      return;
    }
    const [collection, value] = [this.#document(b), this.#constant(a)];
    if (collection?.kind === "ref" && isConstant(value)) this.#note(collection, { kind: "member", term: value });
  }

  #equation(a: Term, b: Term): boolean {
    const value = this.#constant(b);
    const collection =
      a.kind === "ref" && a.parts.at(-1)?.kind === "var" ? this.#document({ ...a, parts: a.parts.slice(0, -1) }) : undefined;
    if (collection !== undefined && isConstant(value)) {
      this.#note(collection, { kind: "member", term: value });
      return true;
    }
    const document = this.#document(a);
    if (document === undefined) {
      if (a.kind === "var" && isGround(value)) this.#constants.set(a.name, value);
      return false;
    }
    if (!isIndexable(value)) return false;
    if (value.kind === "var" && !this.#documents.has(value.name)) this.#documents.set(value.name, document);
    this.#note(document, value.kind === "var" ? undefined : { kind: "value", term: value });
    return true;
  }

  #constant(term: Term): Term {
    return term.kind === "var" ? (this.#constants.get(term.name) ?? term) : term;
  }

  #document(term: Term): Term | undefined {
    if (term.kind === "var") return this.#documents.get(term.name);
    if (term.kind !== "ref") return undefined;
    const [head, ...keys] = term.parts;
    const alias = head?.kind === "var" ? this.#documents.get(head.name) : undefined;
    const ref = alias?.kind === "ref" ? { ...term, parts: [...alias.parts, ...keys] } : term;
    return isBase(this.#p, ref.parts) ? ref : undefined;
  }

  #note(term: Term, constraint?: Constraint): void {
    const key = documentKey(term);
    const known = this.terms.get(key) ?? { term, alternatives: [], last: this.#at };
    this.terms.set(key, known);
    known.last = this.#at;
    if (constraint !== undefined) known.alternatives.push(constraint);
  }
}

function documentKey(term: Term): string {
  const parts = term.kind === "ref" ? term.parts : [term];
  return parts.map((part) => (part.kind === "var" ? part.name : isConstant(part) ? keyText(part) : "")).join("\u0001");
}

const isPrint = (node: Node): boolean => node.kind === "call" && functionName(node.operator.parts) === "internal.print";

function operatorOf({ body }: Expr): string | undefined {
  return body.kind === "call" ? functionName(body.operator.parts) : undefined;
}

/** Scalars, variables, and arrays without anything nested. */
function isIndexable(term: Term): boolean {
  if (term.kind === "array") return term.items.every((item) => isConstant(item) || item.kind === "var");
  return isConstant(term) || term.kind === "var";
}

function isGround(term: Term): boolean {
  if (term.kind === "array" || term.kind === "set") return term.items.every(isGround);
  if (term.kind === "object") return term.entries.every(({ key, value }) => isGround(key) && isGround(value));
  return isConstant(term);
}

/** The members of a constant collection; undefined when some could not be told apart. */
function membersOf(term: Term): readonly Term[] | undefined {
  const members =
    term.kind === "array" || term.kind === "set"
      ? term.items
      : term.kind === "object"
        ? term.entries.map(({ value }) => value)
        : undefined;
  return members?.every((one) => isConstant(one) || one.kind === "array") === true ? members : undefined;
}

function affixes(term: Term): readonly Term[] | undefined {
  const bases = term.kind === "array" || term.kind === "set" ? term.items : [term];
  return bases.every(({ kind }) => kind === "string") ? bases : undefined;
}

/** A ref of constant keys to `input`, or to a place in `data` where no rule stands. */
function isBase(p: FunctionPlanner, [root, ...keys]: readonly Term[]): boolean {
  if (!keys.every(isConstant)) return false;
  if (isVar(root, "input")) return true;
  if (!isVar(root, "data")) return false;
  let node: TrieNode = p.rules.root;
  for (const key of keys) {
    const child = node.children.get(keyText(key));
    if (child === undefined) return true;
    if (child.rules.length > 0) return false;
    node = child;
  }
  return false;
}

function isVar(term: Term | undefined, name: string): boolean {
  return term?.kind === "var" && term.name === name;
}
