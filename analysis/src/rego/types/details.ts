// The `details` of type errors: the JSON form that OPA gives them, and the lines that it prints below the message.
import type { Builtin } from "../builtins/builtin.ts";
import { difference, elideType, isTooWide } from "./elide.ts";
import { printType, typeToJson } from "./print.ts";
import type { FunctionType, Maybe } from "./type.ts";
import { unifies } from "./unify.ts";

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
  return { details: { have: have.map((arg) => typeToJson(arg)), want }, lines: callLines(have, { ...type, args: takes }) };
}

function callLines(have: readonly Maybe[], { args, variadic, names }: FunctionType): readonly string[] {
  const label = (i: number): string => (names?.[i] === undefined ? "" : `${names[i]}: `);
  const lines = (given: readonly string[], taken: readonly string[], further: string): readonly string[] => [
    `have: (${given.join(", ")})`,
    `want: (${[...taken.map((text, i) => label(i) + text), ...(variadic === undefined ? [] : [`${further}...`])].join(", ")})`,
  ];
  const whole = lines(have.map(printType), args.map(printType), printType(variadic));
  if (!isTooWide(...whole)) return whole;
  // What the function would have taken is not what the error is about.
  const pairs = Array.from({ length: Math.max(have.length, args.length) }, (_, i) => {
    const [given, taken] = [have[i], args[i]];
    const isOne = i >= have.length || i >= args.length || unifies(given, taken);
    return isOne ? ([elideType(given), elideType(taken, label(i))] as const) : difference(given, taken);
  });
  return lines(
    pairs.slice(0, have.length).map(([text]) => text),
    pairs.slice(0, args.length).map(([, text]) => text),
    elideType(variadic),
  );
}

/** What cannot be equal; composites of one kind get a hint. */
export function matchDetails(a: Maybe, b: Maybe): Details {
  let [left, right] = [printType(a), printType(b)];
  if (isTooWide(`left  : ${left}`, `right : ${right}`)) [left, right] = difference(a, b);
  const kind = a !== undefined && a.kind === b?.kind ? composites.get(a.kind) : undefined;
  const hint = `hint  : both sides are ${kind} but their types differ, so they can never be equal (see ${matchErrorPage})`;
  return {
    details: { a: typeToJson(a), b: typeToJson(b) },
    lines: [`left  : ${left}`, `right : ${right}`, ...(kind === undefined ? [] : [hint])],
  };
}

const composites: ReadonlyMap<string, string> = new Map([
  ["object", "objects"],
  ["array", "arrays"],
  ["set", "sets"],
]);

const matchErrorPage = "https://www.openpolicyagent.org/docs/errors/rego-type-error/match-error";
