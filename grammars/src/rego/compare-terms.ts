// The order of terms: by type, then by value, as OPA sorts them.
import type { Body, Call, Expr, ObjectTerm, Ref, SetTerm, TemplateString, Term, Var } from "./ast.ts";
import { isRoot, partsOf } from "./nodes.ts";
import { compareNumberText, normalNumber } from "./numbers.ts";

const rank: Readonly<Record<Term["kind"], number>> = {
  null: 0,
  boolean: 1,
  number: 2,
  string: 3,
  templateString: 4,
  var: 5,
  ref: 6,
  array: 7,
  object: 8,
  set: 9,
  arrayComprehension: 10,
  objectComprehension: 11,
  setComprehension: 12,
  call: 13,
};

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares lists of terms item by item, then by length. */
export function compareTermLists(a: readonly Term[], b: readonly Term[]): number {
  return compareLists(a, b, compareTerms);
}

function compareLists<T>(a: readonly T[], b: readonly T[], compare: (x: T, y: T) => number): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compare(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Total order over terms. */
export function compareTerms(a: Term, b: Term): number {
  const order = rankOf(a) - rankOf(b);
  if (order !== 0) return order;
  if (isRef(a) && isRef(b)) return compareParts(partsOf(a), partsOf(b));
  switch (a.kind) {
    case "null":
      return 0;
    case "boolean":
      return Number(a.value) - Number((b as typeof a).value);
    case "number":
      return compareNumberText(normalNumber(a.text), normalNumber((b as typeof a).text));
    case "string":
      return compareText(a.value, (b as typeof a).value);
    case "var":
      return compareText(a.name, (b as typeof a).name);
    case "array":
      return compareTermLists(a.items, (b as typeof a).items);
    case "set":
      return compareTermLists(membersOf(a), membersOf(b as typeof a));
    case "object":
      return compareTermLists(pairsOf(a), pairsOf(b as typeof a));
    case "call":
      return compareCalls(a, b as typeof a);
    case "arrayComprehension":
    case "setComprehension":
      return compareTerms(a.term, (b as typeof a).term) || compareBodies(a.body, (b as typeof a).body);
    case "objectComprehension":
      return (
        compareTerms(a.key, (b as typeof a).key) ||
        compareTerms(a.value, (b as typeof a).value) ||
        compareBodies(a.body, (b as typeof a).body)
      );
    case "templateString":
      return compareTemplates(a, b as typeof a);
    case "ref":
      return 0;
  }
}

/** Each once, in order. */
function membersOf({ items }: SetTerm): readonly Term[] {
  return [...items].sort(compareTerms).filter((item, at, all) => at === 0 || compareTerms(all[at - 1]!, item) !== 0);
}

/** Keys in order, each with the last value that it is given. */
function pairsOf({ entries }: ObjectTerm): readonly Term[] {
  return [...entries]
    .sort((x, y) => compareTerms(x.key, y.key))
    .filter(({ key }, at, all) => at === all.length - 1 || compareTerms(key, all[at + 1]!.key) !== 0)
    .flatMap(({ key, value }) => [key, value]);
}

function compareBodies(a: Body, b: Body): number {
  return compareLists(a, b, compareExprs);
}

const exprRank = { some: 0, every: 3, notBody: 4, logical: 5 } as const;

function rankOfExpr({ body }: Expr): number {
  switch (body.kind) {
    case "some":
    case "every":
    case "notBody":
      return exprRank[body.kind];
    case "logical":
      return exprRank.logical + (body.operator === "or" ? 1 : 0);
    case "call":
      return 2;
    default:
      return 1;
  }
}

function compareExprs(a: Expr, b: Expr): number {
  return (
    rankOfExpr(a) - rankOfExpr(b) ||
    Number(a.negated) - Number(b.negated) ||
    compareStatements(a.body, b.body) ||
    compareLists(a.with, b.with, (x, y) => compareTerms(x.target, y.target) || compareTerms(x.value, y.value))
  );
}

/** Statements of one kind. */
function compareStatements(a: Expr["body"], b: Expr["body"]): number {
  switch (a.kind) {
    case "some":
      return compareTermLists(a.symbols, (b as typeof a).symbols);
    case "every": {
      const { key, value, domain, body } = b as typeof a;
      const byKey =
        a.key === undefined || key === undefined
          ? Number(a.key !== undefined) - Number(key !== undefined)
          : compareTerms(a.key, key);
      return byKey || compareTermLists([a.value, a.domain], [value, domain]) || compareBodies(a.body, body);
    }
    case "notBody":
      return compareBodies(a.body, (b as typeof a).body);
    case "logical":
      return compareBodies(a.left, (b as typeof a).left) || compareBodies(a.right, (b as typeof a).right);
    default:
      return compareTerms(a, b as Term);
  }
}

function compareTemplates(a: TemplateString, b: TemplateString): number {
  return (
    Number(a.multiline) - Number(b.multiline) ||
    a.parts.length - b.parts.length ||
    compareLists(a.parts, b.parts, (x, y) => {
      if (x.kind === "expr" && y.kind === "expr") return compareExprs(x, y);
      return x.kind === "expr" ? 1 : y.kind === "expr" ? -1 : compareTerms(x, y);
    })
  );
}

/** `input` and `data` alone are refs to OPA. */
function isRef(term: Term): term is Ref | Var {
  return term.kind === "ref" || isRoot(term);
}

function rankOf(term: Term): number {
  return isRef(term) ? rank.ref : rank[term.kind];
}

function compareParts(a: readonly Term[], b: readonly Term[]): number {
  const [x, y] = [a[0]!, b[0]!];
  const order = x.kind === "var" && y.kind === "var" ? compareText(x.name, y.name) : compareTerms(x, y);
  return order === 0 ? compareTermLists(a.slice(1), b.slice(1)) : order;
}

/** By operator, then by operands; calls in the first place, as rows of operands have them, without going deeper. */
function compareCalls(a: Call, b: Call): number {
  const pairs: (readonly [Call, Call])[] = [];
  for (let [x, y] = [a, b]; ; ) {
    const order = compareTerms(x.operator, y.operator);
    if (order !== 0) return order;
    pairs.push([x, y]);
    const [p] = x.args;
    const [q] = y.args;
    if (p?.kind !== "call" || q?.kind !== "call") break;
    [x, y] = [p, q];
  }
  for (const [i, [x, y]] of pairs.reverse().entries()) {
    const from = i === 0 ? 0 : 1;
    const order = compareTermLists(x.args.slice(from), y.args.slice(from));
    if (order !== 0) return order;
  }
  return 0;
}

/** True when both are the same term. */
export function equalTerms(a: Term, b: Term): boolean {
  return a === b || compareTerms(a, b) === 0;
}
