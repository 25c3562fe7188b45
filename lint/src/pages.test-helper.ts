// The pages of lint rules as tests: what stands in a page's code blocks is linted, and has to be found as the page says.
import { tally } from "#evaluation/tally.ts";
import { decisionQuestions, decisionsOf } from "#features/rego/decisions.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { withEdits } from "#grammars/text/edits.ts";
import { finish } from "#grammars/text/steps.ts";
import { memoryHost } from "#workspace/host.ts";
import { openProject } from "#workspace/workspace.ts";
import type { Decisions } from "./decisions.ts";
import { type ActiveRule, type LintFinding, lintDecisions, lintFile, lintProject } from "./lint.ts";
import { LintFile } from "./lint-file.ts";
import { isDecisionRule, type LintRule } from "./rule.ts";

/** One example of a page. */
export interface Example {
  /** The line of the page that it begins at. */
  readonly line: number;
  /** By paths; one file is `policy.rego` unless `#- path` names it. */
  readonly files: ReadonlyMap<string, string>;
  readonly version: "v0" | "v1";
  /** `name: value` lines of the YAML block before it. */
  readonly options: Readonly<Record<string, unknown>>;
  /** A line for each finding, `3:5-3:9 message`. */
  readonly findings: string;
  /** The text once all fixes are applied; undefined where a page does not show it. */
  readonly fixed: string | undefined;
}

/** Reads a page: blocks of `rego` (or `rego v0`) are examples; `yaml` is before one, `findings` and `fixed` are behind it. */
export function examplesOf(page: string): readonly Example[] {
  const found: Example[] = [];
  let options: Record<string, unknown> = {};
  for (const match of page.matchAll(/^```([^\n]*)\n(.*?)^```$/gmsu)) {
    const [, language, text] = match as unknown as [string, string, string];
    const last = found.at(-1);
    switch (language) {
      case "rego":
      case "rego v0": {
        const line = page.slice(0, match.index).split("\n").length;
        const version = language === "rego" ? "v1" : "v0";
        found.push({ line, files: filesOf(text), version, options, findings: "", fixed: undefined });
        options = {};
        break;
      }
      case "yaml":
        options = optionsOf(text);
        break;
      case "findings":
        found[found.length - 1] = { ...last!, findings: text.trimEnd() };
        break;
      case "fixed":
        found[found.length - 1] = { ...last!, fixed: text };
        break;
    }
  }
  return found;
}

/** What the rule finds in an example, as the page writes it; with several files, each line begins with its path. */
export async function findingsIn(rule: LintRule, example: Example): Promise<string> {
  const many = example.files.size > 1;
  return (await lintExample(rule, example))
    .map(({ file, range, message }) => {
      if (file === undefined || range === undefined) return message;
      const [from, to] = [file.lines.rowCol(range.start), file.lines.rowColOfEnd(range.end)];
      return `${many ? `${file.path}:` : ""}${from.row}:${from.col}-${to.row}:${to.col} ${message}`;
    })
    .join("\n");
}

/** The first file with the fixes of all findings applied. */
export async function fixedText(rule: LintRule, example: Example): Promise<string> {
  const [text] = [...example.files.values()];
  return withEdits(
    text!,
    (await lintExample(rule, example)).flatMap(({ fix }) => fix?.edits ?? []),
  );
}

const root = "/project";

async function lintExample(rule: LintRule, example: Example): Promise<readonly LintFinding[]> {
  const policies = [...example.files].filter(([path]) => path.endsWith(".rego"));
  const files = policies.map(
    ([path, text]) => new LintFile(parsed(path, text, example), { relativePath: path, absolutePath: `${root}/${path}` }),
  );
  const active = [{ rule, level: "error" as const, options: { ...rule.options, ...example.options } }];
  const found = [...files.flatMap((file) => lintFile(file, active)), ...lintProject(files, active)];
  return isDecisionRule(rule) ? [...found, ...lintDecisions(await decisionsIn(example, files, active), active)] : found;
}

/** What the samples and tests of an example come to. */
async function decisionsIn(
  { files: texts }: Example,
  files: readonly LintFile[],
  active: readonly ActiveRule[],
): Promise<Decisions> {
  const onDisk = Object.fromEntries([...texts].map(([path, text]) => [`${root}/${path}`, text]));
  const project = await openProject(memoryHost(onDisk), root);
  const questions = decisionQuestions(project, active, undefined);
  const shown = (path: string): string => path.slice(root.length + 1);
  if (questions.length === 0) return decisionsOf(project, files, undefined, shown);
  const compiled = finish(project.compilation.countedSteps([...new Set(questions.map(({ entrypoint }) => entrypoint))]));
  if ("problem" in compiled) throw new Error(compiled.problem);
  const counted = tally(compiled.module, project.data.json, questions, { now: () => 0n }, () => ({}));
  if ("fault" in counted) throw new Error(counted.fault);
  return decisionsOf(project, files, { questions, module: compiled.module, tally: counted }, shown);
}

function parsed(file: string, text: string, { version }: Example): ParsedModule {
  const module = parseModule(text, { file, version });
  if (module.diagnostics.length > 0) throw new Error(`${file}: ${module.diagnostics[0]!.message}`);
  return module;
}

function filesOf(text: string): ReadonlyMap<string, string> {
  if (!/^#- /mu.test(text)) return new Map([["policy.rego", text]]);
  const chunks = text.split(/^#- /mu).slice(1);
  return new Map(chunks.map((chunk) => [chunk.slice(0, chunk.indexOf("\n")).trim(), chunk.slice(chunk.indexOf("\n") + 1)]));
}

/** `name: value` lines; a value is JSON, or text as it stands. */
function optionsOf(text: string): Record<string, unknown> {
  const lines = text.split("\n").filter((line) => line.includes(":"));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at).trim(), optionValue(line.slice(at + 1).trim())];
    }),
  );
}

function optionValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
