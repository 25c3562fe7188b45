// Whether types and terms can be equal; variables without a type get one on the way.
import type { ArrayTerm, ObjectTerm, SetTerm, Term } from "#grammars/rego/ast.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { isConstant } from "../tree/refs.ts";
import { jsonOf } from "./constants.ts";
import type { TypeEnvironment } from "./environment.ts";
import { hasUnknownPart, isUnknown, or, selectItem, selectProperty, selectType, unwrap, valuesOf } from "./operations.ts";
import { ANY, type AnyType, type ArrayType, type Maybe, type ObjectType, type Type } from "./type.ts";

/** True when some value could be of both types. */
export function unifies(a: Maybe, b: Maybe): boolean {
  if (a === b && a !== undefined && isScalarType(a)) return true;
  const x = unwrap(a);
  const y = unwrap(b);
  if (x === undefined || y === undefined) return false;
  if (x.kind === "any" && anyUnifies(x, y)) return true;
  if (y.kind === "any" && anyUnifies(y, x)) return true;
  if (x.kind !== y.kind) return false;
  switch (x.kind) {
    case "array": {
      const other = y as ArrayType;
      if (!staticItemsUnify(x, other) || !staticItemsUnify(other, x)) return false;
      return x.dynamic === undefined || other.dynamic === undefined || unifies(x.dynamic, other.dynamic);
    }
    case "object": {
      const other = y as ObjectType;
      if (!propertiesUnify(x, other) || !propertiesUnify(other, x)) return false;
      const values = [x.dynamic?.value, other.dynamic?.value];
      return values[0] === undefined || values[1] === undefined || unifies(values[0], values[1]);
    }
    case "set": {
      const other = y as typeof x;
      return x.of === undefined || other.of === undefined || unifies(x.of, other.of);
    }
    case "function": {
      const other = y as typeof x;
      return x.args.length === other.args.length && x.args.every((arg, i) => unifies(arg, other.args[i]));
    }
    case "any":
      return false;
    default:
      return true;
  }
}

function isScalarType({ kind }: Type): boolean {
  return kind === "string" || kind === "number" || kind === "boolean" || kind === "null";
}

function anyUnifies(any: AnyType, other: Maybe): boolean {
  if (other?.kind === "function") return false;
  return any.of.length === 0 || any.of.some((member) => unifies(member, other));
}

function staticItemsUnify(a: ArrayType, b: ArrayType): boolean {
  return a.static.every((item, i) => unifies(item, selectItem(b, i)));
}

function propertiesUnify(a: ObjectType, b: ObjectType): boolean {
  return a.static.every(({ key, value }) => {
    const other = selectProperty(b, key);
    if (other === undefined) return a.dynamic?.value !== undefined || b.dynamic?.value !== undefined;
    return unifies(value, other);
  });
}

/** Whether two terms can be equal, with what is known of their types. */
export function unifyTerms(env: TypeEnvironment, a: Term, typeA: Maybe, b: Term, typeB: Maybe): boolean {
  const openA = hasUnknownPart(typeA);
  const openB = hasUnknownPart(typeB);
  if (openA && !openB) return unifyWithType(env, a, typeB, false);
  if (openB && !openA) return unifyWithType(env, b, typeA, false);
  if (!openA && !openB) return unifies(typeA, typeB);
  if (a.kind === "array") return unifyArray(env, a, b);
  if (a.kind === "object") return unifyObject(env, a, b);
  if (a.kind === "var") {
    if (b.kind === "var") return unifyWithType(env, a, ANY, false) && unifyWithType(env, b, env.typeOf(a), false);
    if (b.kind === "array") return unifyArray(env, b, a);
    if (b.kind === "object") return unifyObject(env, b, a);
    if (b.kind === "ref") return unifyWithType(env, a, ANY, false);
  }
  if (a.kind === "ref" && b.kind === "var") return unifyWithType(env, b, ANY, false);
  if (a.kind === "var" && typeA === undefined && typeB !== undefined) return unifyWithType(env, a, typeB, false);
  if (b.kind === "var" && typeB === undefined && typeA !== undefined) return unifyWithType(env, b, typeA, false);
  return false;
}

function unifyArray(env: TypeEnvironment, a: ArrayTerm, b: Term): boolean {
  if (b.kind === "array") {
    if (a.items.length !== b.items.length) return false;
    return a.items.every((item, i) => unifyTerms(env, item, env.typeOf(item), b.items[i]!, env.typeOf(b.items[i]!)));
  }
  if (b.kind === "var") return unifyWithType(env, a, ANY, false) && unifyWithType(env, b, env.typeOf(a), false);
  return false;
}

function unifyObject(env: TypeEnvironment, a: ObjectTerm, b: Term): boolean {
  if (b.kind === "var") return unifyWithType(env, a, ANY, false) && unifyWithType(env, b, env.typeOf(a), false);
  if (b.kind !== "object" || a.entries.length !== b.entries.length) return false;
  const values = new Map(b.entries.map(({ key, value }) => [keyOf(key), value]));
  return a.entries.every(({ key, value }) => {
    const other = values.get(keyOf(key));
    return other !== undefined && unifyTerms(env, value, env.typeOf(value), other, env.typeOf(other));
  });
}

/** Whether a term can be of a type. With `union`, variables get the type besides the one they have. */
export function unifyWithType(env: TypeEnvironment, term: Term, type: Maybe, union: boolean): boolean {
  const t = unwrap(type);
  switch (term.kind) {
    case "array":
    case "object":
    case "set":
      if (t?.kind === "any") {
        if (isUnknown(t)) {
          for (const part of partsOf(term)) unifyWithType(env, part, ANY, true);
          return true;
        }
        let fits = false;
        for (const member of t.of) fits = unifyWithType(env, term, member, true) || fits;
        return fits;
      }
      if (term.kind === "array") return t?.kind === "array" && unifyItems(env, term, t, union);
      if (term.kind === "object") return t?.kind === "object" && unifyEntries(env, term, t, union);
      return t?.kind === "set" && unifyMembers(env, term, valuesOf(t), union);
    case "var": {
      const known = env.typeOf(term);
      if (union) env.putVar(term, or(known, type));
      else if (known !== undefined) return unifies(known, type);
      else env.putVar(term, type);
      return true;
    }
    default:
      return unifies(env.typeOf(term), type);
  }
}

function partsOf(term: ArrayTerm | ObjectTerm | SetTerm): readonly Term[] {
  return term.kind === "object" ? term.entries.flatMap(({ key, value }) => [key, value]) : term.items;
}

function unifyItems(env: TypeEnvironment, term: ArrayTerm, type: ArrayType, union: boolean): boolean {
  if (term.items.length !== type.static.length && type.dynamic === undefined) return false;
  return term.items.every((item, i) => unifyWithType(env, item, selectItem(type, i), union));
}

function unifyEntries(env: TypeEnvironment, term: ObjectTerm, type: ObjectType, union: boolean): boolean {
  if (term.entries.length !== type.static.length && type.dynamic?.value === undefined) return false;
  return term.entries.every(({ key, value }) => {
    if (!isConstant(key)) {
      unifyWithType(env, value, ANY, union);
      return true;
    }
    const property = selectType(type, jsonOf(key)!);
    return property !== undefined && unifyWithType(env, value, property, union);
  });
}

function unifyMembers(env: TypeEnvironment, term: SetTerm, of: Maybe, union: boolean): boolean {
  return term.items.every((item) => unifyWithType(env, item, of, union));
}
