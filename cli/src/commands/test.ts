// `rw test`: runs `test_` rules, as `opa test` does.
import { checkModules } from "#analysis/rego/check.ts";
import { runTests, type TestResult } from "#evaluation/test-runner.ts";
import type { Command } from "../command.ts";
import { errorItems, errorText, isLoading } from "../errors.ts";
import { ignoreFlag, loadPositionals, v0Flag } from "../load-flags.ts";

const ruler = "-".repeat(80);

export const test: Command = {
  name: "test",
  usage: "test <path> [path...] [flags]",
  summary: "Run the tests of policies",
  flags: [
    { name: "bundle", short: "b", kind: "boolean", help: "read paths as bundles: only .rego, data.json, data.yaml" },
    { name: "run", short: "r", kind: "string", placeholder: "regex", help: "only tests whose full name fits" },
    { name: "verbose", short: "v", kind: "boolean", help: "show passing tests and prints too" },
    { name: "format", short: "f", kind: "string", choices: ["pretty", "json"], default: "pretty", help: "output format" },
    { name: "exit-zero-on-skipped", short: "z", kind: "boolean", help: "skipped tests do not fail the run" },
    { name: "fail-on-empty", kind: "boolean", help: "fail when there is no test" },
    { name: "max-errors", short: "m", kind: "number", default: 10, help: "how many errors are shown" },
    ignoreFlag,
    v0Flag,
  ],
  run: async (call) => {
    const { io } = call;
    if (call.positionals.length === 0) {
      io.err("error: at least one path is needed: rw test <path>\n");
      return 1;
    }
    const loaded = loadPositionals(call, call.positionals);
    if (loaded.faults.length > 0) {
      io.err(
        errorText(
          loaded.faults.map((message) => ({ message })),
          true,
        ),
      );
      return 1;
    }
    const syntax = loaded.modules.flatMap((module) => module.diagnostics);
    const checked = checkModules(loaded.modules, { printing: true });
    const faults = syntax.length > 0 ? syntax : checked.diagnostics.filter((one) => one.severity === "error");
    if (faults.length > 0) {
      io.err(errorText(errorItems(faults, loaded.modules, call.number("max-errors")), isLoading(faults)));
      return 1;
    }
    const filter = filterOf(call.flag("run"));
    if (filter === undefined && call.flag("run") !== undefined) {
      io.err(`error: --run: ${call.flag("run")} is no regular expression\n`);
      return 1;
    }
    const run = runTests(checked, {
      data: loaded.data,
      now: () => BigInt(Date.now()) * 1_000_000n,
      ...(filter === undefined ? {} : { filter }),
    });
    if (run.diagnostics.length > 0) {
      io.err(errorText(errorItems(run.diagnostics, loaded.modules)));
      return 1;
    }
    io.out(call.flag("format") === "json" ? json(run.tests) : pretty(run.tests, call.on("verbose")));
    if (run.tests.length === 0) return call.on("fail-on-empty") ? 1 : 0;
    const bad = run.tests.some(
      ({ outcome }) => outcome === "fail" || outcome === "error" || (outcome === "skip" && !call.on("exit-zero-on-skipped")),
    );
    return bad ? 2 : 0;
  },
};

function filterOf(text: string | undefined): RegExp | undefined {
  try {
    return text === undefined ? undefined : new RegExp(text);
  } catch {
    return undefined;
  }
}

function label({ outcome }: TestResult): string {
  return { pass: "PASS", fail: "FAIL", error: "ERROR", skip: "SKIPPED" }[outcome];
}

function duration(milliseconds: number): string {
  return milliseconds < 1
    ? `${Math.round(milliseconds * 1_000_000) / 1000}µs`
    : `${Math.round(milliseconds * 1_000_000) / 1_000_000}ms`;
}

function pretty(tests: readonly TestResult[], verbose: boolean): string {
  if (tests.length === 0) return "";
  const lines: string[] = [];
  let file = "";
  for (const test of tests) {
    if (test.outcome === "pass" && !verbose) continue;
    const place = `${test.file}:${test.row}:`;
    if (place !== file) lines.push(place);
    file = place;
    lines.push(
      `${test.package}.${test.name}: ${label(test)}${test.outcome === "skip" ? "" : ` (${duration(test.milliseconds)})`}`,
    );
    for (const one of test.cases ?? []) if (verbose || !one.passed) lines.push(`  ${one.name}: ${one.passed ? "PASS" : "FAIL"}`);
    if (test.error !== undefined) lines.push(`  ${test.error.message}`);
    if (test.prints.length > 0) lines.push("", ...test.prints.map((print) => `  ${print.line}`), "");
  }
  if (lines.length > 0) lines.push(ruler);
  const count = (outcome: TestResult["outcome"]): number => tests.filter((one) => one.outcome === outcome).length;
  for (const outcome of ["pass", "fail", "error", "skip"] as const) {
    const number = count(outcome);
    if (number > 0 || outcome === "pass") lines.push(`${label({ outcome } as TestResult)}: ${number}/${tests.length}`);
  }
  return `${lines.join("\n")}\n`;
}

function json(tests: readonly TestResult[]): string {
  const items = tests.map((test) => ({
    location: { file: test.file, row: test.row, col: test.col },
    package: test.package,
    name: test.name,
    ...(test.outcome === "fail" ? { fail: true } : {}),
    ...(test.outcome === "skip" ? { skip: true } : {}),
    ...(test.error === undefined
      ? {}
      : { error: { code: test.error.code, message: test.error.message, location: test.error.place } }),
    duration: Math.round(test.milliseconds * 1_000_000),
    ...(test.prints.length === 0
      ? {}
      : { output: Buffer.from(`${test.prints.map((print) => print.line).join("\n")}\n`).toString("base64") }),
    ...(test.cases === undefined
      ? {}
      : {
          sub_results: Object.fromEntries(
            test.cases.map((one) => [one.name, one.passed ? { name: one.name } : { name: one.name, fail: true }]),
          ),
        }),
  }));
  return `${JSON.stringify(items, undefined, 2)}\n`;
}
