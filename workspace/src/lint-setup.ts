// The linter configuration that holds for a project, and what is wrong in it.
import { release } from "#analysis/rego/releases.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { oncePer } from "#grammars/once-per.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { type LintConfig, noLintConfig, readLintConfig, wrongNames } from "#lint/config.ts";
import { configuredOpa } from "#lint/configured-opa.ts";
import type { Surroundings } from "#lint/lint-file.ts";
import { lintRules } from "#lint/rules.generated.ts";
import { namedCapabilities } from "./capabilities-file.ts";
import { folderOfLinterConfig, isLinterConfig } from "./linter-config.ts";
import { dirname, resolve } from "./paths.ts";
import type { Project } from "./project.ts";
import { type RepeatedKey, repeatedKey } from "./repeated-key.ts";
import type { SourceFile } from "./source-file.ts";
import { yamlToJson } from "./yaml-json.ts";

export interface LintSetup {
  /** Undefined where there is none, and Regal's defaults hold. */
  readonly file: SourceFile | undefined;
  /** What patterns of files are seen from. */
  readonly folder: string;
  readonly config: LintConfig;
  /** What the OPA that the policies are for has. */
  readonly opa: Pick<Surroundings, "builtins" | "features">;
  readonly diagnostics: readonly Diagnostic[];
}

/** The nearest configuration from the project's root upwards, as far as the workspace goes; else the outermost one in the project. */
export function lintSetupOf(project: Project): LintSetup {
  return project.once("lintSetup", () => {
    const file = configFile(project);
    const { config, diagnostics } = file === undefined ? nothing : readConfigFile(file);
    const folder = file === undefined ? project.root : folderOfLinterConfig(file.path);
    const { opa, fault } = opaOf(config, folder, project);
    const more = file === undefined || fault === undefined ? [] : [problem(file, keyAt(file, "from"), fault)];
    return { file, folder, config, opa, diagnostics: [...diagnostics, ...more] };
  });
}

function configFile(project: Project): SourceFile | undefined {
  for (let folder = project.root; folder.startsWith("/"); folder = dirname(folder)) {
    const file = project.find(resolve(folder, ".regal/config.yaml")) ?? project.find(resolve(folder, ".regal.yaml"));
    if (file !== undefined || folder === "/") return file ?? outermost(project);
  }
  return undefined;
}

function outermost(project: Project): SourceFile | undefined {
  const found = [...project.files.values()].filter(({ path }) => isLinterConfig(path));
  return found.sort((a, b) => a.path.length - b.path.length)[0];
}

const nothing = { config: noLintConfig, diagnostics: [] };

const readConfigFile = oncePer((file: SourceFile): Pick<LintSetup, "config" | "diagnostics"> => {
  if (file.text.trim() === "") return nothing;
  const json = yamlToJson(file.text);
  if ("fault" in json) return { config: noLintConfig, diagnostics: [problem(file, json.fault.offset, json.fault.message)] };
  const repeated = repeatedKey(file.text);
  const { config, faults } = readLintConfig(JSON.parse(json.json));
  const { categories, rules, vain } = wrongNames(config, lintRules);
  return {
    config,
    diagnostics: [
      ...(repeated === undefined ? [] : [repeatedProblem(file, repeated)]),
      ...faults.map((fault) => problem(file, 0, fault)),
      ...categories.map((name) => problem(file, keyAt(file, name), `no category of lint rules is called ${name}`)),
      ...rules.map((name) => problem(file, keyAt(file, name), `no lint rule is called ${name}`)),
      ...vain.map(({ rule, why }) => problem(file, keyAt(file, rule), why)),
    ],
  };
});

function problem(file: SourceFile, start: number, message: string): Diagnostic {
  const end = start + (/^[^\s:]+/u.exec(file.text.slice(start))?.[0].length ?? 0);
  return { file: file.path, range: { start, end }, severity: "warning", code: "rw_lint_config", message };
}

function repeatedProblem(file: SourceFile, { name, line, firstLine }: RepeatedKey): Diagnostic {
  const lines = new LineIndex(file.text);
  const start = lines.lineStart(line - 1) + Math.max(0, lines.lineText(line - 1).indexOf(name));
  return problem(file, start, `${name} is there already, in line ${firstLine}: only this one holds`);
}

/** Where a key is written; the beginning of the file for one that is written in an unusual way. */
function keyAt({ text }: SourceFile, name: string): number {
  return Math.max(0, text.indexOf(`${name}:`));
}

function opaOf(
  { capabilities }: LintConfig,
  folder: string,
  project: Project,
): { readonly opa: LintSetup["opa"]; readonly fault: string | undefined } {
  const { version, file } = capabilities;
  if (version !== undefined) {
    const from = release(version);
    return {
      opa: configuredOpa(capabilities, from),
      fault: from === undefined ? `there is no release ${version} of OPA` : undefined,
    };
  }
  const named = namedCapabilities(file, (path) => project.find(resolve(folder, path)));
  return { opa: configuredOpa(capabilities, named.capabilities), fault: named.problem };
}
