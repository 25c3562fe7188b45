// The project's own rules in Rego: those in `.regal/rules`, upwards from the first path, and those that `--rules` names.
import { createInstance } from "#evaluation/instance.ts";
import { regalFamily } from "#evaluation/regal-builtins.ts";
import {
  type ActiveCustomRule,
  activeCustomRules,
  type CustomFindings,
  type CustomRules,
  compileRules,
  customFindings,
  type RuleSource,
  rulesData,
} from "#features/rego/custom-rules.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import type { RuleFlags } from "#lint/active-rules.ts";
import type { LintFile } from "#lint/lint-file.ts";
import { dirname, resolve } from "#workspace/paths.ts";
import type { Invocation } from "../command.ts";
import { bytesIn, filesBelow, kindAt, whyMissing } from "../disk-files.ts";
import type { Io } from "../io.ts";
import { join, pathOf } from "../load-parts.ts";
import { systemTime } from "../system-time.ts";
import type { FoundConfig } from "./config.ts";

/** Undefined where there are none. */
export function loadCustomRules(call: Invocation): CustomRules | { readonly fault: string } | undefined {
  const { io } = call;
  const cwd = io.cwd.replaceAll("\\", "/");
  const first = resolve(cwd, (call.positionals[0] ?? ".").replaceAll("\\", "/"));
  const ofProject = rulesFolder(io.kind(first) === "folder" ? first : dirname(first), io);
  const sources: RuleSource[] = [];
  for (const path of [...(ofProject === undefined ? [] : [ofProject]), ...call.all("rules").map(pathOf)]) {
    const kind = kindAt(io, path);
    if (kind === undefined) return { fault: `stat ${path}: ${whyMissing(io, path)}` };
    const files = kind === "file" ? [path] : filesBelow(io, path, "files").map((inner) => join(path, inner));
    for (const file of files.filter((one) => one.endsWith(".rego"))) {
      let unread = "";
      const bytes = bytesIn(io, file, (fault) => {
        unread = fault;
      });
      if (bytes === undefined) return { fault: unread };
      sources.push({ path: file, text: decodePolicy(bytes) });
    }
  }
  const compiled = compileRules(sources);
  return compiled !== undefined && "problem" in compiled ? { fault: compiled.problem } : compiled;
}

function rulesFolder(from: string, io: Io): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const rules = resolve(folder, ".regal/rules");
    if (io.kind(rules) === "folder") return rules;
    if (folder === dirname(folder)) return undefined;
  }
}

const noFindings: CustomFindings = { findings: [], faults: [] };

/** What the rules that are on find. */
export function findingsOfCustomRules(
  files: readonly LintFile[],
  custom: CustomRules | undefined,
  { config, value }: FoundConfig,
  flags: RuleFlags,
): CustomFindings {
  const active: readonly ActiveCustomRule[] = custom === undefined ? [] : activeCustomRules(custom.rules, config, flags);
  if (custom === undefined || active.length === 0) return noFindings;
  const instance = createInstance(custom.module, { now: systemTime, builtins: regalFamily });
  instance.setData(rulesData(value, active, files[0]?.builtins.keys() ?? []));
  return customFindings(files, active, (entrypoint, input) => {
    const outcome = instance.evaluate(entrypoint, input, { fuel: mostFuel });
    if (outcome.kind === "error") return { fault: outcome.error.message };
    const [solution] = JSON.parse(outcome.text) as readonly { readonly result: unknown }[];
    return { json: solution === undefined ? undefined : JSON.stringify(solution.result) };
  });
}

/** Steps that one rule may take for one policy. */
const mostFuel = 2_000_000_000n;
