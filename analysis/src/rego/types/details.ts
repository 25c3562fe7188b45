// The `details` of type errors: the JSON form that OPA gives them, and the lines that it prints below the message.
import type { Builtin } from "../builtins/builtin.ts";
import { printType, typeToJson } from "./print.ts";
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

export interface Details {
  readonly details: unknown;
  readonly lines: readonly string[];
}

/** What a call was given and what the builtin takes. */
export function argumentDetails(have: readonly Maybe[], row: Builtin): Details {
  return callDetails(have, functionType(row), false);
}

/** What a call was given and what the function takes; with the result's type when that may be given too. */
export function callDetails(have: readonly Maybe[], type: FunctionType, withResult: boolean): Details {
  const takes = withResult && type.result !== undefined ? [...type.args, type.result] : type.args;
  const want: Record<string, unknown> = {};
  if (takes.length > 0) want["args"] = takes.map((arg, i) => typeToJson(arg, type.names?.[i]));
  if (type.variadic !== undefined) want["variadic"] = typeToJson(type.variadic);
  const named = takes.map((arg, i) => {
    const name = type.names?.[i];
    return name === undefined ? printType(arg) : `${name}: ${printType(arg)}`;
  });
  if (type.variadic !== undefined) named.push(`${printType(type.variadic)}...`);
  return {
    details: { have: have.map((arg) => typeToJson(arg)), want },
    lines: [`have: (${have.map(printType).join(", ")})`, `want: (${named.join(", ")})`],
  };
}
