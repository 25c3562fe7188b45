// Evaluation cases through the portable build and the plain npm SDK: every case whose module needs nothing from its host.
import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { checkModules, checkQuery } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule, parseQuery } from "#grammars/rego/parse.ts";
import { type ExactJson, readExact, writeExact } from "./exact-json.ts";
import { type CaseResult, casesOf, type ExactObject, type Format, isObject, text } from "./format.ts";
import { recognisesCases, solutionsFault, versionOf } from "./formats/evaluation.ts";

type Verdict = Pick<CaseResult, "outcome" | "why">;

const failed = (why: string): Verdict => ({ outcome: "failed", why });

export const portable: Format = {
  name: "portable evaluation",
  recognises: recognisesCases,
  async *run(file) {
    for (const entry of casesOf(file, "cases") ?? []) {
      const tags = isObject(entry["tags"]) ? entry["tags"] : {};
      const requires = tags["wasm_requires"];
      if (!Array.isArray(requires) || requires.length > 0 || tags["wasm_expectation"] === "excluded") continue;
      yield { id: text(entry["id"]), ...(await judge(entry, text(tags["wasm_expectation"]))) };
    }
  },
};

async function judge(entry: ExactObject, expectation: string): Promise<Verdict> {
  const body = entry["case"] as ExactObject;
  const version = versionOf(entry);
  const modules = Array.isArray(body["modules"]) ? (body["modules"] as readonly string[]) : [];
  const parsed = modules.map((module, index) => parseModule(module, { file: `test-${index}.rego`, version }));
  const checked = checkModules(parsed);
  const source = text(body["query"]);
  const query = checkQuery(checked, parseQuery(source, { file: "" }));
  const { module } = compile(checked, { queries: [{ name: "case", text: source, query }], build: "portable" });
  if (module === undefined) return failed("does not compile");
  const imported = Object.keys(module.builtins);
  if (imported.length > 0) return failed(`asks its host for ${imported.join(", ")}`);
  let solutions: readonly ExactJson[];
  try {
    const policy = await loadPolicy(module.bytes);
    policy.setData(bytes(body["data"] === undefined ? "{}" : writeExact(body["data"])));
    const input =
      typeof body["input_term"] === "string"
        ? bytes(body["input_term"])
        : body["input"] === undefined
          ? undefined
          : bytes(writeExact(body["input"]));
    solutions = readExact(JSON.stringify(policy.evaluate(input, "case"))) as readonly ExactJson[];
  } catch (error) {
    return trapped(body, expectation, error instanceof Error ? error.message : String(error));
  }
  if (expectation === "error") return failed("no error");
  if (expectation === "empty") return solutions.length === 0 ? { outcome: "passed" } : failed("a result, wanted none");
  // The SDK reads numbers as doubles: what is wanted goes the same way.
  const wanted = body["want_result"] === undefined ? body : { ...body, want_result: asDoubles(body["want_result"]) };
  const fault = solutionsFault(wanted, solutions);
  return fault === undefined ? { outcome: "passed" } : failed(fault);
}

function trapped(body: ExactObject, expectation: string, message: string): Verdict {
  if (expectation !== "error") return failed(`unexpected error ${message}`);
  const conflict = /(var assignment|object insert) conflict$/.test(message);
  return body["want_error_code"] !== "eval_conflict_error" || conflict ? { outcome: "passed" } : failed(`error ${message}`);
}

function bytes(source: string): ArrayBuffer {
  return new TextEncoder().encode(source).slice().buffer;
}

function asDoubles(value: ExactJson): ExactJson {
  return readExact(JSON.stringify(JSON.parse(writeExact(value))));
}
