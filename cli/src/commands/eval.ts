// `rw eval`: evaluates a query over policies, data and an input in JSON, YAML or HOCON, as `opa eval` does.
import { checkModules, checkQuery } from "#analysis/rego/check.ts";
import { type Json, NumberText } from "#bundles/canonical-json.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance, type EvaluationError } from "#evaluation/instance.ts";
import { parseModule, parseQuery } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { boxTable } from "../box-table.ts";
import type { Command, Invocation } from "../command.ts";
import { textDocument } from "../documents.ts";
import { type ErrorItem, errorItems, errorText } from "../errors.ts";
import { inputFlags, readInput } from "../input.ts";
import { parseJson, prettyJson } from "../json-text.ts";
import { load } from "../load.ts";
import { ignoreFlag, v0Flag } from "../load-flags.ts";
import { captureName, captureValues, isCapture } from "../query.ts";

interface Expression {
  readonly value: Json;
  readonly text: string;
  readonly row: number;
  readonly col: number;
}

interface Solution {
  readonly expressions: readonly Expression[];
  readonly bindings: ReadonlyMap<string, Json>;
}

type Evaluated = { readonly solutions: readonly Solution[] } | { readonly errors: readonly ErrorItem[] };

export const evaluate: Command = {
  name: "eval",
  usage: "eval [flags] <query>",
  summary: "Evaluate a query",
  flags: [
    { name: "data", short: "d", kind: "strings", placeholder: "path", help: "policies and data: files or folders" },
    { name: "bundle", short: "b", kind: "strings", placeholder: "path", help: "bundle folders" },
    { name: "input", short: "i", kind: "string", placeholder: "path", help: "input: JSON, YAML or HOCON" },
    ...inputFlags,
    { name: "stdin-input", short: "I", kind: "boolean", help: "read the input from standard input" },
    { name: "stdin", kind: "boolean", help: "read the query from standard input" },
    {
      name: "format",
      short: "f",
      kind: "string",
      choices: ["json", "values", "bindings", "pretty", "raw", "discard"],
      default: "json",
      help: "output format",
    },
    { name: "package", kind: "string", help: "package that names in the query are looked up in" },
    { name: "import", kind: "strings", help: "imports of the query" },
    { name: "fail", kind: "boolean", help: "exit with 1 when the result is undefined" },
    { name: "fail-defined", kind: "boolean", help: "exit with 1 when the result is defined" },
    { name: "strict", short: "S", kind: "boolean", help: "strict checks of the policies" },
    { name: "strict-builtin-errors", kind: "boolean", help: "the first builtin error ends the evaluation" },
    { name: "timeout", kind: "string", placeholder: "duration", help: "not supported; the number of steps is limited" },
    ignoreFlag,
    v0Flag,
  ],
  run: async (call) => {
    const { io } = call;
    const query = call.on("stdin") ? await io.readStdin() : call.positionals[0];
    if (query === undefined || call.positionals.length > 1) {
      io.err("error: exactly one query is needed: rw eval <query>\n");
      return 1;
    }
    const outcome = await run(call, query);
    const format = call.flag("format") ?? "json";
    if ("errors" in outcome) {
      if (format === "pretty" || format === "raw") io.err(errorText(outcome.errors));
      else io.out(`${JSON.stringify({ errors: outcome.errors }, undefined, 2)}\n`);
      return 2;
    }
    io.out(print(outcome.solutions, format));
    const defined = outcome.solutions.length > 0;
    return (call.on("fail") && !defined) || (call.on("fail-defined") && defined) ? 1 : 0;
  },
};

