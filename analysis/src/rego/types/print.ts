// Types as text, and as the JSON of OPA's error details.
import { printPlain, valueToJson } from "./json-value.ts";
import type { FunctionType, Maybe } from "./type.ts";

/** `object<a: number>[string: any]` */
export function printType(type: Maybe): string {
  if (type === undefined) return "???";
  switch (type.kind) {
    case "array":
      return arrayText(type.static.map(printType), type.dynamic && printType(type.dynamic));
    case "object": {
      const dynamic = type.dynamic && `${printType(type.dynamic.key)}: ${printType(type.dynamic.value)}`;
      const properties = type.static.map(({ key, value }) => `${printPlain(key)}: ${printType(value)}`);
      return objectText(properties, dynamic);
    }
    case "set":
      return type.of === undefined ? "set" : `set[${printType(type.of)}]`;
    case "any":
      return unionText(type.of.map(printType));
    case "function":
      return `${printArguments(type)} => ${printType(type.result)}`;
    case "recursive":
      return `recursive(${type.name})`;
    default:
      return type.kind;
  }
}

/** `(number, string)` */
export function printArguments(type: FunctionType): string {
  const variadic = type.variadic === undefined ? [] : [`${printType(type.variadic)}...`];
  return `(${[...type.args.map(printType), ...variadic].join(", ")})`;
}

/** An array type of the texts of its parts. */
export function arrayText(items: readonly string[], dynamic: string | undefined): string {
  return `array${list(items)}${dynamic === undefined ? "" : `[${dynamic}]`}`;
}

/** An object type of the texts of its parts. */
export function objectText(properties: readonly string[], dynamic: string | undefined): string {
  return `object${list(properties)}${dynamic === undefined ? "" : `[${dynamic}]`}`;
}

/** A union of the texts of its members. */
export function unionText(members: readonly string[]): string {
  return `any${list(members)}`;
}

/** A function type of the texts of its parts. */
export function functionText(args: readonly string[], result: string): string {
  return `(${args.join(", ")}) => ${result}`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "" : `<${items.join(", ")}>`;
}

/** The JSON form OPA gives a type in `details`. */
export function typeToJson(type: Maybe, name?: string): unknown {
  if (type === undefined) return null;
  if (type.kind === "recursive") return { name: type.name };
  const json: Record<string, unknown> = {};
  const addName = (): void => {
    if (name !== undefined) json["name"] = name;
  };
  // The keys stand in the order of the alphabet.
  switch (type.kind) {
    case "array":
      if (type.dynamic !== undefined) json["dynamic"] = typeToJson(type.dynamic);
      addName();
      if (type.static.length > 0) json["static"] = type.static.map((item) => typeToJson(item));
      break;
    case "object":
      if (type.dynamic !== undefined)
        json["dynamic"] = { key: typeToJson(type.dynamic.key), value: typeToJson(type.dynamic.value) };
      addName();
      if (type.static.length > 0)
        json["static"] = type.static.map(({ key, value }) => ({ key: valueToJson(key), value: typeToJson(value) }));
      break;
    case "set":
      addName();
      if (type.of !== undefined) json["of"] = typeToJson(type.of);
      break;
    case "any":
      addName();
      if (type.of.length > 0) json["of"] = type.of.map((item) => typeToJson(item));
      break;
    case "function":
      if (type.args.length > 0) json["args"] = type.args.map((arg, i) => typeToJson(arg, type.names?.[i]));
      addName();
      if (type.result !== undefined) json["result"] = typeToJson(type.result, type.names?.[type.args.length]);
      if (type.variadic !== undefined) json["variadic"] = typeToJson(type.variadic);
      break;
    default:
      addName();
      break;
  }
  json["type"] = type.kind;
  return json;
}
