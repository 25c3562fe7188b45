// The `details` objects of type errors, in the JSON form that OPA gives them.
import type { Builtin } from "../builtins/builtin.ts";
import { typeToJson } from "./print.ts";
import type { FunctionType, Maybe } from "./type.ts";

/** The function type of a builtin, with the names of its arguments. */
export function functionType(row: Builtin): FunctionType {
  return {
    kind: "function",
    args: row.args.map(({ type }) => type),
    result: row.result?.type,
    variadic: row.variadic,
    names: [...row.args.map(({ name }) => name), row.result?.name],
  };
}

/** What a call was given and what the builtin takes. */
export function argumentDetails(have: readonly Maybe[], row: Builtin): unknown {
  return callDetails(have, functionType(row), false);
}

/** What a call was given and what the function takes; with the result's type when that may be given too. */
export function callDetails(have: readonly Maybe[], type: FunctionType, withResult: boolean): unknown {
  const args = type.args.map((arg, i) => typeToJson(arg, type.names?.[i]));
  if (withResult && type.result !== undefined) args.push(typeToJson(type.result, type.names?.[type.args.length]));
  const want: Record<string, unknown> = {};
  if (args.length > 0) want["args"] = args;
  if (type.variadic !== undefined) want["variadic"] = typeToJson(type.variadic);
  return { have: have.map((arg) => typeToJson(arg)), want };
}
