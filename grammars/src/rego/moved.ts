// Trees that lie elsewhere in the text than where they were read.
import type { Body, Call, Expr, Head, Import, Package, Range, Rule, Term } from "./ast.ts";
import { rowBefore } from "./nodes.ts";
import type { RuleFacts } from "./rule-facts.ts";

/** A rule as it is further on: most of those below an edit are never looked into, so their trees are moved when somebody asks. */
class MovedRule implements Rule {
  declare readonly kind: "rule";
  declare readonly default: boolean;
  declare readonly head: Head;
  declare readonly body: Body | undefined;
  declare readonly else: Rule | undefined;
  declare readonly chained: boolean;
  declare readonly start: number;
  declare readonly end: number;
  declare readonly hasIf?: true;
  readonly #origin: Origin;
  #head: Head | undefined;
  #body: Body | undefined;

  constructor(origin: Origin, otherwise: Rule | undefined) {
    const { rule, by } = origin;
    this.#origin = origin;
    this.kind = "rule";
    this.default = rule.default;
    // Fields of the rule's own, as all who walk or copy a tree expect.
    Object.defineProperties(this, MovedRule.#moved);
    this.else = otherwise;
    this.chained = rule.chained;
    this.start = rule.start + by;
    this.end = rule.end + by;
    if (rule.hasIf) this.hasIf = true;
  }

  static readonly #moved: PropertyDescriptorMap & ThisType<MovedRule> = {
    head: {
      enumerable: true,
      get() {
        this.#head ??= movedHead(this.#origin.rule.head, this.#origin.by);
        return this.#head;
      },
    },
    body: {
      enumerable: true,
      get() {
        const { rule, by } = this.#origin;
        if (rule.body !== undefined) this.#body ??= movedBody(rule.body, by);
        return this.#body;
      },
    },
  };

  static originOf(rule: Rule): Origin {
    return #origin in rule ? rule.#origin : { rule, by: 0 };
  }
}

export interface Origin {
  /** The rule as it was read once: the same object as long as no edit touches the rule. */
  readonly rule: Rule;
  /** How much further on the rule lies now. */
  readonly by: number;
}

/** What a rule is that may lie elsewhere now than where it was read. */
export function originOf(rule: Rule): Origin {
  return MovedRule.originOf(rule);
}

/** The rule and its branches as they are `by` code units further on. */
export function movedRule(rule: Rule, by: number): Rule {
  return movedBranches(rule, by)[0]!;
}

function movedBranches(rule: Rule, by: number): readonly Rule[] {
  const branches: Rule[] = [];
  for (let at: Rule | undefined = rule; at !== undefined; at = at.else) branches.push(at);
  for (let i = branches.length - 1; i >= 0; i--) {
    const origin = originOf(branches[i]!);
    const there = origin.by + by;
    branches[i] = there === 0 ? origin.rule : new MovedRule({ rule: origin.rule, by: there }, branches[i + 1]);
  }
  return branches;
}

/** `movedRule` of a rule with what else is known of it. */
export function movedFacts(facts: RuleFacts, by: number): RuleFacts {
  const branches: RuleFacts[] = [];
  for (let at: RuleFacts | undefined = facts; at !== undefined; at = at.else) branches.push(at);
  const rules = movedBranches(facts.rule, by);
  for (let i = branches.length - 1; i >= 0; i--) {
    const below = branches[i + 1];
    branches[i] = { ...branches[i]!, rule: rules[i]!, ...(below === undefined ? {} : { else: below }) };
  }
  return branches[0]!;
}

/** Where what lay at a range lies in the copy. */
type Move = (from: Range) => Range;

/** The head as it is `by` code units further on. */
export function movedHead(head: Head, by: number): Head {
  if (by === 0) return head;
  const further = furtherBy(by);
  return { ...placedHead(head, further), reference: moved(head.reference, further) };
}

/** The head of a further `{…}` body: as in OPA all that it says lies where that body lies, but for the path. */
export function headOfFurtherBody(head: Head, { start, end }: Range): Head {
  return placedHead(head, () => ({ start, end }));
}

