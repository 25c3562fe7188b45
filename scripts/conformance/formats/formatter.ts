// `opa fmt` to the byte: a source in, its formatted text out, for one dialect or for v0 and v1 at once. Trees as `opa parse` prints them, without places.

import { moduleToJson } from "#analysis/rego/ast-json.ts";
import { type FmtOptions, formatPolicy } from "#analysis/rego/fmt.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { canonical, readExact } from "../exact-json.ts";
import { type CaseResult, casesOf, type ExactObject, type Format, isObject, text } from "../format.ts";

export const formatter: Format = {
  name: "formatter",
  recognises: (file) => {
    const cases = casesOf(file, "cases");
    return cases?.every((one) => typeof one["source"] === "string" && ("runs" in one || "from" in one)) ?? false;
  },
  *run(file) {
    for (const entry of casesOf(file, "cases") ?? []) {
      if (isObject(entry["runs"])) {
        for (const [mode, run] of Object.entries(entry["runs"])) yield judgeRun(entry, mode, run as ExactObject);
      } else yield judgeFile(entry);
    }
  },
};

/** A run of the program with its flags. */
function judgeRun(entry: ExactObject, mode: string, run: ExactObject): CaseResult {
  const id = `${text(entry["id"])}/${mode}`;
  const args = (run["args"] as readonly string[]).slice(1).filter((arg) => arg !== "--v1-compatible");
  const known: Readonly<Record<string, Target & { readonly from: RegoVersion }>> = {
    "": { from: "v1" },
    "--drop-v0-imports": { from: "v1", dropImports: true },
    "--v0-compatible": { from: "v0" },
    "--v0-v1": {
      from: (run["args"] as readonly string[]).includes("--v1-compatible") ? "v1" : "v0",
      version: "v0",
      upTo: "v1",
    },
  };
  const how = known[args.join(" ")];
  if (how === undefined) return { id, outcome: "unsupported", why: `opa fmt ${args.join(" ")}` };
  return compare(id, entry, how.from, how, run["output"]);
}

/** A file of OPA's own formatter tests: from one dialect to another. */
function judgeFile(entry: ExactObject): CaseResult {
  const id = text(entry["id"]);
  const from = text(entry["from"]);
  const to = text(entry["to"]);
  const [version, upTo = version] = to === "v0v1" ? ["v0", "v1"] : to.split("..");
  if (!isVersion(from) || !isVersion(version) || !isVersion(upTo))
    return { id, outcome: "unsupported", why: `from ${from} to ${to}` };
  return compare(id, entry, from, { version, upTo }, entry["expected"]);
}

type Target = Pick<FmtOptions, "version" | "upTo" | "dropImports">;

function isVersion(name: string | undefined): name is RegoVersion {
  return name === "v0" || name === "v1" || name === "v2";
}

function compare(id: string, entry: ExactObject, from: RegoVersion, options: Target, wanted: unknown): CaseResult {
  const result = formatPolicy(text(entry["source"]), { ...options, file: "policy.rego", from });
  const formatted = "text" in result ? result.text : undefined;
  if (wanted === undefined)
    return formatted === undefined ? { id, outcome: "passed" } : { id, outcome: "failed", why: "formatted what must be refused" };
  if (formatted === wanted) return { id, outcome: "passed" };
  return { id, outcome: "failed", why: formatted === undefined ? "refused" : "another text" };
}

export const trees: Format = {
  name: "trees",
  recognises: (file) => casesOf(file, "cases")?.every((one) => "source" in one && "ast" in one) ?? false,
  *run(file) {
    for (const one of casesOf(file, "cases") ?? []) yield judgeTree(one);
  },
};

/** The tree without places; `opa parse --json-include locations` is not printed yet. */
function judgeTree(entry: ExactObject): CaseResult {
  const id = text(entry["id"]);
  const version = text(entry["version"]) === "v0" ? "v0" : "v1";
  const parsed = parseModule(text(entry["source"]), { file: "policy.rego", version });
  const wanted = entry["ast"] as ExactObject;
  if (isObject(wanted) && "error" in wanted)
    return parsed.diagnostics.length > 0 ? { id, outcome: "passed" } : { id, outcome: "failed", why: "accepted" };
  const found = readExact(JSON.stringify(moduleToJson(parsed, { comments: false })));
  return canonical(found) === canonical(wanted) ? { id, outcome: "passed" } : { id, outcome: "failed", why: "another tree" };
}
