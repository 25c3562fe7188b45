// Rules in the place of what refers to them, or as rules of their own that are left.
import type { RuleTreeNode } from "#analysis/rego/rule-tree.ts";
import { rulePath } from "#analysis/rego/rule-tree.ts";
import type { RuleUnit } from "#analysis/rego/rule-units.ts";
import { callTerm, refTerm, unification, varTerm } from "#analysis/rego/tree/make.ts";
import { isConstant } from "#analysis/rego/tree/refs.ts";
import { operatorName, varsOf } from "#analysis/rego/tree/vars.ts";
import type { Body, Expr, Ref, Term } from "#grammars/rego/ast.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import type { Found } from "./documents.ts";
import { Instance, nameIn } from "./instances.ts";
import { textPart } from "./known.ts";
import { type RulePlace, type SupportRules, splitRef } from "./support.ts";
import type { Next, Unfolding } from "./unfolding.ts";
import { isFalse, nowhere } from "./values.ts";

/** A path, its first parts behind, and the constant that the document is compared with. */
export interface Way {
  readonly parts: readonly Term[];
  readonly at: number;
  readonly wanted?: Term | undefined;
  /** The use of a rule that the ref stands in. */
  readonly use: number;
}

interface FunctionCall {
  readonly expr: Expr;
  readonly operator: readonly Term[];
  readonly args: readonly Term[];
  readonly out: Term | undefined;
}

export class RuleUse {
  readonly #unfolding: Unfolding;
  readonly #support: SupportRules;

  constructor(unfolding: Unfolding, support: SupportRules) {
    this.#unfolding = unfolding;
    this.#support = support;
  }

  /** How many arguments a function has. */
  arity(path: readonly Term[]): number | undefined {
    const [unit] = this.#unfolding.checked.rules.rulesAt(path);
    return unit?.head.args?.length;
  }

  /** A ref that leads to the rules of a node. */
  document(node: RuleTreeNode, way: Way, next: Found): void {
    const { parts, at } = way;
    const { unknowns, known, documents } = this.#unfolding;
    const units = node.rules;
    const path = parts.slice(0, at);
    const rest = parts.slice(at);
    if (units.some(({ head }) => head.args !== undefined)) return;
    if (!unknowns.document(path)) {
      for (const _ of units) this.#unfolding.nextUse();
      const value = known.value(refTerm(path, nowhere));
      if (value !== undefined) documents.index(value, rest, way.use, next);
      return;
    }
    if (units.some((unit) => unit.else !== undefined)) return this.#unfolding.leaveRef(parts, next);
    if (units.every((unit) => isComplete(unit, at) && node.children.size === 0)) return this.#complete(units, way, next);
    const extent = [...units, ...rulesBelow(node)];
    if (extent.some((unit) => unit.else !== undefined || unit.head.args !== undefined))
      return this.#unfolding.leaveRef(parts, next);
    if (rest.length === 0 || this.#isSupport(path)) return this.#asSupport(extent, path, rest, next);
    // What asks for less than a rule has keys for would need the documents between.
    if (extent.some((unit) => keysOf(unit, at).length > rest.length)) return this.#unfolding.leaveRef(parts, next);
    for (const unit of extent) this.#member(unit, way, next);
  }

  #isSupport(path: readonly Term[]): boolean {
    return this.#unfolding.keepsRules || this.#unfolding.unknowns.isKept(path) || this.#unfolding.isKept(path);
  }

