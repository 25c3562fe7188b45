// The type checker: finds the types of rules and variables and what cannot fit together.
import type { Body, Expr, Ref, Term } from "#grammars/rego/ast.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import type { Builtin } from "../builtins/builtin.ts";
import type { Problem } from "../problem.ts";
import { rulePath } from "../rule-tree.ts";
import type { LocalNames, RuleUnit } from "../rule-units.ts";
import { COMPREHENSION, holds } from "../tree/features.ts";
import { groundPrefix, isGroundRef } from "../tree/refs.ts";
import { isNamed, operatorName } from "../tree/vars.ts";
import { isComprehension, walk } from "../tree/walk.ts";
import { callDetails, functionType, matchDetails } from "./details.ts";
import { TypeEnvironment, TypeNode } from "./environment.ts";
import { hasUnknownPart, isUnknown, keysOf, or, valuesOf } from "./operations.ts";
import { RefChecker } from "./refs.ts";
import { ANY, type FunctionType, type Maybe, type Type } from "./type.ts";
import { unifies, unifyTerms, unifyWithType } from "./unify.ts";

export type Finding = Omit<Problem, "module">;

/** A finding that another one may explain better, when a type in it is not known. */
interface ExprFinding extends Finding {
  readonly unknown?: boolean;
}

/** Paths of the rules that a replaced document reaches: the document's own rules and all that depend on them. */
export type Dependents = (target: Ref) => readonly (readonly Term[])[];

/** The environment of builtins and of `input`'s type, where every check starts. */
export function baseEnvironment(builtins: Iterable<Builtin>, input: Maybe, checker: TypeChecker): TypeEnvironment {
  const tree = new TypeNode(undefined);
  for (const row of builtins) {
    const [first, ...rest] = row.name.split(".");
    const at = { start: 0, end: 0 };
    const path: Term[] = [{ kind: "var", name: first!, ...at }, ...rest.map((value): Term => ({ kind: "string", value, ...at }))];
    tree.put(path, functionType(row));
  }
  if (input !== undefined) tree.put([{ kind: "var", name: "input", start: 0, end: 0 }], input);
  return new TypeEnvironment(tree, undefined, checker.innerBody);
}

/** By replaced document, the layer where everything that depends on it is of any type. */
export type RelaxedLayers = Map<string, TypeNode | undefined>;

/** What a rule adds to the types of documents; `instead` puts it in place of what is there. */
export interface RuleType {
  readonly path: readonly Term[];
  readonly type: Type;
  readonly instead: boolean;
}

/** Adds the type of a rule to the environment of all rules. */
export function addRuleType(rules: TypeEnvironment, { path, type, instead }: RuleType): void {
  if (instead) rules.tree.put(path, type);
  else rules.tree.insert(path, type, (term) => rules.typeOf(term));
}

const none: readonly Finding[] = [];

export class TypeChecker {
  readonly #refs: RefChecker;
  readonly #dependents: Dependents;
  readonly #relaxed: RelaxedLayers;
  readonly #openFunctions: boolean;
  readonly #bodies = new WeakMap<Body, { outer: TypeEnvironment; env: TypeEnvironment; findings: readonly Finding[] }>();

  constructor(names: LocalNames, dependents: Dependents, openFunctions: boolean, relaxed: RelaxedLayers = new Map()) {
    this.#refs = new RefChecker(names);
    this.#dependents = dependents;
    this.#relaxed = relaxed;
    this.#openFunctions = openFunctions;
  }

  /** The environment inside a comprehension's body, undefined when the body has errors. */
  readonly innerBody = (environment: TypeEnvironment, body: Body): TypeEnvironment | undefined => {
    const { env, findings } = this.#inner(environment, body);
    return findings.length === 0 ? env : undefined;
  };

