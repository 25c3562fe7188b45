// Joins the types that several rules give to one document.
import type { Term } from "#grammars/rego/ast.ts";
import { makeObject, or, unwrap } from "./operations.ts";
import type { AnyType, Maybe, ObjectType, Type } from "./type.ts";

/** The type of a document that is of either type; objects without static properties become one object. */
export function mergeTypes(a: Maybe, b: Maybe): Maybe {
  const x = unwrap(a);
  const y = unwrap(b);
  if (x === undefined) return y;
  if (y === undefined) return x;
  if (x.kind === "object") {
    if (y.kind === "object" && x.static.length === 0 && y.static.length === 0) return mergeDynamic(x, y);
    if (y.kind === "any" && x.static.length === 0 && x.dynamic !== undefined) {
      const merged = mergeIntoUnion(y, x);
      if (merged !== undefined) return merged;
    }
  } else if (x.kind === "set") {
    if (y.kind === "set") return { kind: "set", of: or(x.of, y.of) };
  } else if (x.kind === "any" && y.kind !== "any") {
    return mergeTypes(y, x);
  }
  return or(x, y);
}

function mergeDynamic(a: ObjectType, b: ObjectType): ObjectType {
  if (a.dynamic === undefined) return b;
  if (b.dynamic === undefined) return a;
  return {
    kind: "object",
    static: [],
    dynamic: { key: or(a.dynamic.key, b.dynamic.key), value: mergeTypes(a.dynamic.value, b.dynamic.value) },
  };
}

function mergeIntoUnion(union: AnyType, object: ObjectType): AnyType | undefined {
  const at = union.of.findIndex(
    (member) => member.kind === "object" && member.static.length === 0 && member.dynamic !== undefined,
  );
  if (at < 0) return undefined;
  const member = union.of[at] as ObjectType;
  const merged: ObjectType = {
    kind: "object",
    static: [],
    dynamic: {
      key: or(member.dynamic?.key, object.dynamic?.key),
      value: or(member.dynamic?.value, object.dynamic?.value),
    },
  };
  return { kind: "any", of: union.of.map((one, i) => (i === at ? merged : one)) };
}

/** The object type with the type added at a path of keys, as dynamic properties. */
export function putBelow(object: ObjectType, path: readonly Term[], type: Type, typeOf: (term: Term) => Maybe): ObjectType {
  const first = path[0];
  if (first === undefined) return object;
  const value = path.length === 1 ? type : putBelow(makeObject([], undefined), path.slice(1), type, typeOf);
  const { dynamic } = object;
  const key = typeOf(first);
  return makeObject(
    object.static,
    dynamic === undefined ? { key, value } : { key: or(dynamic.key, key), value: or(dynamic.value, value) },
  );
}
