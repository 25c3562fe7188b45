// The course of an evaluation as the events of OPA's interpreter, in its order: it goes on behind a rule's first result before it
// looks for others, and tells of each step once more on the way back.

import { isConstant as isGround } from "#analysis/rego/tree/refs.ts";
import type { Mark } from "#compiler/plan/marks.ts";
import type { Body, Expr, Head, Rule } from "#grammars/rego/ast.ts";
import { printTerm } from "#grammars/rego/print-terms.ts";
import { stackIsTooSmall } from "#grammars/text/stack.ts";
import type { Conflict, CourseListener, Reached } from "./course.ts";
import { documentsIn, documentText } from "./document-refs.ts";
import { type Explain, wantedOps } from "./explanation-columns.ts";
import type { EvaluationError } from "./instance.ts";
import { writeTerm } from "./rego-text.ts";
import { nameOfCase, testCaseBuiltin } from "./test-cases.ts";

export type ExplainedOp = "Enter" | "Exit" | "Eval" | "Redo" | "Fail" | "Note" | "Index" | "Duplicate" | "TestCase";

export type ExplainedNode =
  | { readonly kind: "expr"; readonly expr: Expr; readonly index: number }
  | { readonly kind: "body"; readonly body: Body }
  | { readonly kind: "rule"; readonly rule: Rule };

export interface ExplainedEvent {
  readonly op: ExplainedOp;
  readonly node: ExplainedNode;
  /** Index of the module's files. */
  readonly file: number;
  /** That it is told from. */
  readonly mark: Mark;
  /** Queries are numbered in the order in which they begin. */
  readonly query: number;
  readonly parent: number;
  /** Variable → its value as Rego text. */
  readonly locals: ReadonlyMap<string, string>;
  /** Refs of the node to rules that were evaluated before → their values. */
  readonly known: ReadonlyMap<string, string>;
  /** The values of rules that count here are those of this object: see `KnownChange`. */
  readonly cache: object;
  readonly message: string;
  /** Of a rule's query: the position of the expression around it that asks the rule. */
  readonly within?: number;
  /** The path of the rules that an index was asked about, below `data`; of a case of a test its names. */
  readonly path?: readonly string[];
}

/** What of OPA's ways to do less the evaluations had. */
export interface Ways {
  /** The index says which rules are tried. */
  readonly hasIndex?: boolean;
  /** What has all that it wanted ends then. */
  readonly hasEarlyExits?: boolean;
}

/** The events of the evaluations that were heard, as far as they are asked for. `end`: how they ended before all was evaluated. */
export function explain(course: readonly Reached[], how: Explain, end?: CourseEnd, ways: Ways = {}): readonly ExplainedEvent[] {
  const { events } = retell(course, end, ways);
  const ops = wantedOps(how);
  return ops === undefined ? events : withQueries(events, ops);
}

/** What was heard is cut: the evaluation went on behind it, or was stopped there; or values conflict, and OPA tells of its way back. */
export type CourseEnd = "cut" | Conflict;

/** How what was heard of an evaluation ends, of which the error is known. */
export function courseEnd(
  { isCut, conflict }: Pick<CourseListener, "isCut" | "conflict">,
  error?: EvaluationError,
): CourseEnd | undefined {
  if (isCut) return "cut";
  if (error === undefined) return undefined;
  return error.code === "eval_conflict_error" && conflict !== undefined ? conflict : "cut";
}

/** All events, and which values of rules were known at each. */
export interface Retold {
  readonly events: readonly ExplainedEvent[];
  /** What each event is told from. */
  readonly reached: readonly Reached[];
  readonly known: readonly KnownChange[];
  /** False where the stack ended before the course did. */
  readonly isWhole: boolean;
}

/** From the event of that number on a value is known, among those that count together; without one all of those are forgotten. */
export interface KnownChange {
  readonly event: number;
  readonly cache: object;
  readonly added?: readonly [ref: string, value: string];
}

export function retell(course: readonly Reached[], end?: CourseEnd, ways: Ways = {}): Retold {
  const player = new Player(end === "cut" ? undefined : end, ways);
  const isWhole = playAll(player, course);
  const { events, reached, known } = player;
  return { events: end === "cut" || !isWhole ? withoutWayBack(events) : events, reached, known, isWhole };
}

/** What stands behind a step is told inside it: false where the stack ended before the course did. */
function playAll(player: Player, course: readonly Reached[]): boolean {
  try {
    for (const reached of course) player.play(reached);
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    stackIsTooSmall();
    return false;
  }
}

