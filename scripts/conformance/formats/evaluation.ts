// Evaluation cases of OPA's compliance suite: modules, query, data and input in; solutions or an error out.

import type { RegoVersion } from "#grammars/rego/ast.ts";
import { type EngineOutcome, evaluateCase } from "../engine.ts";
import { canonical, type ExactJson, writeExact } from "../exact-json.ts";
import { type CaseFile, type CaseResult, casesOf, type ExactObject, type Format, isObject, text } from "../format.ts";

export const evaluation: Format = {
  name: "evaluation",
  recognises: recognisesCases,
  *run(file) {
    for (const entry of casesOf(file, "cases") ?? []) yield judge(entry);
  },
};

export function recognisesCases(file: CaseFile): boolean {
  return casesOf(file, "cases")?.every((one) => isObject(one["case"]) && "query" in one["case"]) ?? false;
}

/** The version of Rego that the modules of a case are written in. */
export function versionOf(entry: ExactObject): RegoVersion {
  const tags = isObject(entry["tags"]) ? entry["tags"] : {};
  return text(tags["version"]) === "v0" || text(entry["id"]).startsWith("v0/") ? "v0" : "v1";
}

function judge(entry: ExactObject): CaseResult {
  const id = text(entry["id"]);
  const body = entry["case"] as ExactObject;
  const version = versionOf(entry);
  const modules = Array.isArray(body["modules"]) ? (body["modules"] as readonly string[]) : [];
  const outcome = evaluateCase({
    modules: modules.map((module, index) => ({ file: `test-${index}.rego`, text: module, version })),
    query: text(body["query"]),
    dataJson: body["data"] === undefined ? "{}" : writeExact(body["data"]),
    input:
      typeof body["input_term"] === "string"
        ? body["input_term"]
        : body["input"] === undefined
          ? undefined
          : writeExact(body["input"]),
    strictBuiltinErrors: body["strict_error"] === true,
  });
  return { id, ...verdict(body, outcome) };
}

function verdict(body: ExactObject, outcome: EngineOutcome): Pick<CaseResult, "outcome" | "why"> {
  const failed = (why: string): Pick<CaseResult, "outcome" | "why"> => ({ outcome: "failed", why });
  const wantsError = body["want_error"] !== undefined || body["want_error_code"] !== undefined;
  switch (outcome.kind) {
    case "unsupported":
      return { outcome: "unsupported", why: outcome.what };
    case "compileError":
      return failed(`does not compile: ${outcome.errors.map((error) => `${error.code}: ${error.message}`).join("; ")}`);
    case "evaluationError": {
      const { code, place } = outcome.error;
      const message = `${place === undefined ? "" : `${place.file}:${place.row}: `}${code}: ${outcome.error.message}`;
      if (!wantsError) return failed(`unexpected error ${message}`);
      if (body["want_error_code"] !== undefined && body["want_error_code"] !== code)
        return failed(`error code ${code}, wanted ${text(body["want_error_code"])}`);
      if (body["want_error"] !== undefined && !message.includes(text(body["want_error"]))) {
        return failed(`error "${message}", wanted "${text(body["want_error"])}"`);
      }
      return { outcome: "passed" };
    }
    case "solutions": {
      if (wantsError) return failed(`no error, wanted ${text(body["want_error_code"])} ${text(body["want_error"])}`);
      if (body["want_defined"] !== undefined && body["want_defined"] !== outcome.solutions.length > 0)
        return failed("defined, or not, against the expectation");
      const fault = solutionsFault(body, outcome.solutions);
      return fault === undefined ? { outcome: "passed" } : failed(fault);
    }
  }
}

/** What differs from the wanted solutions; their order and repetition do not matter. */
export function solutionsFault(body: ExactObject, solutions: readonly ExactJson[]): string | undefined {
  if (!Array.isArray(body["want_result"])) return undefined;
  const normal = (solution: ExactJson): string =>
    canonical(normalise(solution, body["sort_bindings"] === true, body["ignore_generated_vars"] === true));
  const got = [...new Set(solutions.map(normal))].sort();
  const want = [...new Set((body["want_result"] as readonly ExactJson[]).map(normal))].sort();
  if (got.join("\n") === want.join("\n")) return undefined;
  return `got ${got.join(" ").slice(0, 300)} wanted ${want.join(" ").slice(0, 300)}`;
}

function normalise(solution: ExactJson, sortBindings: boolean, ignoreGenerated: boolean): ExactJson {
  if (!isObject(solution)) return solution;
  return Object.fromEntries(
    Object.entries(solution)
      .filter(([name]) => !(ignoreGenerated && name.startsWith("__localq")))
      .map(([name, value]) => [
        name,
        sortBindings && Array.isArray(value) ? [...value].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1)) : value,
      ]),
  );
}
