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
  if (!fits(value, file)) return undefined;
  const builtins = new Map<string, Builtin>();
  for (const row of list(field(value, "builtins"))) {
    const name = field(row, "name");
    const decl = field(row, "decl");
    if (typeof name !== "string" || !isObject(decl)) return undefined;
    builtins.set(name, rowOf(name, row, decl));
  }
  return {
    builtins,
    features: new Set(strings(field(value, "features"))),
    futureKeywords: strings(field(value, "future_keywords")),
  };
}

/** What Go reads into the fields of OPA's capabilities: other fields may be there, `null` is as if it was not. */
type Shape =
  | "string"
  | "number"
  | "boolean"
  | "function"
  | { readonly of: Shape }
  | { readonly fields: Readonly<Record<string, Shape>> };

const texts: Shape = { of: "string" };
const file: Shape = {
  fields: {
    builtins: {
      of: {
        fields: {
          name: "string",
          description: "string",
          categories: texts,
          decl: "function",
          infix: "string",
          relation: "boolean",
          deprecated: "boolean",
          nondeterministic: "boolean",
        },
      },
    },
    future_keywords: texts,
    features: texts,
    allow_net: texts,
    wasm_abi_versions: { of: { fields: { version: "number", minor_version: "number" } } },
  },
};

function fits(value: unknown, shape: Shape): boolean {
  if (value === undefined || value === null) return true;
  if (shape === "function") return isType(value) && field(value, "type") === "function";
  if (typeof shape === "string") return typeof value === shape;
  if ("of" in shape) return Array.isArray(value) && value.every((item) => fits(item, shape.of));
  return isObject(value) && Object.entries(shape.fields).every(([key, inner]) => fits(field(value, key), inner));
}

/** Types are read more strictly: each is one of those that OPA has. */
function isType(value: unknown): boolean {
  const lists = (...keys: readonly string[]): boolean => keys.every((key) => list(field(value, key)).every(isType));
  const optional = (...keys: readonly string[]): boolean =>
    keys.every((key) => field(value, key) === undefined || isType(field(value, key)));
  switch (field(value, "type")) {
    case "null":
    case "boolean":
    case "number":
    case "string":
      return true;
    case "array":
      return lists("static") && optional("dynamic");
    case "set":
      return isType(field(value, "of"));
    case "object": {
      const dynamic = field(value, "dynamic");
      const hasDynamic = field(dynamic, "key") !== undefined;
      return (
        list(field(value, "static")).every((one) => isType(field(one, "value"))) &&
        (!hasDynamic || (isType(field(dynamic, "key")) && isType(field(dynamic, "value"))))
      );
    }
    case "any":
      return lists("of");
    case "function":
      return lists("args") && optional("result", "variadic");
    default:
      return false;
  }
}

/** As Go finds it: capitals do not count, the last one does. */
function field(value: unknown, key: string): unknown {
  if (!isObject(value)) return undefined;
  const name = Object.keys(value).findLast((one) => one === key || one.toLowerCase() === key);
  return name === undefined ? undefined : value[name];
}

function rowOf(name: string, row: unknown, decl: unknown): Builtin {
  const known = builtin(name);
  const variadic = typeOf(field(decl, "variadic"));
  const infix = field(row, "infix");
  const description = field(row, "description");
  const is = (word: "relation" | "deprecated" | "nondeterministic"): object =>
    field(row, word) === true ? { [word]: true } : {};
  const result = field(decl, "result");
  return {
    name,
    description: known?.description ?? (typeof description === "string" ? description : ""),
    args: list(field(decl, "args")).map(parameter),
    result: result === undefined ? undefined : parameter(result),
    where: known?.where ?? "host",
    family: known?.family ?? "host",
    ...(variadic === undefined ? {} : { variadic }),
    ...(typeof infix === "string" ? { infix } : {}),
    ...is("relation"),
    ...is("deprecated"),
    ...is("nondeterministic"),
  };
}

function parameter(value: unknown): Parameter {
  const type = typeOf(value) ?? ANY;
  const name = field(value, "name");
  return typeof name === "string" ? { name, type } : unnamed(type);
}

function typeOf(value: unknown): Type | undefined {
  switch (field(value, "type")) {
    case "null":
      return NULL;
    case "boolean":
      return BOOLEAN;
    case "number":
      return NUMBER;
    case "string":
      return STRING;
    case "array":
      return { kind: "array", static: list(field(value, "static")).map(typeOf), dynamic: typeOf(field(value, "dynamic")) };
    case "set":
      return { kind: "set", of: typeOf(field(value, "of")) };
    case "object": {
      const dynamic = field(value, "dynamic");
      return {
        kind: "object",
        static: list(field(value, "static")).flatMap(property),
        dynamic: isObject(dynamic) ? { key: typeOf(field(dynamic, "key")), value: typeOf(field(dynamic, "value")) } : undefined,
      };
    }
    case "any":
      return { kind: "any", of: list(field(value, "of")).flatMap((one) => typeOf(one) ?? []) };
    case "function":
      return {
        kind: "function",
        args: list(field(value, "args")).map(typeOf),
        result: typeOf(field(value, "result")),
        variadic: typeOf(field(value, "variadic")),
      };
    default:
      return undefined;
  }
}

function property(value: unknown): readonly StaticProperty[] {
  const key = field(value, "key");
  return typeof key === "string" ? [{ key, value: typeOf(field(value, "value")) }] : [];
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
