// `rw exec`: one decision for each of many input files, in the form of `opa exec`.
import { randomUUID } from "node:crypto";
import { checkModules, checkQuery } from "#analysis/rego/check.ts";
import { type Json, toJson } from "#bundles/canonical-json.ts";
import { compile } from "#compiler/compile.ts";
import { dataRef } from "#compiler/plan/plan.ts";
import { createInstance, type Instance, type Print } from "#evaluation/instance.ts";
import { parseQuery } from "#grammars/rego/parse.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { checkedBeside } from "../checked-sources.ts";
import type { Command, Invocation } from "../command.ts";
import { filesBelow } from "../disk-files.ts";
import { type ErrorItem, errorItems, errorText } from "../errors.ts";
import { configFlags, configuredDecision } from "../exec-config.ts";
import { execLog, logFlags } from "../exec-log.ts";
import { grantedPorts } from "../granted.ts";
import { inputFlags, readInput } from "../input.ts";
import { parseJson, prettyJson } from "../json-text.ts";
import {
  type BundleFault,
  bundlesFlag,
  dataFlag,
  faultItems,
  ignoreFlag,
  loadNamed,
  loadOptions,
  v0Flag,
  v1Flag,
} from "../load-flags.ts";
import { join, jsonValue, yamlTextOf, yamlValue } from "../load-parts.ts";
import { evaluationItem } from "../query/evaluation-item.ts";
import { cancelling } from "../query/flags.ts";
import { systemTime } from "../system-time.ts";

const failFlags = ["fail", "fail-defined", "fail-non-empty"] as const;

export const exec: Command = {
  name: "exec",
  usage: "exec <path> [<path> [...]] [flags]",
  summary: "Execute against input files.",
  details: `
Each path is an input file (JSON, YAML or HOCON) or a folder of them. The decision is asked for each input, and the results
are printed together.

    $ rw exec --bundle ./policy-bundle --decision authz/allow inputs/
`,
  flags: [
    { ...bundlesFlag, short: "b" },
    ...configFlags,
    dataFlag,
    { name: "decision", kind: "string", help: 'set decision to evaluate (default "/system/main")' },
    { name: "fail", kind: "boolean", help: "exits with non-zero exit code on undefined/empty result and errors" },
    { name: "fail-defined", kind: "boolean", help: "exits with non-zero exit code on defined/non-empty result and errors" },
    { name: "fail-non-empty", kind: "boolean", help: "exits with non-zero exit code on non-empty result and errors" },
    { name: "format", short: "f", kind: "string", choices: ["json"], default: "json", help: "set output format" },
    ignoreFlag,
    ...inputFlags,
    ...logFlags,
    { name: "stdin-input", short: "I", kind: "boolean", help: "read input document from stdin rather than a static file" },
    { name: "timeout", kind: "duration", help: "set the time that one decision may take, such as '5m30s' (default unlimited)" },
    v0Flag,
    v1Flag,
  ],
  run: async (call) => {
    const { io } = call;
    const log = execLog(call);
    const fail = (message: string): number => {
      log.fatal(message);
      return 1;
    };
    if (call.positionals.length === 0 && !call.on("stdin-input")) {
      log.unconfigured("requires at least 1 path arg, or the --stdin-input flag");
      return 1;
    }
    const [flag, other] = failFlags.filter((name) => call.on(name));
    if (other !== undefined) return fail(`exec error: specify --${flag} or --${other} but not both`);
    const configured = configuredDecision(call);
    if ("fault" in configured) return fail(configured.fault);
    // An empty name, such as that of a variable that is not set, names nothing: it must not ask for all data.
    const named = [call.flag("decision"), configured.decision].find((one) => one !== undefined && one !== "");
    const decision = named ?? "/system/main";
    const loaded = loadDecision(call, decision, log.heard);
    if ("message" in loaded) {
      const { name, message, failed } = loaded;
      log.error(`Bundle ${failed} failed: ${message}`, { name, plugin: "bundle" });
      return fail(`runtime error: Bundle name: ${name}, Code: bundle_error, HTTPCode: -1, Message: ${message}`);
    }
    if ("fault" in loaded) return fail(loaded.fault);
    const heard = call.on("stdin-input") ? stdinInput(await io.readStdin()) : [];
    if ("fault" in heard) return fail(heard.fault);
    const files = inputFiles(call);
    if ("fault" in files) return fail(files.fault);
    const inputs = [...heard, ...files];
    const results = inputs.map((one) => decide(call, decision, loaded, one));
    for (const { line, place } of results.flatMap(({ prints }) => prints))
      log.info(line, place === undefined ? {} : { line: `${place.file}:${place.row}` });
    io.out(`${prettyJson(new Map([["result", results.map(({ shown }) => shown)]]))}\n`);
    if (flag === undefined) return 0;
    const failures = results.filter(({ end }) => countsAs(flag, end) === "failure").length;
    const errors = results.filter(({ end }) => countsAs(flag, end) === "error").length;
    if (failures === 0 && errors === 0) return 0;
    return fail(
      `exec error: there were ${failures} failures and ${errors} errors counted in the results list, and --${flag} is set`,
    );
  },
};

type FailFlag = (typeof failFlags)[number];

/** How the decision for one input ended. */
type End = "defined" | "empty" | "undefined" | "error" | "unread";