const stepsAhead: ReadonlySet<ExplainedOp> = new Set(["Enter", "Eval", "Exit", "Note", "TestCase"]);

/** The events up to the last step ahead: what only seems to fail behind it has gone on. OPA leaves an `every` on its way back. */
function withoutWayBack(events: readonly ExplainedEvent[]): readonly ExplainedEvent[] {
  const isAhead = ({ op, node }: ExplainedEvent): boolean => stepsAhead.has(op) && (op !== "Exit" || node.kind !== "expr");
  return events.slice(0, events.findLastIndex(isAhead) + 1);
}

/** The events of some kinds, each below the queries that it is in and that were entered since the one before it, as OPA shows them. */
function withQueries(events: readonly ExplainedEvent[], ops: readonly ExplainedOp[]): readonly ExplainedEvent[] {
  const kept: ExplainedEvent[] = [];
  const open = new Map<number, ExplainedEvent>();
  for (const event of events) {
    if (ops.includes(event.op)) {
      const around: ExplainedEvent[] = [];
      // The outermost query is its own parent.
      for (let at = open.get(event.query); at !== undefined && at !== around.at(-1); at = open.get(at.parent)) around.push(at);
      kept.push(...around.reverse(), event);
      open.clear();
    }
    // An `every` is a query of its own, but no body.
    if ((event.op === "Enter" || event.op === "Redo") && event.node.kind !== "expr") open.set(event.query, event);
  }
  return kept;
}

/** A body that is being evaluated. */
interface Run {
  readonly query: number;
  readonly parent: number;
  readonly within?: number;
  /** The first solution is all that is wanted. */
  readonly findOne: boolean;
  /** What happens when all expressions hold; gives the run that has all it wanted then. */
  readonly end: (at: Reached) => Run | undefined;
}

/** An expression that was tried. */
interface Tried {
  readonly expr: Expr | undefined;
  readonly at: Reached;
  readonly index: number;
  defined: boolean;
  /** What was known of calls when it was tried. */
  readonly admitted: Map<string, Admitted>;
  readonly values: Map<string, string>;
  /** The key of packages that is followed: its variable is bound for the rules there. */
  bound: Reached | undefined;
  /** Of an `every`, the query for its elements, and whether one failed. */
  domain?: { readonly run: Run; readonly at: Reached; failed: boolean };
}

interface Admitted {
  readonly rules: number;
  readonly early: boolean;
}

/** What a step gives where values conflict: the evaluation goes back from there. */
const broken: Run = { query: -1, parent: -1, findOne: false, end: () => broken };

function brokenOnly(ended: Run | undefined): Run | undefined {
  return ended === broken ? broken : undefined;
}

/** How rules are asked for their results. */
interface AskedRules {
  /** They give the one value of their path. */
  readonly isSingle: boolean;
  readonly findOne: boolean;
  /** They stand for a condition and give `false`. */
  readonly isFalse: boolean;
  /** The position of the expression that asks. */
  readonly within: number;
}

const none: ReadonlyMap<string, string> = new Map();

class Player {
  readonly events: ExplainedEvent[] = [];
  /** What each event is told from. */
  readonly reached: Reached[] = [];
  readonly known: KnownChange[] = [];
  #queries = -1;
  /** What OPA calls the values of terms that stand for themselves, by our names. */
  readonly #terms = new Map<string, string>();
  /** What the index said of a call, for when the result is remembered: that is so until the end of a `with`. */
  #admitted = new Map<string, Admitted>();
  /** Ref → value of what was evaluated, for as long. */
  #values = new Map<string, string>();
  readonly #refs = new Map<object, readonly string[]>();
  readonly #conflict: Conflict | undefined;
  readonly #ways: Ways;

  constructor(conflict: Conflict | undefined, ways: Ways) {
    this.#conflict = conflict;
    this.#ways = ways;
  }

  play(reached: Reached): void {
    if (reached.mark.kind === "query") this.#body(reached, { query: 0, parent: 0 }, false);
  }

  /** A body as a query of its own: its solutions are told one after the other. */
  #body(reached: Reached, around: Pick<Run, "query" | "parent">, findOne: boolean): Run | undefined {
    const { mark } = reached;
    if (mark.kind !== "query") return undefined;
    const node = { kind: "body", body: mark.body } as const;
    const run: Run = {
      ...this.#begin(around),
      findOne,
      end: (at) => {
        this.#tell("Exit", run, at, node, findOne ? "early" : "");
        this.#tell("Redo", run, at, node);
        return findOne ? run : undefined;
      },
    };
    this.#tell("Enter", run, reached, node);
    return brokenOnly(this.#steps(reached.children, run, this.#nothing(reached)));
  }

