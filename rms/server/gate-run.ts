// One publish gate run: parse, check, roots, allowed builtins, entrypoints, then the author's tests, all with our own engine.
import { builtinsByName } from "#analysis/rego/builtins/index.ts";
import { checkModules } from "#analysis/rego/check.ts";
import type { Checked } from "#analysis/rego/checked.ts";
import { canonicalJson, type Json, mergeJson } from "#bundles/canonical-json.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance, type EvaluationError } from "#evaluation/instance.ts";
import { numberTests, testHead } from "#evaluation/test-cases.ts";
import { compileTests, type TestResult } from "#evaluation/test-runner.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { isForbidden } from "./gate-settings.ts";
import type { GateInput, GatePlace, GateReport, GateResult } from "./gates.ts";
import type { ProblemError } from "./http/problem.ts";
import { isDataFile, isSystemLog, readDataFile } from "./version-files.ts";

type Place = Pick<ProblemError, "file" | "row" | "col">;

/** 64 KiB pages of one evaluation: 256 MiB. */
const maxPages = 4096;

/** Runs the gates. `begin` is told what begins, so that it can be named when it never ends. */
export function checkVersion(input: GateInput, begin: (place: GatePlace) => void): GateReport {
  return new GateRun(input, begin).run();
}

class GateRun {
  private readonly input: GateInput;
  private readonly begin: (place: GatePlace) => void;
  private readonly now: bigint;

  constructor(input: GateInput, begin: (place: GatePlace) => void) {
    this.input = input;
    this.begin = begin;
    this.now = BigInt(input.now) * 1_000_000n;
  }

  run(): GateReport {
    const { settings, package: root, entrypoints, files, library } = this.input;
    const policies = files.filter(({ path }) => path.endsWith(".rego"));
    const modules = numberTests(
      [...policies, ...library].map(({ path, text }) => {
        this.begin({ what: "reading the policy", file: path, row: 1, col: 1 });
        return parseModule(text, { file: path });
      }),
    );
    const own = new Set(policies.map(({ path }) => path));
    const data = this.readData();
    this.begin({ what: "checking the version" });
    const checked = checkModules(modules, {
      strict: true,
      hints: true,
      // OPA refuses a bundle in which a rule and a document stand at the same path.
      hasData: (path) => standsIn(data.document, path),
      printing: true,
      // What is not there can be named in no way at all: not called, not put in the place of another by `with`.
      builtins: new Map([...builtinsByName()].filter(([name]) => !isForbidden(name, settings))),
    });
    const ownModules = modules.filter((module) => own.has(module.file));
    const rules = rulesOf(ownModules);
    const faults: ProblemError[] = [
      ...[...modules.flatMap((module) => module.diagnostics), ...checked.diagnostics]
        .filter((diagnostic) => diagnostic.severity === "error")
        .map((diagnostic) => this.problem(diagnostic, modules)),
      ...outsideRoot(ownModules, root, settings.systemLog),
      ...data.faults,
      ...(modules.some(({ diagnostics }) => diagnostics.length > 0) ? [] : entrypoints)
        .filter((name) => !rules.has(name))
        .map((name) => ({
          ...packageOf(name, ownModules),
          code: "rms_entrypoint",
          message: `the entrypoint ${name} is no rule of the version`,
        })),
    ];
    if (policies.every(({ path }) => path.endsWith("_test.rego")))
      faults.push({ code: "rms_no_policy", message: "the version holds no policy" });
    const first: GateResult = { gate: "compile", ok: faults.length === 0, diagnostics: faults };
    const warnings = checked.hints.filter(({ file }) => own.has(file)).map((hint) => this.problem(hint, modules));
    if (!first.ok) return { gates: [first], warnings };
    const limits = this.evaluateEntrypoints(checked, rules, data.text);
    if (!limits.ok) return { gates: [first, limits], warnings };
    return { gates: [first, limits, ...this.testGates(checked, data.text, own)], warnings };
  }