  #complete(units: readonly RuleUnit[], { parts, at, wanted, use: around }: Way, next: Found): void {
    const path = parts.slice(0, at);
    const rest = parts.slice(at);
    const fallback = units.find(({ source }) => source.default)?.head.value;
    // What a document is by default does not matter where it is compared with something else.
    const isApart =
      fallback !== undefined &&
      (wanted === undefined || rest.length > 0 || !isConstant(fallback) || keyOf(fallback) === keyOf(wanted));
    if (this.#isSupport(path) || isApart) return this.#asSupport(units, path, rest, next);
    for (const unit of units) {
      if (unit.source.default) continue;
      const use = new Instance(this.#unfolding.nextUse());
      this.#unfolding.body(use.body(unit.body), use.use, () =>
        this.#unfolding.resolve(use.term(unit.head.value!), (value) =>
          this.#unfolding.documents.index(value, rest, around, next),
        ),
      );
    }
  }

  /** One rule that adds members to a document. */
  #member(unit: RuleUnit, { parts, at, use: around }: Way, next: Found): void {
    const rest = parts.slice(at);
    const use = new Instance(this.#unfolding.nextUse());
    const keys = keysOf(unit, at).map((key) => use.term(key));
    const body = (done: Next): void => this.#unfolding.body(use.body(unit.body), use.use, done);
    const after = rest.slice(keys.length);
    const value = unit.head.contains ? undefined : use.term(unit.head.value!);
    const found = (): void =>
      this.#unfolding.resolve(value ?? rest[keys.length - 1]!, (term) =>
        this.#unfolding.documents.index(term, after, around, next),
      );
    this.#unfolding.unifyAll(rest.slice(0, keys.length), keys, () =>
      body(() => this.#unfolding.leaveAsked(unit.head.contains ? keys.slice(0, -1) : keys, found)),
    );
  }

  #asSupport(units: readonly RuleUnit[], path: readonly Term[], rest: readonly Term[], next: Found): void {
    const home = this.#support.pathOf(path);
    const rules = this.#left(units, home, path.length);
    if (rules.length === 0) {
      if (rest.length === 0 && !units.every((unit) => isComplete(unit, path.length)))
        this.#empty(emptyOf(units, path.length), next);
      return;
    }
    this.#unfolding.leaveRef([...home, ...rest], next);
  }

  /** A document without members; as in OPA, it is what a variable is that is left. */
  #empty(empty: Term, next: Found): void {
    if (this.#unfolding.isShallow) return next(empty, "left");
    const name = varTerm(nameIn("__empty__", this.#unfolding.nextUse()), nowhere);
    this.#unfolding.leave(unification(empty, name), () => next(name, "value"));
  }

  /** The rules of a document with what is left of each, below `data.partial`. */
  #left(units: readonly RuleUnit[], home: readonly Term[], length: number): ReturnType<SupportRules["rulesAt"]> {
    const before = this.#support.rulesAt(home);
    if (before.length > 0 || this.#support.isBegun(home)) return before;
    this.#support.begin(home);
    // What holds by default comes last.
    for (const unit of [...units].sort((a, b) => Number(a.source.default) - Number(b.source.default))) {
      const { scope } = this.#unfolding;
      const use = new Instance(this.#unfolding.nextUse());
      const { head } = unit;
      scope.apart(() => {
        for (const arg of head.args ?? []) scope.open(use.term(arg));
        this.#unfolding.body(use.body(unit.body), use.use, () => {
          if (!this.#unfolding.mayHold(scope.left)) return;
          const keys = keysOf(unit, length).map((key) => scope.plug(use.term(key)));
          const args = head.args?.map((arg) => scope.plug(use.term(arg)));
          const value = head.value === undefined ? undefined : scope.plug(use.term(head.value));
          const live = new Set(
            [...keys, ...(args ?? []), ...(value === undefined ? [] : [value])].flatMap((term) => [...varsOf(term).keys()]),
          );
          const refKeys = head.contains ? keys.slice(0, -1) : keys;
          this.#support.add(home, {
            ...(units.every((one) => isComplete(one, length)) ? this.#written(unit) : splitRef([...home, ...refKeys])),
            member: head.contains ? keys.at(-1) : undefined,
            args,
            value,
            // As in OPA, bodies of functions stay as they are.
            body: args === undefined ? this.#unfolding.propagated(scope.left, (name) => live.has(name)) : scope.left,
            isDefault: unit.source.default,
          });
        });
      });
    }
    return this.#support.rulesAt(home);
  }

  /** A rule with a ref of its own, in the package of its module. */
  #written(unit: RuleUnit): RulePlace {
    const { reference } = unit.head;
    const parts = reference.kind === "ref" ? reference.parts : [reference];
    const path = rulePath(unit).parts;
    return { package: this.#support.pathOf(path.slice(0, path.length - parts.length)), reference: parts };
  }

  /** A rule that holds where one of these bodies does. */
  negation(name: string, args: readonly Term[], bodies: readonly Body[]): Ref {
    const home = [...this.#support.root, textPart(name)];
    this.#support.begin(home);
    const live = new Set(args.flatMap((arg) => [...varsOf(arg).keys()]));
    for (const body of bodies)
      this.#support.add(home, {
        ...splitRef(home),
        member: undefined,
        args: args.length === 0 ? undefined : args,
        value: { kind: "boolean", value: true, ...nowhere },
        body: this.#unfolding.propagated(body, (one) => live.has(one)),
        isDefault: false,
      });
    return refTerm(home, nowhere);
  }

  call({ expr, operator, args, out }: FunctionCall, next: Next): void {
    const { unknowns, known, scope } = this.#unfolding;
    const units = this.#unfolding.checked.rules.rulesAt(operator);
    const outs = out === undefined ? [] : [out];
    const isDecided = args.every(isConstant) && !unknowns.document(operator);
    if (isDecided) {
      const value = known.value(callTerm(operatorName(operator), args, nowhere));
      if (value === undefined || (out === undefined && isFalse(value))) return;
      if (out === undefined) next();
      else scope.attempt(() => this.#unfolding.unify(out, value, next));
      return;
    }
    const whole = (path: readonly Term[]): void =>
      this.#unfolding.leave(
        { ...expr, body: { kind: "call", operator: refTerm(path, nowhere), args: [...args, ...outs], ...nowhere } },
        next,
      );
    if (units.length === 0 || unknowns.meets(operator) || units.some((unit) => unit.else !== undefined)) return whole(operator);
    const fallback = units.find(({ source }) => source.default)?.head.value;
    // A default that is false does not matter where nobody asks for the result.
    if (this.#isSupport(operator) || (fallback !== undefined && (out !== undefined || !isFalse(fallback)))) {
      const home = this.#support.pathOf(operator);
      if (this.#left(units, home, operator.length).length > 0) whole(home);
      return;
    }
    for (const unit of units) {
      if (unit.source.default) continue;
      const { args: parameters = [], value } = unit.head;
      if (parameters.some((one, at) => isConstant(one) && isConstant(args[at]!) && keyOf(one) !== keyOf(args[at]!))) continue;
      const use = new Instance(this.#unfolding.nextUse());
      const finish = (): void => {
        const given = use.term(value!);
        if (out === undefined) this.#unfolding.truth(given, { use: use.use, query: use.use, index: unit.body.length }, next);
        else this.#unfolding.unify(out, given, next);
      };
      scope.attempt(() =>
        this.#unfolding.unifyAll(
          args,
          parameters.map((one) => use.term(one)),
          () => this.#unfolding.body(use.body(unit.body), use.use, finish),
        ),
      );
    }
  }
}

