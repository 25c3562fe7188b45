// One publish gate run: parse, check, roots, allowed builtins, entrypoints, then the author's tests, all with our own engine.
import { parentPort, workerData } from "node:worker_threads";
import { checkModules } from "#analysis/rego/check.ts";
import { readJson } from "#bundles/canonical-json.ts";
import { runTests } from "#evaluation/test-runner.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { GateInput, GateResult } from "./gates.ts";
import type { ProblemError } from "./http/problem.ts";

/** Builtins that leak the sidecar's secrets or reach out of it. */
const forbidden = /^(?:http\.send|opa\.runtime|net\.|rego\.parse_module)/;

parentPort?.postMessage(await gates(workerData as GateInput));

async function gates(input: GateInput): Promise<readonly GateResult[]> {
  const policies = input.files.filter(({ path }) => path.endsWith(".rego"));
  const modules = [...policies, ...input.library].map(({ path, text }) => parseModule(text, { file: path }));
  const checked = checkModules(modules, { strict: false, printing: true });
  const compile: ProblemError[] = [...modules.flatMap((module) => module.diagnostics), ...checked.diagnostics]
    .filter((diagnostic) => diagnostic.severity === "error")
    .map((diagnostic) => problemOf(diagnostic, modules));
  const own = new Set(policies.map(({ path }) => path));
  compile.push(
    ...outsideRoot(
      modules.filter((module) => own.has(module.file)),
      input.package,
    ),
    ...dataFaults(input),
    ...missingEntrypoints(modules, input.entrypoints),
  );
  if (policies.every(({ path }) => path.endsWith("_test.rego")))
    compile.push({ code: "rms_no_policy", message: "the version holds no policy" });
  const first: GateResult = { gate: "compile", ok: compile.length === 0, diagnostics: compile };
  if (!first.ok) return [first];
  const forbiddenCalls = checked.modules
    .filter((module) => own.has(module.file))
    .flatMap((module) => callsOf(module.source, module.file, module.text));
  if (forbiddenCalls.length > 0) return [{ gate: "compile", ok: false, diagnostics: forbiddenCalls }];
  const run = runTests(checked, { data: dataText(input), now: () => BigInt(input.now) * 1_000_000n });
  const failures = run.tests
    .filter((test) => test.outcome === "fail" || test.outcome === "error")
    .map(
      (test): ProblemError => ({
        file: test.file,
        row: test.row,
        col: test.col,
        code: "rms_test_failed",
        message: `${test.package}.${test.name} ${test.outcome === "fail" ? "fails" : `ends with: ${test.error?.message ?? "an error"}`}`,
      }),
    );
  return [first, { gate: "tests", ok: failures.length === 0, diagnostics: failures }];
}

function problemOf(diagnostic: Diagnostic, modules: readonly ParsedModule[]): ProblemError {
  const text = modules.find((module) => module.file === diagnostic.file)?.text ?? "";
  const { row, col } = new LineIndex(text).rowCol(diagnostic.range.start);
  return { file: diagnostic.file, row, col, code: diagnostic.code, message: diagnostic.message };
}

function outsideRoot(modules: readonly ParsedModule[], root: string): readonly ProblemError[] {
  return modules.flatMap(({ file, text, module }) => {
    const first = module.package?.path[0]?.value ?? "";
    if (first === root || (file.endsWith("_test.rego") && first === `${root}_test`)) return [];
    const { row, col } = new LineIndex(text).rowCol(module.package?.start ?? 0);
    return [
      {
        file,
        row,
        col,
        code: "rms_root",
        message: `the package must be ${root} or below it; other packages belong to other domains`,
      },
    ];
  });
}

function dataFaults(input: GateInput): readonly ProblemError[] {
  return input.files
    .filter(({ path }) => /(?:^|\/)data\.json$/.test(path))
    .flatMap(({ path, text }): readonly ProblemError[] => {
      const read = readJson(text);
      if ("fault" in read) {
        const { row, col } = new LineIndex(text).rowCol(read.offset);
        return [{ file: path, row, col, code: "rms_data", message: `this is not JSON: ${read.fault}` }];
      }
      if (!(read.value instanceof Map))
        return [{ file: path, row: 1, col: 1, code: "rms_data", message: "the data must be an object" }];
      const stray = [...(read.value as ReadonlyMap<string, unknown>).keys()].find((key) => key !== input.package);
      return stray === undefined
        ? []
        : [{ file: path, row: 1, col: 1, code: "rms_root", message: `data.${stray} is outside data.${input.package}` }];
    });
}

function dataText(input: GateInput): string {
  return input.files.find(({ path }) => path === "data.json")?.text ?? "{}";
}

function missingEntrypoints(modules: readonly ParsedModule[], entrypoints: readonly string[]): readonly ProblemError[] {
  const rules = new Set(
    modules.flatMap(({ module }) =>
      module.rules.map((rule) => {
        const { reference } = rule.head;
        const name =
          reference.kind === "var" ? reference.name : reference.parts[0]?.kind === "var" ? reference.parts[0].name : "";
        return [...(module.package?.path.map((part) => part.value) ?? []), name].join("/");
      }),
    ),
  );
  return entrypoints
    .filter((name) => !rules.has(name))
    .map((name) => ({ code: "rms_entrypoint", message: `the entrypoint ${name} is no rule of the version` }));
}

/** Calls of forbidden builtins, by a walk over the tree as plain data. */
function callsOf(tree: unknown, file: string, text: string): readonly ProblemError[] {
  const found: ProblemError[] = [];
  const lines = new LineIndex(text);
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { kind, operator } = node as {
      kind?: unknown;
      operator?: { start: number; parts: readonly { name?: string; value?: string }[] };
    };
    if (kind === "call" && operator !== undefined) {
      const name = operator.parts.map((part) => part.name ?? part.value ?? "").join(".");
      if (forbidden.test(name))
        found.push({
          file,
          ...lines.rowCol(operator.start),
          code: "rms_builtin",
          message: `the builtin ${name} is not allowed in this domain`,
        });
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(tree);
  return found;
}
