// Builtin probes: one expression in, its value, undefined or errors out, in both builtin error modes.
import { type EngineOutcome, evaluateCase } from "../engine.ts";
import { canonical, type ExactJson, writeExact } from "../exact-json.ts";
import { type CaseResult, casesOf, type ExactObject, type Format, isObject, text } from "../format.ts";

/** Level 1: kind and value; 2: also error codes; 3: also messages and positions. A probe passes at level 2. */
export const builtinProbes: Format = {
  name: "builtin probes",
  recognises: (file) =>
    casesOf(file, "probes") !== undefined && isObject(file.content) && typeof file.content["builtin"] === "string",
  *run(file) {
    for (const probe of casesOf(file, "probes") ?? []) {
      yield judge(probe, "result", false);
      if (probe["strict"] !== undefined) yield judge(probe, "strict", true);
    }
  },
};

function judge(probe: ExactObject, key: "result" | "strict", strict: boolean): CaseResult {
  const id = `${text(probe["id"])}${strict ? "/strict" : ""}`;
  const version = probe["rego_version"] === "v0" ? "v0" : "v1";
  const assign = version === "v0" ? "=" : ":=";
  const module =
    typeof probe["module"] === "string" ? probe["module"] : `package probe\n\nresult ${assign} ${text(probe["expr"])}\n`;
  const outcome = evaluateCase({
    modules: [{ file: "probe.rego", text: module, version }],
    query: "result = data.probe.result",
    dataJson: "{}",
    input: probe["input"] === undefined ? undefined : writeExact(probe["input"]),
    strictBuiltinErrors: strict,
  });
  return { id, ...verdict(probe[key], outcome) };
}

function verdict(expected: ExactJson | undefined, outcome: EngineOutcome): Pick<CaseResult, "outcome" | "why"> {
  if (!isObject(expected)) return { outcome: "failed", why: "the probe has no expectation" };
  const failed = (why: string): Pick<CaseResult, "outcome" | "why"> => ({ outcome: "failed", why });
  const kind = text(expected["kind"]);
  switch (outcome.kind) {
    case "unsupported":
      return { outcome: "unsupported", why: outcome.what };
    case "compileError":
    case "evaluationError": {
      // The probes were taken through OPA's library, which unwraps an error to the ones that caused it.
      const errors = outcome.kind === "compileError" ? outcome.errors : (outcome.error.causes ?? [outcome.error]);
      const codes = errors.map((error) => error.code);
      const words =
        outcome.kind === "compileError" ? outcome.errors.map((error) => error.message).join("; ") : outcome.error.message;
      if (kind !== "error") return failed(`error ${codes.join(",")} ${words}, wanted ${kind} ${text(expected["rego"])}`);
      const wanted = (expected["errors"] as readonly ExactObject[]).map((error) => text(error["code"]));
      return [...new Set(codes)].sort().join() === [...new Set(wanted)].sort().join()
        ? { outcome: "passed" }
        : failed(`codes ${codes.join()}, wanted ${wanted.join()}`);
    }
    case "solutions": {
      const solution = outcome.solutions[0];
      if (solution === undefined)
        return kind === "undefined" ? { outcome: "passed" } : failed(`undefined, wanted ${kind} ${text(expected["rego"])}`);
      if (kind !== "value" && kind !== "value-no-json") return failed(`a value, wanted ${kind}`);
      // The Rego text tells sets from arrays and shows the number text; the solution set is `[{"result": <text>}]`.
      const rego = /^\{?\[?\{"result": ([\s\S]*)\}[\]}]$/.exec(outcome.regoText)?.[1] ?? outcome.regoText;
      if (rego === text(expected["rego"]) || withGoEscapes(rego) === text(expected["rego"])) return { outcome: "passed" };
      if (kind === "value" && expected["invalid_utf8"] === undefined && sameShape(rego, text(expected["rego"]))) {
        const got = isObject(solution) ? solution["result"] : undefined;
        if (got !== undefined && expected["json"] !== undefined && canonical(got) === canonical(expected["json"]))
          return { outcome: "passed" };
      }
      return failed(`${rego.slice(0, 200)}, wanted ${text(expected["rego"]).slice(0, 200)}`);
    }
  }
}

/** The Rego text with control characters as Go quotes them, `\x01` instead of `\u0001`. */
function withGoEscapes(source: string): string {
  return source.replace(/\\(?:u00([01][0-9a-f])|.)/g, (whole, code: string | undefined) =>
    code === undefined ? whole : `\\x${code}`,
  );
}

/** True when both texts hold the same brackets outside strings, so that a set never passes for an array. */
function sameShape(left: string, right: string): boolean {
  const shape = (source: string): string => source.replace(/"(?:[^"\\]|\\.)*"/g, "").replace(/[^[\]{}()]/g, "");
  return shape(left) === shape(right);
}