/** The package as it is `by` code units further on. */
export function movedPackage(found: Package, by: number): Package {
  const further = furtherBy(by);
  return { ...found, ...further(found), path: found.path.map((part) => moved(part, further)) };
}

/** The import as it is `by` code units further on. */
export function movedImport(item: Import, by: number): Import {
  const { path, alias } = item;
  const further = furtherBy(by);
  return {
    ...item,
    ...further(item),
    path: moved(path, further),
    alias: alias === undefined ? undefined : moved(alias, further),
  };
}

/** The body as it is `by` code units further on. */
export function movedBody(body: Body, by: number): Body {
  return by === 0 ? body : bodyAt(body, furtherBy(by));
}

function furtherBy(by: number): Move {
  return ({ start, end }) => ({ start: start + by, end: end + by });
}

function placedHead(head: Head, to: Move): Head {
  return {
    ...head,
    ...to(head),
    args: head.args?.map((arg) => moved(arg, to)),
    key: head.key === undefined ? undefined : moved(head.key, to),
    value: head.value === undefined ? undefined : moved(head.value, to),
  };
}

function bodyAt(body: Body, to: Move): Body {
  return body.map((expr) => movedExpr(expr, to));
}

function movedExpr(expr: Expr, to: Move): Expr {
  return {
    ...expr,
    ...to(expr),
    body: movedStatement(expr.body, to),
    with:
      expr.with.length === 0
        ? expr.with
        : expr.with.map((one) => ({
            ...one,
            ...to(one),
            target: moved(one.target, to),
            value: moved(one.value, to),
          })),
  };
}

function movedStatement(body: Expr["body"], to: Move): Expr["body"] {
  switch (body.kind) {
    case "some":
      return { ...body, ...to(body), symbols: body.symbols.map((symbol) => moved(symbol, to)) };
    case "every":
      return {
        ...body,
        ...to(body),
        key: body.key === undefined ? undefined : moved(body.key, to),
        value: moved(body.value, to),
        domain: moved(body.domain, to),
        body: bodyAt(body.body, to),
      };
    case "notBody":
      return { ...body, ...to(body), body: bodyAt(body.body, to) };
    case "logical":
      return { ...body, ...to(body), left: bodyAt(body.left, to), right: bodyAt(body.right, to) };
    default:
      return moved(body, to);
  }
}

/** The kind of a term stays. */
function moved<T extends Term>(term: T, to: Move): T;
function moved(term: Term, to: Move): Term {
  const range = termRange(term, to);
  switch (term.kind) {
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "var":
      return { ...term, ...range };
    case "ref":
      return { ...term, ...range, parts: term.parts.map((part) => moved(part, to)) };
    case "array":
    case "set":
      return { ...term, ...range, items: term.items.map((item) => moved(item, to)) };
    case "object":
      return {
        ...term,
        ...range,
        entries: term.entries.map(({ key, value }) => ({ key: moved(key, to), value: moved(value, to) })),
      };
    case "arrayComprehension":
    case "setComprehension":
      return { ...term, ...range, term: moved(term.term, to), body: bodyAt(term.body, to) };
    case "objectComprehension":
      return { ...term, ...range, key: moved(term.key, to), value: moved(term.value, to), body: bodyAt(term.body, to) };
    case "call":
      return movedCall(term, to);
    case "templateString":
      return {
        ...term,
        ...range,
        parts: term.parts.map((part) => (part.kind === "expr" ? movedExpr(part, to) : moved(part, to))),
      };
  }
}

/** Operands in a row are moved without going deeper from one to the next. */
function movedCall(call: Call, to: Move): Call {
  const row = [call];
  for (let at = rowBefore(call); at !== undefined; at = rowBefore(at)) row.push(at);
  return row.reduceRight<Call | undefined>((first, at) => {
    const args = at.args.map((arg, i) => (i === 0 && first !== undefined ? first : moved(arg, to)));
    return { ...at, ...termRange(at, to), operator: moved(at.operator, to), args };
  }, undefined)!;
}

function termRange(term: Term, to: Move): Pick<Term, "start" | "end" | "grouped"> {
  const { grouped } = term;
  return { ...to(term), ...(grouped === undefined ? {} : { grouped: to(grouped) }) };
}
