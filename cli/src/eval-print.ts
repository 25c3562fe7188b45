// What `eval` prints in each of its formats.
import { type Json, NumberText } from "#bundles/canonical-json.ts";
import { boxTable } from "./box-table.ts";
import { compactJson, prettyJson, writePrettyJson } from "./json-text.ts";
import type { Expression, Solution } from "./query/solutions.ts";

export type EvalFormat = "json" | "values" | "bindings" | "pretty" | "raw" | "discard";

/** Members of the JSON document beside the result: metrics, coverage, explanations. */
export type Beside = ReadonlyMap<string, Json>;

export function printJson(solutions: readonly Solution[], beside: Beside, discard: boolean, out: (text: string) => void): void {
  const document = new Map<string, Json>();
  const errors = beside.get("errors");
  if (errors !== undefined) document.set("errors", errors);
  if (solutions.length > 0) document.set("result", discard ? "discarded" : resultOf(solutions));
  for (const [name, value] of beside) if (name !== "errors") document.set(name, value);
  writePrettyJson(discard ? reread(document) : document, out);
  out("\n");
}

/** A document without its result has been written and read again by OPA: members come by name, numbers are floats. */
function reread(value: Json): Json {
  if (value instanceof NumberText) return new NumberText(String(Number(value.text)));
  if (value instanceof Map)
    return new Map([...value].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, reread(one)]));
  return Array.isArray(value) ? value.map(reread) : value;
}

function resultOf(solutions: readonly Solution[]): Json {
  const number = (value: number): Json => new NumberText(String(value));
  const expression = ({ value, text, row, col }: Expression): Json =>
    new Map<string, Json>([
      ["value", value],
      ["text", text],
      ["location", new Map([["row", number(row)] as const, ["col", number(col)] as const])],
    ]);
  return solutions.map(({ expressions, bindings }): Json => {
    const members: (readonly [string, Json])[] = [["expressions", expressions.map(expression)]];
    if (bindings.size > 0) members.push(["bindings", bindings]);
    return new Map(members);
  });
}

/** One line or block per solution. */
export function printSolutions(solutions: readonly Solution[], format: "values" | "bindings" | "raw"): string {
  switch (format) {
    case "values":
      return solutions.map(({ expressions }) => `${prettyJson(expressions.map(({ value }) => value))}\n`).join("");
    case "bindings":
      return solutions.map(({ bindings }) => `${prettyJson(bindings)}\n`).join("");
    case "raw":
      return solutions.map(({ expressions }) => `${expressions.map(({ value }) => rawText(value)).join(" ")}\n`).join("");
  }
}

function rawText(value: Json): string {
  return typeof value === "string" ? value : compactJson(value);
}

/** The value alone, or a table of expressions and bindings. */
export function printPretty(solutions: readonly Solution[]): string {
  const [first] = solutions;
  if (first === undefined) return "undefined\n";
  const { expressions, bindings } = first;
  const isPlain = expressions.length === 1 || expressions.every(({ value }) => typeof value === "boolean");
  if (solutions.length === 1 && bindings.size === 0 && isPlain) return `${prettyJson(expressions[0]!.value)}\n`;
  // Beside variables, what is true or false in the first solution only says that it is one.
  const columns: { readonly name: string; readonly cell: (solution: Solution) => Json | undefined }[] = [
    ...expressions.flatMap(({ text, value }, at) =>
      typeof value === "boolean" && bindings.size > 0
        ? []
        : [{ name: text, cell: (solution: Solution) => solution.expressions[at]?.value }],
    ),
    ...[...bindings.keys()].map((name) => ({ name, cell: (solution: Solution) => solution.bindings.get(name) })),
  ];
  return boxTable(
    columns.map(({ name }) => name),
    solutions.map((solution) => columns.map(({ cell }) => compactJson(cell(solution) ?? null))),
  );
}
