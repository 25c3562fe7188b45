// Lays the type of a schema over a part of a document's type.
import type { Term } from "#grammars/rego/ast.ts";
import { jsonOf } from "./constants.ts";
import { compareJson } from "./json-value.ts";
import { makeObject, unwrap } from "./operations.ts";
import { ANY, type DynamicProperty, type Maybe, type ObjectType, type StaticProperty } from "./type.ts";

const anything: DynamicProperty = { key: ANY, value: ANY };

/** The first part of a path that is no key, as OPA says it; undefined when all are. */
export function noKeyIn(path: readonly Term[]): string | undefined {
  const part = path.find((one) => jsonOf(one) === undefined);
  return part && `${part.kind.toLowerCase()} requires evaluation`;
}

/** The type with the one at the path replaced. */
export function overrideType(path: readonly Term[], type: Maybe, replacement: Maybe): Maybe {
  const object = unwrap(type);
  if (object?.kind !== "object") return nested(path, replacement, anything);
  const key = path[0] === undefined ? undefined : jsonOf(path[0]);
  let found = false;
  const properties = object.static.map((property): StaticProperty => {
    if (key === undefined || compareJson(property.key, key) !== 0) return property;
    found = true;
    return {
      key: property.key,
      value: path.length === 1 ? replacement : overrideType(path.slice(1), property.value, replacement),
    };
  });
  if (found) return makeObject(properties, object.dynamic);
  return makeObject([...properties, ...nested(path, replacement, object.dynamic).static], object.dynamic);
}

function nested(path: readonly Term[], type: Maybe, dynamic: ObjectType["dynamic"]): ObjectType {
  const [first, ...rest] = path;
  const key = first === undefined ? undefined : jsonOf(first);
  const value = rest.length === 0 ? type : nested(rest, type, dynamic);
  return makeObject(key === undefined ? [] : [{ key, value }], dynamic);
}
