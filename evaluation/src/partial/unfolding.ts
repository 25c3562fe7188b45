// The expressions of a query one after the other, along every way through them: what is known is decided, the rest is left.
import type { Checked } from "#analysis/rego/checked.ts";
import { arityOf } from "#analysis/rego/functions.ts";
import { passesTypes } from "#analysis/rego/stages/30-types.ts";
import { callTerm, exprOf, refTerm, unification, varTerm } from "#analysis/rego/tree/make.ts";
import { groundPrefix, isConstant } from "#analysis/rego/tree/refs.ts";
import { varsOf } from "#analysis/rego/tree/vars.ts";
import { walk } from "#analysis/rego/tree/walk.ts";
import type { Body, Call, Every, Expr, Ref, Term, Var, With } from "#grammars/rego/ast.ts";
import { calledFunction, isRootName } from "#grammars/rego/nodes.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import type { Documents, Found } from "./documents.ts";
import { Instance, nameIn } from "./instances.ts";
import type { Known } from "./known.ts";
import { negated, negatedBlock } from "./negation.ts";
import { propagated } from "./propagation.ts";
import type { RuleUse } from "./rule-use.ts";
import type { Scope } from "./scope.ts";
import { arePrefixes, type Unknowns } from "./unknowns.ts";
import { isComposite, isComprehension, isFalse, isPattern, membersOf, nowhere } from "./values.ts";

/** What is done with each way on. */
export type Next = () => void;

/** Where an expression stands. */
export interface Place {
  /** The number of the query or of the use of a rule. */
  readonly use: number;
  /** The number of what the expression stands in, which is one more for each `not` around it. */
  readonly query: number;
  readonly index: number;
}

/** Steps after which nothing is unfolded any more. */
const mostSteps = 200_000;
/** Steps after which somebody may be tired of waiting. */
const stepsBetweenLooks = 16;
/** As in OPA, members of the known domains of `every`s within each other that these are written out for. */
const mostMembers = 32;

interface Around {
  /** What stands at all that is left. */
  readonly modifiers: readonly With[];
  /** Paths of rules that stay rules. */
  readonly kept: readonly (readonly Term[])[];
}

export class Unfolding {
  readonly scope: Scope;
  readonly known: Known;
  readonly unknowns: Unknowns;
  readonly checked: Checked;
  /** Rules that depend on what is not known become support, all of them. */
  readonly keepsRules: boolean;
  /** Nothing is put in the place of variables. */
  readonly isShallow: boolean;
  documents!: Documents;
  rules!: RuleUse;
  /** The number of the query or of the use of a rule that is gone through. */
  use = 0;
  #around: Around = { modifiers: [], kept: [] };
  #uses = 0;
  /** How many times something was looked up below a variable, in each use and those around it before. */
  readonly #looks = new Map<number, number>();
  #steps = 0;
  #isEnough = false;
  /** Of the domains around. */
  #members = 1;

  constructor(parts: Pick<Unfolding, "scope" | "known" | "unknowns" | "checked" | "isShallow" | "keepsRules">) {
    this.scope = parts.scope;
    this.known = parts.known;
    this.unknowns = parts.unknowns;
    this.checked = parts.checked;
    this.isShallow = parts.isShallow;
    this.keepsRules = parts.keepsRules;
  }