/** An undefined decision is an error of its own, which `--fail` alone counts. */
function countsAs(flag: FailFlag, end: End): "failure" | "error" | undefined {
  switch (end) {
    case "unread":
      return "error";
    case "undefined":
      return flag === "fail" ? "error" : undefined;
    case "error":
      return flag === "fail" ? undefined : "error";
    case "empty":
      return flag === "fail-defined" ? "failure" : undefined;
    case "defined":
      return flag === "fail" ? undefined : "failure";
  }
}

/** The module that gives the decision, or what is wrong with asking for it: each input has that for its error. */
type Loaded = { readonly instance: Instance } | { readonly errors: readonly object[] };

/** The module that gives the decision as the binding `result`. */
function loadDecision(call: Invocation, decision: string, printing: boolean): Loaded | { readonly fault: string } | BundleFault {
  const sources = loadNamed(call, { ...loadOptions(call), rolesAt: systemTime, byNumber: true });
  if (sources.faults.length > 0) return { fault: errorText(faultItems(sources.faults), true) };
  if (sources.bundleFault !== undefined) return sources.bundleFault;
  const { modules, bundles } = sources;
  const checked = checkedBeside(sources, (documents) => checkModules(modules, { maxErrors: 10, printing, ...documents }));
  if (!checked.complete) {
    const fault = errorText(errorItems(checked.diagnostics, modules));
    return bundles.length > 0 ? { name: "~0", message: fault.trimEnd(), failed: "activation" } : { fault };
  }
  const path = decision.replace(/^\//u, "");
  const ref = printRef(dataRef(path === "" ? [] : path.split("/")).parts);
  const wrong = checkQuery(checked, parseQuery(ref, { file: "" })).diagnostics;
  if (wrong.length > 0) return { errors: errorItems(wrong, [{ file: "", text: ref }]).map(codeFirst) };
  const text = `result = ${ref}`;
  const query = checkQuery(checked, parseQuery(text, { file: "" }));
  const compiled = compile(checked, { queries: [{ name: "decision", text, query }] });
  if (compiled.module === undefined) return { fault: errorText(errorItems(compiled.diagnostics, modules)) };
  const instance = createInstance(compiled.module, { now: systemTime, ports: grantedPorts(call.io) });
  const fault = instance.setData(sources.data.json);
  return fault === undefined ? { instance } : { fault: fault.message };
}

/** An input by its name, or why there is none. */
type NamedInput = { readonly path: string } & ({ readonly json: string | undefined } | { readonly fault: string });

function stdinInput(text: string): readonly NamedInput[] | { readonly fault: string } {
  if (text.trim() === "")
    return {
      fault: "exec error: cannot execute on empty input; please enter valid json or yaml when using the --stdin-input flag",
    };
  const json = jsonValue(text);
  const read = "fault" in json ? yamlValue(text) : { text };
  return "fault" in read ? { fault: `exec error: ${read.fault}` } : [{ path: "--stdin-input", json: read.text }];
}

/** The inputs at the paths, folders with all that is below them; other files than inputs are left out. */
function inputFiles(call: Invocation): readonly NamedInput[] | { readonly fault: string } {
  const { io } = call;
  const below = (path: string): readonly string[] =>
    io.kind(path) === "folder" ? filesBelow(io, path, "files").map((inner) => join(path, inner)) : [path];
  const missing = call.positionals.find((path) => io.kind(path) === undefined);
  if (missing !== undefined) return { fault: `exec error: lstat ${missing}: no such file or directory` };
  return call.positionals
    .flatMap(below)
    .filter((path) => /\.(?:json|ya?ml|hocon|conf)$/u.test(path))
    .map((path) => ({ path, ...readAny(call, path) }));
}

/** OPA reads any input as YAML: JSON with a comma too many, the first of several documents, and an empty file, which is null. */
function readAny(call: Invocation, path: string): ReturnType<typeof readInput> {
  const read = readInput(call, path);
  if (!("fault" in read) || /\.(?:hocon|conf)$/u.test(path)) return read;
  const bytes = call.io.readFile(path);
  if (!("fault" in jsonValue(new TextDecoder().decode(bytes)))) return read;
  const yaml = yamlValue(yamlTextOf(bytes));
  return "fault" in yaml ? read : { json: yaml.text };
}

/** As a decision has its error. */
function codeFirst({ code, message, location, details }: ErrorItem): object {
  return { code, message, ...(location === undefined ? {} : { location }), ...(details === undefined ? {} : { details }) };
}

interface Decided {
  readonly shown: Json;
  readonly end: End;
  readonly prints: readonly Print[];
}

function decide(call: Invocation, decision: string, loaded: Loaded, input: NamedInput): Decided {
  const failed = (error: unknown, end: End, prints: readonly Print[] = []): Decided => ({
    prints,
    shown: new Map<string, Json>([
      ["path", input.path],
      ["error", toJson(error)],
    ]),
    end,
  });
  if ("fault" in input) return failed({ message: input.fault }, "unread");
  if ("errors" in loaded) return failed(loaded.errors, "error");
  const outcome = loaded.instance.evaluate("decision", input.json, cancelling(call));
  const { prints } = outcome;
  if (outcome.kind === "error") return failed(codeFirst(evaluationItem(outcome.error)), "error", prints);
  const [solution] = parseJson(outcome.text) as readonly ReadonlyMap<string, Json>[];
  const result = solution?.get("result");
  if (result === undefined)
    return failed({ code: "opa_undefined_error", message: `${decision} decision was undefined` }, "undefined", prints);
  const shown = new Map<string, Json>([
    ["decision_id", randomUUID()],
    ["path", input.path],
    ["result", result],
  ]);
  return { shown, prints, end: Array.isArray(result) && result.length === 0 ? "empty" : "defined" };
}