async function run(call: Invocation, text: string): Promise<Evaluated> {
  const { io } = call;
  const version = call.on("v0-compatible") ? "v0" : "v1";
  const fault = (message: string): Evaluated => ({ errors: [{ message }] });
  const loose = load(call.all("data"), { bundle: false, ignore: call.all("ignore"), version }, io);
  const bundled = load(call.all("bundle"), { bundle: true, ignore: call.all("ignore"), version }, io);
  const [firstFault] = [...loose.faults, ...bundled.faults];
  if (firstFault !== undefined) return fault(firstFault);
  const modules = [...loose.modules, ...bundled.modules];
  const syntax = modules.flatMap((module) => module.diagnostics);
  if (syntax.length > 0) return { errors: errorItems(syntax, modules) };
  const input = await inputOf(call);
  if ("fault" in input) return fault(input.fault);

  const checked = checkModules(modules, { strict: call.on("strict"), printing: true });
  if (!checked.complete) return { errors: errorItems(checked.diagnostics, modules, 10) };
  const parsed = parseQuery(text, { file: "" });
  if (parsed.diagnostics.length > 0) return { errors: errorItems(parsed.diagnostics, [{ file: "", text }]) };
  const context = contextOf(call);
  if ("fault" in context) return fault(context.fault);
  const captured = checkQuery(checked, { ...parsed, body: captureValues(parsed.body) }, { printing: true, ...context });
  if (captured.diagnostics.some((one) => one.severity === "error"))
    return { errors: errorItems(captured.diagnostics, [{ file: "", text }]) };
  const compiled = compile(checked, { queries: [{ name: "query", text, query: captured }] });
  if (compiled.module === undefined) return { errors: errorItems(compiled.diagnostics, [...modules, { file: "", text }]) };

  const instance = createInstance(compiled.module, { now: () => BigInt(Date.now()) * 1_000_000n });
  const data =
    call.all("data").length > 0 && call.all("bundle").length > 0 && bundled.data !== "{}"
      ? bundled.data
      : loose.data === "{}"
        ? bundled.data
        : loose.data;
  const dataFault = instance.setData(data);
  if (dataFault !== undefined) return fault(dataFault.message);
  const outcome = instance.evaluate("query", input.json, { strictBuiltinErrors: call.on("strict-builtin-errors") });
  for (const { line } of outcome.prints) io.err(`${line}\n`);
  if (outcome.kind === "error") return { errors: [evaluationItem(outcome.error)] };
  const lines = new LineIndex(text);
  const solutions = (parseJson(outcome.text) as readonly ReadonlyMap<string, Json>[]).map((bindings): Solution => {
    const expressions = parsed.body.map(
      (expr, index): Expression => ({
        value: bindings.get(captureName(index)) ?? true,
        text: text.slice(expr.start, expr.end),
        ...lines.rowCol(expr.start),
      }),
    );
    return {
      expressions,
      bindings: new Map([...bindings].filter(([name]) => !isCapture(name)).sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  });
  return { solutions };
}

function contextOf(call: Invocation): { readonly fault: string } | (Parameters<typeof checkQuery>[2] & object) {
  const name = call.flag("package");
  const imports = call.all("import");
  if (name === undefined && imports.length === 0) return {};
  const source = `package ${name?.replace(/^data\./, "") ?? "query"}\n${imports.map((one) => `import ${one}\n`).join("")}`;
  const { module, diagnostics } = parseModule(source, { file: "" });
  if (diagnostics[0] !== undefined || module.package === undefined)
    return { fault: `--package or --import: ${diagnostics[0]?.message ?? "no package"}` };
  return name === undefined ? { imports: module.imports } : { package: module.package, imports: module.imports };
}

async function inputOf(call: Invocation): Promise<{ readonly json: string | undefined } | { readonly fault: string }> {
  if (call.on("stdin-input")) return textDocument("stdin.json", await call.io.readStdin(), call.io);
  const path = call.flag("input");
  return path === undefined ? { json: undefined } : readInput(call, path);
}

function evaluationItem({ code, message, place }: EvaluationError): ErrorItem {
  return { message, code, location: place ?? { file: "", row: 1, col: 1 } };
}

function print(solutions: readonly Solution[], format: string): string {
  switch (format) {
    case "discard":
      return `${prettyJson(new Map<string, Json>(solutions.length > 0 ? [["result", "discarded"]] : []))}\n`;
    case "values":
      return solutions.map(({ expressions }) => `${prettyJson(expressions.map((one) => one.value))}\n`).join("");
    case "bindings":
      return solutions.map(({ bindings }) => `${prettyJson(bindings)}\n`).join("");
    case "raw":
      return solutions
        .map(
          ({ expressions }) =>
            `${expressions.map(({ value }) => (typeof value === "string" ? value : prettyJson(value).replace(/\n\s*/g, ""))).join(" ")}\n`,
        )
        .join("");
    case "pretty":
      return pretty(solutions);
    default:
      return `${prettyJson(resultDocument(solutions))}\n`;
  }
}

function resultDocument(solutions: readonly Solution[]): Json {
  if (solutions.length === 0) return new Map();
  const result = solutions.map(({ expressions, bindings }): Json => {
    const shown = expressions.map(
      ({ value, text, row, col }): Json =>
        new Map<string, Json>([
          ["value", value],
          ["text", text],
          [
            "location",
            new Map<string, Json>([
              ["row", new NumberText(String(row))],
              ["col", new NumberText(String(col))],
            ]),
          ],
        ]),
    );
    return new Map<string, Json>(
      bindings.size > 0
        ? [
            ["expressions", shown],
            ["bindings", bindings],
          ]
        : [["expressions", shown]],
    );
  });
  return new Map<string, Json>([["result", result]]);
}

function pretty(solutions: readonly Solution[]): string {
  const [first] = solutions;
  if (first === undefined) return "undefined\n";
  if (solutions.length === 1 && first.bindings.size === 0 && first.expressions.length === 1)
    return `${prettyJson(first.expressions[0]!.value)}\n`;
  const rows = solutions.map(
    ({ expressions, bindings }) =>
      new Map<string, Json>([...expressions.map(({ text, value }) => [text, value] as const), ...bindings]),
  );
  const columns = [...rows[0]!.keys()]
    .filter((name) => first.bindings.has(name) || rows.some((row) => row.get(name) !== true))
    .sort();
  if (columns.length === 0) return "true\n";
  return boxTable(
    columns,
    rows.map((row) => columns.map((name) => prettyJson(row.get(name) ?? null).replace(/\n\s*/g, ""))),
  );
}