  /** A body without the variables that only hand values on. */
  propagated(body: Body, isLive: (name: string) => boolean): Body {
    return this.isShallow
      ? body
      : propagated(body, { isLive, arity: arityOf(this.checked.compilation), givesOne: this.#givesOne });
  }

  readonly #givesOne = (call: Call): boolean => {
    const row = this.checked.builtins.get(calledFunction(call)!);
    return row === undefined || (row.relation !== true && row.result !== undefined && row.variadic === undefined);
  };

  /** A number that no use before had. */
  nextUse(): number {
    this.#uses++;
    this.#looks.set(this.#uses, this.#looks.get(this.use) ?? 0);
    return this.#uses;
  }

  /** The variable that OPA gives to what something is looked up below, in a use. */
  nextLook(use: number): Var {
    const count = this.#looks.get(use) ?? 0;
    this.#looks.set(use, count + 1);
    return varTerm(nameIn(`$_ref_${count}`, use), nowhere);
  }

  /** False for a body that can never hold, for its types. */
  mayHold(body: Body): boolean {
    return passesTypes(this.checked.compilation, body);
  }

  /** True when nothing more is looked for. */
  get isOver(): boolean {
    return this.known.failure !== undefined || this.isTooLarge;
  }

  get isTooLarge(): boolean {
    return this.#isEnough || this.#steps > mostSteps;
  }

  /** Ends it when there is too much. */
  count(isEnough: boolean): void {
    this.#isEnough ||= isEnough;
  }

  /** `query`: the number of what the body stands in, where it is not a use of its own. */
  body(body: Body, use: number, next: Next, at = 0, query = use): void {
    if (at === body.length) next();
    else this.expr(body[at]!, { use, query, index: at }, () => this.body(body, use, next, at + 1, query));
  }

  expr(expr: Expr, place: Place, next: Next): void {
    this.#steps++;
    if (this.#steps % stepsBetweenLooks === 0) this.known.look();
    if (this.isOver) return;
    this.use = place.use;
    const around = this.#around;
    const inside = this.#insideOf(expr);
    this.#around = inside;
    this.#step(inside.modifiers.length > 0 ? { ...expr, with: [] } : expr, place, () => {
      this.#around = around;
      next();
      this.#around = inside;
    });
    this.#around = around;
  }