  /** Each entrypoint once without input: what never ends then would stop every sidecar at its first question. */
  private evaluateEntrypoints(checked: Checked, rules: ReadonlyMap<string, FoundRule>, data: string): GateResult {
    const gate = "limits";
    const { entrypoints } = this.input;
    const limit = this.input.limits.entrypoint;
    const names = entrypoints.length > 0 ? entrypoints : [...rules].filter(([, rule]) => rule.document).map(([name]) => name);
    const { module } = compile(checked, { entrypoints: names });
    if (module === undefined) return { gate, ok: true, diagnostics: [] };
    const instance = createInstance(module, { now: () => this.now, maxPages });
    const fault = instance.setData(data);
    if (fault !== undefined)
      return { gate, ok: false, diagnostics: [{ file: "data.json", row: 1, col: 1, code: "rms_limit", message: fault.message }] };
    for (const name of names) {
      const what = `the entrypoint ${name}`;
      const place = rules.get(name)?.place ?? {};
      this.begin({ what, ...place, limit });
      const end = performance.now() + limit;
      const outcome = instance.evaluate(name, "{}", { now: this.now, cancelled: () => performance.now() > end });
      const why = outcome.kind === "error" ? limitOf(outcome.error, limit) : undefined;
      if (why !== undefined)
        return { gate, ok: false, diagnostics: [{ ...place, code: "rms_limit", message: `${what} ${why}` }] };
    }
    return { gate, ok: true, diagnostics: [] };
  }

  /** The author's tests, and how much of the policies they reach where the policy asks for that. */
  private testGates(checked: Checked, data: string, own: ReadonlySet<string>): readonly GateResult[] {
    const { coverage } = this.input.settings;
    this.begin({ what: "compiling the tests" });
    const compiled = compileTests(checked, {
      data,
      now: () => this.now,
      maxPages,
      timeout: this.input.limits.test,
      ...(coverage > 0 ? { coverage: [] } : {}),
    });
    const failures = compiled.tests.flatMap((test): readonly ProblemError[] => {
      const { file, row, col } = test;
      this.begin({ what: `the test ${test.package}.${test.name}`, file, row, col, limit: this.input.limits.test });
      const result = compiled.run(test);
      return result.outcome === "fail" || result.outcome === "error" ? [this.failure(result)] : [];
    });
    const tests: GateResult = { gate: "tests", ok: failures.length === 0, diagnostics: failures };
    if (coverage === 0) return [tests];
    const reached = compiled.coverage()?.files ?? {};
    let [covered, lines] = [0, 0];
    for (const [file, one] of Object.entries(reached)) {
      if (!own.has(file) || file.endsWith("_test.rego")) continue;
      covered += one.covered_lines ?? 0;
      lines += (one.covered_lines ?? 0) + (one.not_covered_lines ?? 0);
    }
    const percent = lines === 0 ? 0 : Math.floor((1000 * covered) / lines) / 10;
    const message = `the tests reach ${percent} % of the lines; this policy asks for ${coverage} %`;
    const ok = percent >= coverage;
    return [tests, { gate: "coverage", ok, diagnostics: ok ? [] : [{ code: "rms_coverage", message }] }];
  }

  private failure(test: TestResult): ProblemError {
    const { file, row, col } = test;
    const name = `the test ${test.package}.${test.name}`;
    if (test.error === undefined) return { file, row, col, code: "rms_test_failed", message: `${name} fails` };
    const why = limitOf(test.error, this.input.limits.test);
    if (why !== undefined) return { file, row, col, code: "rms_limit", message: `${name} ${why}` };
    return { file, row, col, code: "rms_test_failed", message: `${name} ends with: ${test.error.message}` };
  }

  private problem(diagnostic: Diagnostic, modules: readonly ParsedModule[]): ProblemError {
    const { file, code, message, range } = diagnostic;
    const text = modules.find((module) => module.file === file)?.text ?? "";
    const { row, col } = new LineIndex(text).rowCol(range.start);
    // OPA's column at the end of the text is 0; columns of problems begin at 1.
    const place = { file, row, col: Math.max(1, col) };
    const builtin = this.forbidden(message, text, range.start);
    if (builtin === undefined) return { ...place, code, message };
    return { ...place, code: "rms_builtin", message: `the builtin ${builtin} is not allowed in this domain` };
  }

  /** The forbidden builtin that a diagnostic is about: one that it names, or whose name stands where it points. */
  private forbidden(message: string, text: string, offset: number): string | undefined {
    const called = /^undefined function (\S+)$/.exec(message)?.[1];
    const written = /^[a-z_]+(?:\s*\.\s*[a-z_]+)+/.exec(text.slice(offset, offset + 200))?.[0].replace(/\s/g, "");
    return [called, written].find(
      (name) => name !== undefined && builtinsByName().has(name) && isForbidden(name, this.input.settings),
    );
  }