/** What a document is that no rule adds a member to. */
function emptyOf(units: readonly RuleUnit[], length: number): Term {
  const isSet = units.every((unit) => unit.head.contains && rulePath(unit).parts.length === length);
  return isSet ? { kind: "set", items: [], ...nowhere } : { kind: "object", entries: [], ...nowhere };
}

/** The rules below a node, first those whose next key is no text, as OPA has them at the node itself. */
function rulesBelow(node: RuleTreeNode): readonly RuleUnit[] {
  const children = [...node.children.values()];
  const isName = ({ key }: RuleTreeNode): boolean => key?.kind === "string";
  const all = (one: RuleTreeNode): readonly RuleUnit[] => [...one.rules, ...[...one.children.values()].flatMap(all)];
  return [...children.filter((one) => !isName(one)), ...children.filter(isName)].flatMap(all);
}

/** The keys of a rule's head behind the first parts of its path; the member of a set comes last. */
function keysOf(unit: RuleUnit, at: number): readonly Term[] {
  const keys = rulePath(unit).parts.slice(at);
  return unit.head.contains && unit.head.key !== undefined ? [...keys, unit.head.key] : keys;
}

function isComplete(unit: RuleUnit, at: number): boolean {
  return !unit.head.contains && rulePath(unit).parts.length === at;
}
