// A capabilities file: what the program that runs the policies has of the language, and its builtins with their types.
import type { Language } from "#grammars/rego/language.ts";
import { type Builtin, type Parameter, unnamed } from "./builtins/builtin.ts";
import { builtin } from "./builtins/index.ts";
import { ANY, BOOLEAN, NULL, NUMBER, STRING, type StaticProperty, type Type } from "./types/type.ts";

export interface Capabilities extends Language {
  readonly builtins: ReadonlyMap<string, Builtin>;
}

/** Reads the JSON value of a capabilities file; undefined when it is none. Builtins that are not known here are answered by the host. */
export function readCapabilities(value: unknown): Capabilities | undefined {
  if (!isObject(value)) return undefined;
  const rows = value["builtins"] ?? [];
  if (!Array.isArray(rows)) return undefined;
  const builtins = new Map<string, Builtin>();
  for (const row of rows) {
    if (!isObject(row) || typeof row["name"] !== "string" || !isObject(row["decl"])) return undefined;
    const { name } = row;
    builtins.set(name, rowOf(name, row, row["decl"]));
  }
  return { builtins, features: new Set(strings(value["features"])), futureKeywords: strings(value["future_keywords"]) };
}

function rowOf(name: string, row: Readonly<Record<string, unknown>>, decl: Readonly<Record<string, unknown>>): Builtin {
  const known = builtin(name);
  const variadic = typeOf(decl["variadic"]);
  const { relation, deprecated, nondeterministic, infix } = row;
  return {
    name,
    description: known?.description ?? (typeof row["description"] === "string" ? row["description"] : ""),
    args: list(decl["args"]).map(parameter),
    result: decl["result"] === undefined ? undefined : parameter(decl["result"]),
    where: known?.where ?? "host",
    family: known?.family ?? "host",
    ...(variadic === undefined ? {} : { variadic }),
    ...(typeof infix === "string" ? { infix } : {}),
    ...(relation === true ? { relation } : {}),
    ...(deprecated === true ? { deprecated } : {}),
    ...(nondeterministic === true ? { nondeterministic } : {}),
  };
}

function parameter(value: unknown): Parameter {
  const type = typeOf(value) ?? ANY;
  const name = isObject(value) ? value["name"] : undefined;
  return typeof name === "string" ? { name, type } : unnamed(type);
}

function typeOf(value: unknown): Type | undefined {
  if (!isObject(value)) return undefined;
  switch (value["type"]) {
    case "null":
      return NULL;
    case "boolean":
      return BOOLEAN;
    case "number":
      return NUMBER;
    case "string":
      return STRING;
    case "array":
      return { kind: "array", static: list(value["static"]).map(typeOf), dynamic: typeOf(value["dynamic"]) };
    case "set":
      return { kind: "set", of: typeOf(value["of"]) };
    case "object": {
      const { dynamic } = value;
      return {
        kind: "object",
        static: list(value["static"]).flatMap(property),
        dynamic: isObject(dynamic) ? { key: typeOf(dynamic["key"]), value: typeOf(dynamic["value"]) } : undefined,
      };
    }
    case "any":
      return { kind: "any", of: list(value["of"]).flatMap((one) => typeOf(one) ?? []) };
    case "function":
      return {
        kind: "function",
        args: list(value["args"]).map(typeOf),
        result: typeOf(value["result"]),
        variadic: typeOf(value["variadic"]),
      };
    default:
      return undefined;
  }
}

function property(value: unknown): readonly StaticProperty[] {
  if (!isObject(value) || typeof value["key"] !== "string") return [];
  return [{ key: value["key"], value: typeOf(value["value"]) }];
}

function strings(value: unknown): readonly string[] {
  return list(value).filter((one): one is string => typeof one === "string");
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