  #begin({ query }: Pick<Run, "query">): Pick<Run, "query" | "parent"> {
    return { query: ++this.#queries, parent: query };
  }

  /** What was reached behind a mark; gives the first run that has all it wanted. */
  #steps(children: readonly Reached[], run: Run, tried: Tried): Run | undefined {
    let ended: Run | undefined;
    for (const child of children) {
      const one = this.#step(child, run, tried);
      ended ??= one;
      // The searches of a run that has all it wanted end; those of others inside go on.
      if (one === run || one === broken) return one;
    }
    return ended;
  }

  /** A query begins: no expression was tried yet. */
  #nothing(at: Reached): Tried {
    return { expr: undefined, at, index: 0, defined: false, admitted: this.#admitted, values: this.#values, bound: undefined };
  }

  #step(at: Reached, run: Run, tried: Tried): Run | undefined {
    const ended = this.#told(at, run, tried);
    return at === this.#conflict?.at ? broken : ended;
  }

  #told(at: Reached, run: Run, tried: Tried): Run | undefined {
    const { mark } = at;
    switch (mark.kind) {
      case "eval":
      case "end": {
        const { expr, domain } = tried;
        tried.defined = true;
        const [admitted, values] = [this.#admitted, this.#values];
        [this.#admitted, this.#values] = [tried.admitted, tried.values];
        const ended = mark.kind === "eval" ? this.#expression(at, run) : run.end(at);
        // What was evaluated under a `with` is forgotten when the evaluation goes back there, by all that was open inside.
        if (expr !== undefined && expr.with.length > 0) this.#forget(values);
        this.#values = values;
        if (expr?.negated === false) this.#tell("Redo", run, at, { kind: "expr", expr, index: tried.index });
        if (expr !== undefined && domain !== undefined)
          this.#tell("Exit", domain.run, domain.at, { kind: "expr", expr, index: tried.index });
        [this.#admitted, this.#values] = [admitted, values];
        return ended;
      }
      case "query":
        if (mark.of === "domain") return this.#domain(at, run, tried);
        return this.#body(at, run, mark.of === "operand" || mark.of === "every");
      case "call":
        return this.#call(at, run, tried);
      case "key": {
        const { bound } = tried;
        if (at.children.length > 0) tried.bound = at;
        const ended = this.#steps(at.children, run, tried);
        tried.bound = bound;
        return ended;
      }
      case "result":
      case "found":
        return this.#steps(at.children, run, tried);
      case "function": {
        this.#tellIndex(run, tried, mark.path, admittedIn(at, this.#ways));
        return undefined;
      }
      default:
        return undefined;
    }
  }

  #expression(at: Reached, run: Run): Run | undefined {
    const { mark } = at;
    if (mark.kind !== "eval") return undefined;
    const node = { kind: "expr", expr: mark.expr, index: mark.index } as const;
    this.#terms.set(`$_term_${mark.number}`, `$_term_${run.query}_${mark.index}`);
    this.#tell("Eval", run, at, node);
    for (const said of at.said)
      if (said.op === "Note") this.#tell("Note", run, at, node, said.text);
      else this.#tell("TestCase", run, at, node, `${testCaseBuiltin}(${writeTerm(said.keys)})`, said.keys.map(nameOfCase));
    const tried: Tried = { ...this.#nothing(at), expr: mark.expr, index: mark.index };
    if (mark.expr.with.length > 0) [this.#admitted, this.#values] = [new Map(), new Map()];
    const ended = at === this.#conflict?.at ? broken : this.#steps(at.children, run, tried);
    if (ended !== broken) this.#fail(at, run, tried, node);
    [this.#admitted, this.#values] = [tried.admitted, tried.values];
    return ended;
  }

  #fail(at: Reached, run: Run, { domain, defined }: Tried, node: Extract<ExplainedNode, { kind: "expr" }>): void {
    // A domain that is no collection.
    if (node.expr.body.kind === "every" && domain === undefined) this.#tell("Fail", run, at, node);
    if (domain?.failed === true) this.#tell("Fail", domain.run, domain.at, node);
    if (!defined) this.#tell("Fail", run, at, node);
  }

  /** The elements of an `every`, each with a query for the body. */
  #domain(at: Reached, around: Run, tried: Tried): Run | undefined {
    const { expr } = tried;
    if (expr === undefined) return undefined;
    const node = { kind: "expr", expr, index: tried.index } as const;
    const run: Run = {
      ...this.#begin(around),
      findOne: false,
      end: (element) => {
        if (domain.failed) return undefined;
        const body = element.children.find(({ mark }) => mark.kind === "query");
        const ended = body === undefined ? undefined : this.#body(body, run, true);
        domain.failed = ended !== broken && (body === undefined || !holds(body));
        this.#tell("Redo", run, element, node);
        return ended;
      },
    };
    const domain = { run, at, failed: false };
    tried.domain = domain;
    this.#tell("Enter", run, at, node);
    return brokenOnly(this.#steps(at.children, run, this.#nothing(at)));
  }

  #call(at: Reached, run: Run, tried: Tried): Run | undefined {
    const { mark } = at;
    if (mark.kind !== "call") return undefined;
    const begin = at.children.find((one) => one.mark.kind === "begin");
    const [path, key] = [JSON.stringify(mark.path), JSON.stringify([mark.path, ...at.values])];
    const admitted = begin === undefined ? (this.#admitted.get(key) ?? this.#admitted.get(path)) : admittedIn(begin, this.#ways);
    if (admitted !== undefined) this.#admitted.set(key, admitted).set(path, admitted);
    const early = admitted?.early === true;
    if (admitted !== undefined) this.#tellIndex(run, tried, mark.path, admitted);
    const behind = at.children.filter((one) => one !== begin);
    const goOn = (): Run | undefined => {
      this.#keep(at);
      return this.#steps(behind, run, tried);
    };
    if (begin === undefined) return goOn();
    if (!mark.single) {
      const asked = { isSingle: false, findOne: false, isFalse: false, within: tried.index };
      return this.#rules(begin, run, asked, () => undefined) ?? goOn();
    }
    let isAnswered = false;
    let ended: Run | undefined;
    const asked = { isSingle: true, findOne: early, isFalse: isFalseStatement(tried, at), within: tried.index };
    const conflict = this.#rules(begin, run, asked, () => {
      if (isAnswered) return undefined;
      isAnswered = true;
      ended = goOn();
      return ended;
    });
    if (conflict !== undefined) return conflict;
    return isAnswered ? ended : goOn();
  }

  /** What a call has given is known behind it. */
  #keep({ mark, values, children }: Reached): void {
    const result = children.find((one) => one.mark.kind === "result")?.values.get("$0");
    if (mark.kind !== "call" || mark.keys === "other" || result === undefined) return;
    const ref = documentText(mark.path, values.values());
    this.#values.set(ref, result);
    this.known.push({ event: this.events.length, cache: this.#values, added: [ref, result] });
  }

  #forget(values: Map<string, string>): void {
    values.clear();
    this.known.push({ event: this.events.length, cache: values });
  }

  #tellIndex(run: Run, { at, expr, index, bound = at }: Tried, path: readonly string[], { rules, early }: Admitted): void {
    if (expr === undefined) return;
    const message = `(matched ${rules} rule${rules === 1 ? "" : "s"}${early ? ", early exit" : ""})`;
    this.#tell("Index", run, at, { kind: "expr", expr, index }, message, path, bound.values);
  }

  /** The rules that were tried, with what happens at each result; gives `broken` where that conflicts. */
  #rules(begin: Reached, around: Run, asked: AskedRules, found: () => Run | undefined): Run | undefined {
    const { isSingle, findOne, isFalse, within } = asked;
    let isOwn = false;
    for (const entered of begin.children) {
      const { mark } = entered;
      if (mark.kind !== "enter") continue;
      const node = { kind: "rule", rule: mark.rule } as const;
      let isFound = false;
      const run: Run = {
        ...this.#begin(around),
        within,
        findOne,
        end: (at) => {
          isFound = true;
          this.#tell("Exit", run, at, node, findOne ? "early" : "");
          if (at.children.some(({ mark }) => mark.kind === "duplicate")) this.#tell("Duplicate", run, at, node);
          isOwn = at === this.#conflict?.at;
          const ended = isOwn ? broken : found();
          if (ended === undefined && !isFalse) this.#tell("Redo", run, at, node);
          return findOne && ended !== broken ? run : ended;
        },
      };
      this.#tell("Enter", run, entered, node);
      // Other keys are asked for than the rule has.
      if (!isSingle && entered.children.length === 0) this.#tell("Fail", run, entered, node);
      const ended = this.#steps(entered.children, run, this.#nothing(entered));
      if (ended === broken) {
        if (isOwn) this.#again(around, asked);
        return broken;
      }
      if (isFound && findOne) return undefined;
    }
    return undefined;
  }

  /** The rules that conflict once more, each up to a value that differs from the first one. */
  #again(around: Run, { within, findOne }: AskedRules): void {
    const { again, differing } = this.#conflict!;
    for (const entered of again.flatMap(({ children }) => children)) {
      const { mark } = entered;
      if (mark.kind !== "enter") continue;
      const node = { kind: "rule", rule: mark.rule } as const;
      const run: Run = {
        ...this.#begin(around),
        within,
        findOne,
        end: (at) => {
          this.#tell("Exit", run, at, node, findOne ? "early" : "");
          if (differing.has(at)) return broken;
          this.#tell("Redo", run, at, node);
          return findOne ? run : undefined;
        },
      };
      this.#tell("Enter", run, entered, node);
      this.#steps(entered.children, run, this.#nothing(entered));
    }
  }

  #valueOf(ref: string): readonly (readonly [string, string])[] {
    const value = this.#values.get(ref);
    return value === undefined ? [] : [[ref, value]];
  }

  #refsIn(node: ExplainedNode): readonly string[] {
    const parts = node.kind === "expr" ? [node.expr] : node.kind === "body" ? node.body : [];
    const key = node.kind === "expr" ? node.expr : node.kind === "body" ? node.body : node.rule;
    const refs = this.#refs.get(key) ?? parts.flatMap((part) => [...documentsIn(part).keys()]);
    this.#refs.set(key, refs);
    return refs;
  }

  /** The values by OPA's names: most have no other, and then the events share them. */
  #named(values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    for (const name of values.keys())
      if (this.#terms.has(name)) return new Map([...values].map(([name, value]) => [this.#terms.get(name) ?? name, value]));
    return values;
  }

  #tell(
    op: ExplainedOp,
    { query, parent, within }: Pick<Run, "query" | "parent" | "within">,
    at: Reached,
    node: ExplainedNode,
    message = "",
    path?: readonly string[],
    values = at.values,
  ): void {
    const { mark } = at;
    const locals = this.#named(values);
    const refs = this.#refsIn(node);
    const known = refs.length === 0 ? none : new Map(refs.flatMap((ref) => this.#valueOf(ref)));
    this.reached.push(at);
    this.events.push({
      op,
      node,
      file: mark.file,
      mark,
      query,
      parent,
      locals,
      known,
      cache: this.#values,
      message,
      ...(within === undefined ? {} : { within }),
      ...(path === undefined ? {} : { path }),
    });
  }
}

/** True for the call of a function that stands for itself and gives `false`: there OPA goes back without a word. */
function isFalseStatement({ expr }: Tried, { children, values }: Reached): boolean {
  const result = children.find(({ mark }) => mark.kind === "result")?.values.get("$0");
  return result === "false" && expr?.body.kind === "call" && expr.body.args.length === values.size;
}

/** True when all expressions of a body held. */
function holds({ mark, children }: Reached): boolean {
  return mark.kind === "end" || children.some((one) => one.mark.kind !== "query" && one.mark.kind !== "begin" && holds(one));
}

/** How many rules the index let be tried, and whether the first result settles the value. */
function admittedIn({ children }: Reached, { hasIndex = true, hasEarlyExits = true }: Ways): Admitted {
  const admitted = children.flatMap(({ mark }) => (mark.kind === "admit" ? mark : []));
  const rules = new Set(admitted.map(({ rule }) => rule));
  // Where all rules are given, only the values of whole documents are looked at.
  const looked = hasIndex ? admitted : admitted.filter(({ branch: { head } }) => head.key === undefined && isOnePath(head));
  const values = new Set(looked.map(({ branch }) => oneValue(branch, hasIndex)));
  const isOne = values.size === 0 || (values.size === 1 && !values.has(undefined));
  return { rules: rules.size, early: isOne && hasEarlyExits };
}

function isOnePath({ reference }: Head): boolean {
  return reference.kind === "var" || reference.parts.slice(1).every(isGround);
}

/** The value that a head gives its path, as text; undefined where it gives several, to several paths, or a member of an object. */
function oneValue(rule: Rule, hasIndex: boolean): string | undefined {
  const { key, value } = rule.head;
  if (key !== undefined || !isOnePath(rule.head) || (hasIndex && isFact(rule))) return undefined;
  if (value === undefined) return "true";
  return isGround(value) ? printTerm(value) : undefined;
}

/** `p.a := 1`, which OPA reads as a member of an object. */
function isFact({ head, body: [only] = [] }: Rule): boolean {
  const { reference } = head;
  return reference.kind === "ref" && reference.parts.length === 2 && only?.start === head.start && only.end === head.end;
}