  /** The data files as one document, as they will be in the bundle. */
  private readData(): { readonly document: Json; readonly text: string; readonly faults: readonly ProblemError[] } {
    let data: Json = new Map<string, Json>();
    const faults: ProblemError[] = [];
    for (const { path, text } of this.input.files) {
      if (!isDataFile(path)) continue;
      this.begin({ what: "reading the data", file: path, row: 1, col: 1 });
      const fault = (code: string, message: string, offset = 0): void => {
        faults.push({ file: path, ...new LineIndex(text).rowCol(offset), code, message });
      };
      const read = readDataFile(path, text);
      if ("fault" in read) {
        fault("rms_data", `this is not ${path.endsWith(".json") ? "JSON" : "YAML"}: ${read.fault}`, read.offset);
        continue;
      }
      if (!(read.value instanceof Map)) {
        fault("rms_data", "the data must be an object");
        continue;
      }
      const stray = [...(read.value as ReadonlyMap<string, unknown>).keys()].find((key) => key !== this.input.package);
      if (stray !== undefined) fault("rms_root", `data.${stray} is outside data.${this.input.package}`);
      const merged = mergeJson(data, read.value);
      if ("value" in merged) data = merged.value;
      else fault("rms_data", "this says something else than another data file of the version at the same place");
    }
    return { document: data, text: canonicalJson(data), faults };
  }
}

/** True where the document has a value at the path, or at a part of it one that is no object. */
function standsIn(document: Json, path: readonly string[]): boolean {
  let value: Json | undefined = document;
  for (const part of path) {
    if (!(value instanceof Map)) return true;
    value = (value as ReadonlyMap<string, Json>).get(part);
    if (value === undefined) return false;
  }
  return true;
}

/** In words, which limit ended an evaluation; undefined when it was none. */
function limitOf({ code, message }: EvaluationError, limit: number): string | undefined {
  if (code === "eval_cancel_error") return `took more than ${limit / 1000} seconds`;
  return code === "rw_limit_error" ? `ends with: ${message}` : undefined;
}

function outsideRoot(modules: readonly ParsedModule[], root: string, systemLog: boolean): readonly ProblemError[] {
  return modules.flatMap(({ file, text, module }) => {
    // One without is refused by the parser.
    if (module.package === undefined) return [];
    const path = module.package.path.map(({ value }) => value);
    const [first = ""] = path;
    if (first === root || (file.endsWith("_test.rego") && first === `${root}_test`)) return [];
    if (systemLog && path.join(".") === "system.log" && isSystemLog(text)) return [];
    const { row, col } = new LineIndex(text).rowCol(module.package.start);
    return [
      {
        file,
        row,
        col,
        code: "rms_root",
        message: `the package ${path.join(".")} must be ${root} or below it; other packages belong to other domains`,
      },
    ];
  });
}

/** The package clause of the first policy in the package of an entrypoint; nothing where the version has no such package. */
function packageOf(entrypoint: string, modules: readonly ParsedModule[]): Place {
  const wanted = entrypoint.split("/").slice(0, -1).join("/");
  const found = modules.find(({ module }) => module.package?.path.map(({ value }) => value).join("/") === wanted);
  return found === undefined ? {} : { file: found.file, ...new LineIndex(found.text).rowCol(found.module.package?.start ?? 0) };
}

interface FoundRule {
  readonly place: Place;
  /** True for what can be asked without arguments, and is no test. */
  readonly document: boolean;
}

/** Rules by their path as an entrypoint, with the place of their first definition. */
export function rulesOf(modules: readonly ParsedModule[]): ReadonlyMap<string, FoundRule> {
  const found = new Map<string, FoundRule>();
  for (const { file, text, module } of modules) {
    const lines = new LineIndex(text);
    for (const rule of module.rules) {
      const { reference, args } = rule.head;
      const head = reference.kind === "var" ? reference : reference.parts[0];
      const name = head?.kind === "var" ? head.name : "";
      const path = [...(module.package?.path.map((part) => part.value) ?? []), name].join("/");
      const document = args === undefined && !file.endsWith("_test.rego") && testHead(rule) === undefined;
      const first = found.get(path);
      if (first === undefined || (!first.document && document))
        found.set(path, { place: first?.place ?? { file, ...lines.rowCol(rule.start) }, document });
    }
  }
  return found;
}