  /** A comprehension's body is asked about several times within one expression: once is enough, or nesting would double each time. */
  #inner(outer: TypeEnvironment, body: Body): { readonly env: TypeEnvironment; readonly findings: readonly Finding[] } {
    const known = this.#bodies.get(body);
    if (known !== undefined && known.outer === outer) return known;
    const result = { outer, ...this.checkBody(outer, body) };
    this.#bodies.set(body, result);
    return result;
  }

  /** Checks a body in a new layer of the environment; `comprehensions` is false for one that has none. */
  checkBody(
    outer: TypeEnvironment,
    body: Body,
    comprehensions = true,
  ): { readonly env: TypeEnvironment; readonly findings: readonly Finding[] } {
    const env = outer.wrap(this.innerBody);
    const findings: Finding[] = [];
    for (let i = 0; i < body.length; i++) {
      const expr = body[i]!;
      const here = expr.with.length > 0 ? this.#modified(env, expr) : env;
      const inClosures = comprehensions && holds(expr, COMPREHENSION) ? this.#checkClosures(here, expr) : none;
      const inRefs = this.#refs.check(here, expr);
      if (inClosures.length + inRefs.length > 0) findings.push(...inClosures, ...inRefs);
      const finding = this.#checkExpr(here, expr);
      if (finding === undefined) continue;
      const { unknown, ...rest } = finding;
      if (!unknown || inClosures.length + inRefs.length === 0) findings.push(rest);
    }
    return { env, findings };
  }

  #checkClosures(env: TypeEnvironment, expr: Expr): readonly Finding[] {
    let result: readonly Finding[] = [];
    walk(expr, (node) => {
      if (!isComprehension(node)) return false;
      const { findings } = this.#inner(env, node.body);
      if (findings.length > 0) result = findings;
      return true;
    });
    return result;
  }

  #checkExpr(env: TypeEnvironment, expr: Expr): ExprFinding | undefined {
    const modifiers = this.#checkModifiers(env, expr);
    if (modifiers !== undefined || expr.body.kind !== "call") return modifiers;
    const { args, operator } = expr.body;
    if (isNamed(operator, "eq")) return this.#checkUnification(env, expr, args);
    const first = operator.parts[0];
    if (first?.kind === "var" && first.name === "internal") {
      const name = operatorName(operator.parts);
      const withKey = name === "internal.member_3";
      const finding = withKey || name === "internal.member_2" ? this.#checkMember(env, expr, args, withKey) : undefined;
      if (finding !== undefined) return finding;
    }
    return this.#checkCall(env, expr, operator, args);
  }

  #checkUnification(env: TypeEnvironment, expr: Expr, args: readonly Term[]): ExprFinding | undefined {
    if (args.length !== 2) {
      const row: FunctionType = { kind: "function", args: [ANY, ANY], result: undefined, variadic: undefined };
      return this.#argumentError(expr, "eq", `too ${args.length < 2 ? "few" : "many"} arguments`, env.typesOf(args), row);
    }
    const a = args[0]!;
    const b = args[1]!;
    const typeA = env.typeOf(a);
    const typeB = env.typeOf(b);
    return unifyTerms(env, a, typeA, b, typeB) ? undefined : matchError(expr, typeA, typeB);
  }

  /** `x in xs`: what is looked for must be able to be there. */
  #checkMember(env: TypeEnvironment, expr: Expr, args: readonly Term[], withKey: boolean): ExprFinding | undefined {
    const count = withKey ? 3 : 2;
    if (args.length < count) return undefined;
    const collection = env.typeOf(args[count - 1]!);
    const values = valuesOf(collection);
    if (values === undefined) return undefined;
    const check = (term: Term, type: Maybe): ExprFinding | undefined => {
      if (type === undefined || hasUnknownPart(type)) return undefined;
      const have = env.typeOf(term);
      const fits = (hasUnknownPart(have) || unifies(have, type)) && unifyWithType(env, term, type, false);
      return fits ? undefined : matchError(expr, have, type);
    };
    return (withKey ? check(args[0]!, keysOf(collection)) : undefined) ?? check(args[count - 2]!, values);
  }

  #checkCall(env: TypeEnvironment, expr: Expr, operator: Ref, args: readonly Term[]): ExprFinding | undefined {
    const type = env.typeOfRef(operator.parts);
    if (isUnknown(type)) return undefined;
    if (type === undefined && this.#openFunctions) return undefined;
    if (type?.kind !== "function") {
      return { range: expr, code: "rego_type_error", message: `undefined function ${printRef(operator.parts)}` };
    }
    const takes = type.args.length + (type.result === undefined ? 0 : 1);
    const have = env.typesOf(args);
    if (args.length > takes && type.variadic === undefined)
      return this.#wrongCall(expr, operator, "too many arguments", have, type);
    if (args.length < type.args.length) return this.#wrongCall(expr, operator, "too few arguments", have, type);
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]!;
      const want = i < type.args.length ? type.args[i] : i < takes ? type.result : type.variadic;
      if (have[i] !== undefined && !hasUnknownPart(have[i]) && !unifies(have[i], want))
        return this.#wrongCall(expr, operator, "invalid argument(s)", have, type);
      if (!unifyWithType(env, arg, want, false))
        return this.#wrongCall(expr, operator, "invalid argument(s)", env.typesOf(args), type);
    }
    return undefined;
  }

  #wrongCall(expr: Expr, operator: Ref, problem: string, have: readonly Maybe[], type: FunctionType): ExprFinding {
    return this.#argumentError(expr, printRef(operator.parts), problem, have, type);
  }

  #argumentError(expr: Expr, name: string, problem: string, have: readonly Maybe[], type: FunctionType): ExprFinding {
    return {
      range: expr,
      code: "rego_type_error",
      message: `${name}: ${problem}`,
      ...callDetails(have, type, true),
      unknown: have.some((one) => hasUnknownPart(one)),
    };
  }

  #checkModifiers(env: TypeEnvironment, expr: Expr): ExprFinding | undefined {
    if (expr.with.length === 0) return undefined;
    for (const modifier of expr.with) {
      const target = env.typeOf(modifier.target);
      const value = env.typeOf(modifier.value);
      if (target?.kind !== "function" || value?.kind !== "function" || unifies(target, value)) continue;
      return {
        range: modifier,
        code: "rego_type_error",
        message: `${modifier.target.kind === "ref" ? printRef(modifier.target.parts) : modifier.target.name}: arity mismatch`,
        ...callDetails(value.args, target, false),
      };
    }
    return undefined;
  }

  /** The environment where replaced documents may be of their replacement's type, and what depends on them of any. */
  #modified(env: TypeEnvironment, expr: Expr): TypeEnvironment {
    let layered = env;
    const replaced: { path: readonly Term[]; type: Maybe }[] = [];
    for (const { target, value } of expr.with) {
      if (target.kind !== "ref") continue;
      const type = env.typeOfRef(target.parts);
      const isFunction = type?.kind === "function";
      const relaxed = this.#relaxedBy(target, isFunction);
      if (relaxed !== undefined) layered = layered.wrapModified(relaxed);
      if (isFunction) continue;
      let widened: Maybe = ANY;
      if (isGroundRef(target.parts) && type !== undefined) {
        const valueType = env.typeOf(value);
        if (valueType !== undefined) widened = or(type, valueType) ?? ANY;
      }
      replaced.push({ path: groundPrefix(target.parts), type: widened });
    }
    if (replaced.length === 0) return layered;
    layered = layered.wrapModified();
    for (const { path, type } of replaced) layered.tree.put(path, type);
    return layered;
  }

  #relaxedBy(target: Ref, isFunction: boolean): TypeNode | undefined {
    const key = `${isFunction ? "f:" : ""}${printRef(target.parts)}`;
    if (this.#relaxed.has(key)) return this.#relaxed.get(key);
    let tree: TypeNode | undefined;
    const own = printRef(target.parts);
    for (const path of this.#dependents(target)) {
      if (isFunction && printRef(path) === own) continue;
      tree ??= new TypeNode(undefined);
      tree.put(path, ANY);
    }
    this.#relaxed.set(key, tree);
    return tree;
  }

  /** Checks a rule in the environment of all rules, with what its annotations say laid over it, and tells its type. */
  checkRule(
    prepared: TypeEnvironment,
    unit: RuleUnit,
  ): { readonly findings: readonly Finding[]; readonly type: RuleType | undefined } {
    const { env, findings } = this.checkBody(prepared, unit.body, (unit.features & COMPREHENSION) !== 0);
    const path = rulePath(unit).parts;
    // So that users of the rule do not get errors of their own.
    if (findings.length > 0) return { findings, type: { path, type: ANY, instead: true } };
    const { head } = unit;
    if (head.args !== undefined && head.args.length > 0) {
      for (const arg of head.args) {
        walk(arg, (node) => {
          if (node.kind === "var" && env.typeOf(node) === undefined) env.putVar(node, ANY);
          return false;
        });
      }
      const known = head.value === undefined ? undefined : env.typeOf(head.value);
      const result = known ?? (this.#openFunctions ? ANY : undefined);
      const type: Type = { kind: "function", args: env.typesOf(head.args), result, variadic: undefined };
      return { findings, type: { path, type, instead: false } };
    }
    let type: Maybe;
    if (head.contains) {
      const of = head.key === undefined ? undefined : env.typeOf(head.key);
      type = of === undefined ? undefined : { kind: "set", of };
    } else {
      type = head.value === undefined ? undefined : env.typeOf(head.value);
    }
    const ground = groundPrefix(path);
    for (let i = path.length - 1; i >= ground.length && type !== undefined; i--) {
      const key = env.typeOf(path[i]!);
      type = key === undefined ? undefined : { kind: "object", static: [], dynamic: { key, value: type } };
    }
    return { findings, type: type === undefined ? undefined : { path: ground, type, instead: false } };
  }
}

function matchError(expr: Expr, a: Maybe, b: Maybe): ExprFinding {
  return {
    range: expr,
    code: "rego_type_error",
    message: "match error",
    ...matchDetails(a, b),
    unknown: hasUnknownPart(a) || hasUnknownPart(b),
  };
}