  /** What is true within an expression: its modifiers stand at all that is left of it where only what is not known is replaced. */
  #insideOf(expr: Expr): Around {
    const { kept } = this.#around;
    const isWhole = !expr.with.every(
      ({ target, value }) => this.unknowns.covers(target) && !this.depends(this.scope.plug(value)),
    );
    if (expr.with.length === 0 || isWhole) return { modifiers: [], kept };
    const read: (readonly Term[])[] = [];
    walk(expr, (node) => {
      if (node.kind === "ref") read.push(groundPrefix(node.parts));
      return false;
    });
    return { modifiers: expr.with, kept: [...kept, ...read] };
  }

  /** As in OPA, rules that an expression with modifiers refers to stay rules. */
  isKept(path: readonly Term[]): boolean {
    return this.#around.kept.some((other) => arePrefixes(path, other));
  }

  #step(expr: Expr, place: Place, next: Next): void {
    const { body } = expr;
    if (expr.with.length > 0) return this.#whole(expr, next);
    if (expr.negated) return negated(this, expr, place, next);
    switch (body.kind) {
      case "some":
        return next();
      case "every":
        return this.#every(expr, body, next);
      case "notBody":
        return body.implicit ? negated(this, expr, place, next) : negatedBlock(this, expr, { body, place }, next);
      case "logical":
        return this.#whole(expr, next);
      case "call":
        return this.#call(expr, body, next);
      default:
        return this.truth(body, place, next);
    }
  }

  /** True where a node is not known as far as the variables in it are. */
  depends(node: Expr | Term): boolean {
    return this.unknowns.node(node, (name) => this.scope.isOpen(name));
  }

  /** Decided as a whole, or left as a whole. */
  #whole(expr: Expr, next: Next): void {
    const plugged = this.scope.plugExpr(expr);
    if (this.depends(plugged)) return this.#leave(plugged, next);
    const names = [...varsOf(plugged, { skipCallHead: true, skipClosures: true }).keys()].filter((name) => !isRootName(name));
    this.#solve([plugged], plugged.negated ? [] : names, next);
  }

  #solve(body: Body, names: readonly string[], next: Next): void {
    for (const solution of this.known.solutions(body, names))
      this.scope.attempt(() => {
        for (const [name, value] of solution) this.scope.bind(name, value);
        next();
      });
  }

  #leave(expr: Expr, next: Next): void {
    const { modifiers } = this.#around;
    this.scope.attempt(() => {
      this.scope.save(modifiers.length === 0 ? expr : { ...expr, with: [...expr.with, ...modifiers] });
      next();
    });
  }

  #leaveEqual(left: Term, right: Term, next: Next): void {
    this.#leave(unification(left, right), next);
  }

  #every(expr: Expr, every: Every, next: Next): void {
    const plugged = this.scope.plugExpr(expr);
    if (plugged.body.kind !== "every") return;
    if (!this.depends(plugged)) return this.#solve([plugged], [], next);
    const { domain } = plugged.body;
    if (this.depends(domain) || this.#around.modifiers.length > 0) return this.#leave(plugged, next);
    const value = isConstant(domain) ? domain : this.known.value(domain);
    if (value === undefined) return;
    const members = membersOf(value);
    const around = this.#members;
    const count = around * Math.max(members.length, 1);
    if (!isComposite(value) || count > mostMembers) return this.#leave(plugged, next);
    const step = (at: number): void => {
      const member = members[at];
      if (member === undefined) {
        this.#members = around;
        next();
        this.#members = count;
        return;
      }
      const use = this.nextUse();
      const instance = new Instance(use);
      this.scope.attempt(() => {
        // What is around the body keeps its variables, what is bound in it has them anew for each member.
        for (const [name] of varsOf(expr, { skipCallHead: true }))
          if (!isRootName(name) && !this.#isNew(name)) this.scope.bind(nameIn(name, use), varTerm(name, nowhere));
        if (every.key !== undefined) this.scope.bind(nameIn(every.key.name, use), member[0]);
        this.scope.bind(nameIn(every.value.name, use), member[1]);
        this.body(instance.body(every.body), use, () => step(at + 1));
      });
    };
    this.#members = count;
    step(0);
    this.#members = around;
  }

  #isNew(name: string): boolean {
    const term = varTerm(name, nowhere);
    return this.scope.lookUp(term) === term && this.scope.isFree(term);
  }

  #call(expr: Expr, call: Call, next: Next): void {
    const name = calledFunction(call)!;
    if ((name === "eq" || name === "equal") && call.args.length === 2) return this.unify(call.args[0]!, call.args[1]!, next);
    const row = this.checked.builtins.get(name);
    const count = row?.args.length ?? this.rules.arity(call.operator.parts) ?? call.args.length;
    const isFunction = name.startsWith("data.");
    this.#resolveAll(call.args.slice(0, count), (args) => {
      const out = call.args[count];
      if (isFunction) return this.rules.call({ expr, operator: call.operator.parts, args, out }, next);
      // As in OPA, a builtin is called where nothing is replaced.
      const isReplaced = this.#around.modifiers.length > 0;
      if (
        isReplaced ||
        row?.variadic !== undefined ||
        this.unknowns.isLeft(name) ||
        args.some((arg) => this.depends(arg) || !isConstant(arg))
      )
        return this.#leave({ ...expr, body: { ...call, args: [...args, ...(out === undefined ? [] : [out])] } }, next);
      for (const value of this.known.called(name, args)) {
        if (out !== undefined) this.scope.attempt(() => this.unify(out, value, next));
        else if (!isFalse(value)) next();
      }
    });
  }

  /** Arguments with what they come to in the place of refs. */
  #resolveAll(args: readonly Term[], next: (args: readonly Term[]) => void, done: readonly Term[] = []): void {
    const arg = args[done.length];
    if (arg === undefined) return next(done);
    this.resolve(arg, (term) => this.#resolveAll(args, next, [...done, term]));
  }

  /** A term with what is known in the place of refs and comprehensions. */
  resolve(term: Term, next: (term: Term) => void): void {
    const plugged = this.scope.plug(term);
    switch (plugged.kind) {
      case "ref":
        // What is below a variable that nothing is known of is left as it is.
        if (term.kind === "ref" && !this.#isRoot(term) && !this.#isFollowed(term)) return this.leaveRef(plugged.parts, next);
        return this.documents.follow(plugged, next);
      case "array":
      case "set":
        if (isPattern(plugged)) return next(plugged);
        return this.#resolveAll(plugged.items, (items) => next({ ...plugged, items }));
      case "object":
        if (isPattern(plugged)) return next(plugged);
        return this.#resolveAll(
          plugged.entries.flatMap(({ key, value }) => [key, value]),
          (parts) =>
            next({ ...plugged, entries: plugged.entries.map((_, at) => ({ key: parts[2 * at]!, value: parts[2 * at + 1]! })) }),
        );
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension": {
        if (this.depends(plugged)) return next(plugged);
        const value = this.known.value(plugged);
        if (value !== undefined) next(value);
        return;
      }
      default:
        return next(plugged);
    }
  }

  /** The expression that is a term alone: it holds unless it is undefined or false. */
  truth(term: Term, place: Place, next: Next): void {
    this.resolve(term, (value) => {
      if (value.kind !== "var" || !this.scope.isOpen(value.name)) return this.holds(value, place, next);
      this.#leaveNamed(value, place, next);
    });
  }

  /** What a term has come to is neither undefined nor false. */
  holds(value: Term, place: Place, next: Next): void {
    const found = this.scope.plug(value);
    if (isConstant(found)) {
      if (isFalse(found)) return;
      return this.scope.attempt(() => this.#bind(nameOf(place).name, found, next));
    }
    if (isComprehension(found)) {
      const name = nameOf(place);
      return this.#leaveEqual(found, name, () => this.#leave(exprOf(name, nowhere), next));
    }
    if (isComposite(found) && isPattern(found)) return this.scope.attempt(() => this.#bind(nameOf(place).name, found, next));
    if (found.kind === "ref" || found.kind === "var") return this.#leaveNamed(found, place, next);
    this.#leave(exprOf(found, nowhere), next);
  }

  /** As in OPA, what has to hold has a name; where names are put in, none is seen. */
  #leaveNamed(value: Term, place: Place, next: Next): void {
    const name = nameOf(place);
    this.#leaveEqual(value, name, () => this.#leave(exprOf(name, nowhere), next));
  }

  unify(left: Term, right: Term, next: Next): void {
    if (this.isOver) return;
    const a = this.scope.lookUp(left);
    const b = this.scope.lookUp(right);
    if (a.kind === "ref" && this.#isFollowed(a)) return this.#unifyRef(a, b, next);
    if (b.kind === "ref" && this.#isFollowed(b)) return this.#unifyRef(b, a, next);
    if (a.kind === "ref" || b.kind === "ref") return this.#leaveEqual(a, b, next);
    this.#unifyFound(a, b, next);
  }

  /** True for a ref that is not unknown itself. */
  #isFollowed(ref: Ref): boolean {
    const [head] = ref.parts;
    if (head?.kind !== "var") return true;
    if (!isRootName(head.name)) return this.scope.lookUp(head) !== head;
    const plugged = this.scope.plug(ref);
    return plugged.kind !== "ref" || !this.unknowns.shares(plugged.parts);
  }

  #isRoot({ parts: [head] }: Ref): boolean {
    return head?.kind === "var" && isRootName(head.name);
  }

  #constant(term: Term): Term | undefined {
    const plugged = this.scope.plug(term);
    return isConstant(plugged) ? plugged : undefined;
  }

  /** As in OPA, what rules come to stands before what it is compared with, and what a document has behind it. */
  #unifyRef(followed: Ref, other: Term, next: Next): void {
    const ref = this.scope.plug(followed);
    if (ref.kind !== "ref") return this.unify(ref, other, next);
    this.documents.follow(
      ref,
      (found, origin) => {
        if (origin === "base") this.unify(other, found, next);
        else if (origin === "left") this.#leaveEqual(found, other, next);
        else this.unify(found, other, next);
      },
      this.#constant(other),
    );
  }

  /** Neither is a ref. */
  #unifyFound(left: Term, right: Term, next: Next): void {
    const a = this.scope.plug(left);
    const b = this.scope.plug(right);
    if (a.kind === "var" && b.kind === "var" && a.name === b.name) return next();
    if (isConstant(a) && isConstant(b)) {
      if (keyOf(a) === keyOf(b)) next();
      return;
    }
    if (a.kind === "var" && this.scope.isFree(a)) return this.#assign(a.name, b, { a, b }, next);
    if (b.kind === "var" && this.scope.isFree(b)) return this.#assign(b.name, a, { a, b }, next);
    if (a.kind === "array" && b.kind === "array") return this.#unifyLists(a.items, b.items, next);
    if (a.kind === "object" && b.kind === "object" && haveConstantKeys(a) && haveConstantKeys(b)) {
      const entries = new Map(b.entries.map(({ key, value }) => [keyOf(key), value]));
      if (entries.size !== a.entries.length || b.entries.length !== entries.size) return;
      if (a.entries.some(({ key }) => !entries.has(keyOf(key)))) return;
      return this.#unifyLists(
        a.entries.map(({ value }) => value),
        a.entries.map(({ key }) => entries.get(keyOf(key))!),
        next,
      );
    }
    if (isComposite(a) && isComposite(b) && a.kind !== b.kind) return;
    if ((isConstant(a) && !isComposite(a) && isComposite(b)) || (isConstant(b) && !isComposite(b) && isComposite(a))) return;
    this.resolve(a, (one) => this.resolve(b, (other) => this.#leaveEqual(one, other, next)));
  }

  #assign(name: string, value: Term, { a, b }: { readonly a: Term; readonly b: Term }, next: Next): void {
    // What is the same as an open variable stays a variable, whose name may be the one to show.
    if (varsOf(value).has(name) || (value.kind === "var" && this.scope.isOpen(value.name))) return this.#leaveEqual(a, b, next);
    // As in OPA, a set with what is not known in it is no value of a variable.
    if (value.kind === "set" && isPattern(value) && this.depends(value)) return this.#leaveEqual(a, b, next);
    if (isPattern(value)) return this.scope.attempt(() => this.#bind(name, value, next));
    this.resolve(value, (found) => {
      if (isPattern(found)) return this.scope.attempt(() => this.#bind(name, found, next));
      if (a.kind === "var" && a.name === name) return this.#leaveEqual(a, found, next);
      this.#leaveEqual(found, b, next);
    });
  }

  #bind(name: string, value: Term, next: Next): void {
    this.scope.bind(name, value);
    next();
  }

  #unifyLists(left: readonly Term[], right: readonly Term[], next: Next, at = 0): void {
    if (left.length !== right.length) return;
    if (at === left.length) return next();
    this.unify(left[at]!, right[at]!, () => this.#unifyLists(left, right, next, at + 1));
  }

  unifyAll(left: readonly Term[], right: readonly Term[], next: Next): void {
    this.#unifyLists(left, right, next);
  }

  /** As in OPA, keys that are not known are compared with themselves. */
  leaveAsked(keys: readonly Term[], next: Next, at = 0): void {
    const key = keys[at];
    if (key === undefined) return next();
    const found = this.scope.plug(key);
    const step = (): void => this.leaveAsked(keys, next, at + 1);
    if (found.kind === "var" && this.scope.isOpen(found.name)) this.#leaveEqual(found, found, step);
    else step();
  }

  /** A ref that is left, its variables open. */
  leaveRef(parts: readonly Term[], next: Found): void {
    const ref = refTerm(parts, nowhere);
    this.scope.attempt(() => {
      this.scope.open(ref);
      next(ref, "left");
    });
  }

  /** An expression that is left with what is known of it. */
  leave(expr: Expr, next: Next): void {
    this.#leave(expr, next);
  }

  leaveCall(name: string, args: readonly Term[], next: Next): void {
    this.#leave(exprOf(callTerm(name, args, nowhere), nowhere), next);
  }
}

/** The variable that an expression of a term alone has in OPA. */
function nameOf({ use, query, index }: Place): Var {
  return varTerm(nameIn(`$_term_${query}_${index}`, use), nowhere);
}

function haveConstantKeys(term: Term): boolean {
  return term.kind === "object" && term.entries.every(({ key }) => isConstant(key));
}
