// The linter configuration that holds for a project, and what is wrong in it: a file of the linter's own, with `lint` of `rw.conf` laid over it.
import { release, unknownRelease } from "#analysis/rego/releases.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { type LintConfig, mergedConfig, noLintConfig, readLintConfig, wrongNames } from "#lint/config.ts";
import { configuredOpa } from "#lint/configured-opa.ts";
import type { Surroundings } from "#lint/lint-file.ts";
import { lintRules } from "#lint/rules.generated.ts";
import { namedCapabilities } from "./capabilities-file.ts";
import type { ProjectConfig } from "./config.ts";
import { folderOfLinterConfig, isLinterConfig, nearestLinterConfig, readLinterConfig } from "./linter-config.ts";
import { resolve } from "./paths.ts";
import type { Project } from "./project.ts";
import { type RepeatedKey, repeatedKey } from "./repeated-key.ts";
import type { SourceFile } from "./source-file.ts";
import { writtenKeys } from "./written-keys.ts";
import { yamlKeyPlace } from "./yaml-keys.ts";

export interface LintSetup {
  /** The linter's own file; undefined where there is none. */
  readonly file: SourceFile | undefined;
  /** `rw.conf`, where it says something of lint rules. */
  readonly projectFile: SourceFile | undefined;
  /** What patterns of files are seen from. */
  readonly folder: string;
  readonly config: LintConfig;
  /** All of it as a JSON value. */
  readonly value: unknown;
  /** What the OPA that the policies are for has. */
  readonly opa: Pick<Surroundings, "builtins" | "features">;
  readonly diagnostics: readonly Diagnostic[];
}

/** The nearest configuration from the project's root upwards; else the outermost one in the project; else, where `rw.conf` says nothing, the user's own. */
export function lintSetupOf(project: Project): LintSetup {
  return project.once("lintSetup", () => {
    const { lint } = project.config;
    const projectFile = lint === undefined ? undefined : project.find(resolve(project.configFolder, "rw.conf"));
    const ofProject = nearestLinterConfig(project.root, project.find) ?? outermost(project);
    const file = ofProject ?? (lint === undefined ? project.elsewhere.userLinterConfig() : undefined);
    const folder = folderOf(ofProject, lint === undefined ? project.root : project.configFolder);
    const written = file === undefined ? nothing : readConfigFile(file);
    const { value, config } = lint === undefined ? written : overlaid(written, lint);
    const { opa, fault } = opaOf(config, folder, project);
    const told = lint === undefined || projectFile === undefined ? [] : namesIn(projectFile, lint);
    const at = fault === undefined ? undefined : placeOfCapabilities(file, projectFile);
    return {
      file,
      projectFile,
      folder,
      config,
      value,
      opa,
      diagnostics: [...written.diagnostics, ...told, ...(at === undefined ? [] : [problem(at.file, at.range, fault!)])],
    };
  });
}

function folderOf(file: SourceFile | undefined, otherwise: string): string {
  return file === undefined ? otherwise : folderOfLinterConfig(file.path);
}

function outermost(project: Project): SourceFile | undefined {
  const found = [...project.files.values()].filter(({ path }) => isLinterConfig(path));
  return found.sort((a, b) => a.path.length - b.path.length)[0];
}

interface Written {
  readonly value: unknown;
  readonly config: LintConfig;
  readonly diagnostics: readonly Diagnostic[];
}

const nothing: Written = { value: undefined, config: noLintConfig, diagnostics: [] };

const readConfigFile = oncePer((file: SourceFile): Written => {
  const read = readLinterConfig(file);
  if ("fault" in read) {
    const { offset, message } = read.fault;
    return { ...nothing, diagnostics: [problem(file, wordAt(file.text, offset), message)] };
  }
  if (read.value === undefined) return nothing;
  const repeated = repeatedKey(file.text);
  const { config, faults } = readLintConfig(read.value);
  const said = [...faults, ...sayings(config)].map(({ path, message }) => problem(file, yamlKeyPlace(file.text, path), message));
  return {
    value: read.value,
    config,
    diagnostics: [...(repeated === undefined ? [] : [repeatedProblem(file, repeated)]), ...said],
  };
});

/** What `lint` of a `rw.conf` makes of what is below it; the same while both are. */
function overlaid({ value: below }: Written, lint: NonNullable<ProjectConfig["lint"]>): Overlaid {
  const known = overlays.get(lint);
  if (known !== undefined && known.below === below) return known;
  const value = mergedConfig(below, lint);
  const made = { below, value, config: readLintConfig(value).config };
  overlays.set(lint, made);
  return made;
}

interface Overlaid {
  readonly below: unknown;
  readonly value: unknown;
  readonly config: LintConfig;
}

const overlays = new WeakMap<object, Overlaid>();

/** The names that mean nothing, said where they are written; the shapes of the values are looked at with those of all keys. */
function namesIn(file: SourceFile, lint: unknown): readonly Diagnostic[] {
  const keys = writtenKeys(file);
  return sayings(readLintConfig(lint).config).map(({ path, message }) => {
    const name = ["lint", ...path].join(".");
    const range = keys.findLast((key) => key.path.join(".") === name)?.range ?? { start: 0, end: 0 };
    return problem(file, range, message);
  });
}

function sayings(config: LintConfig): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const { categories, rules, vain } = wrongNames(config, lintRules);
  return [
    ...categories.map((name) => ({ path: ["rules", name], message: `no category of lint rules is called ${name}` })),
    ...rules.map(({ category, name }) => ({ path: ["rules", category, name], message: `no lint rule is called ${name}` })),
    ...vain,
  ];
}

function problem(file: SourceFile, range: Range, message: string): Diagnostic {
  return { file: file.path, range, severity: "warning", code: "rw_lint_config", message };
}

/** The word at an offset. */
function wordAt(text: string, start: number): Range {
  return { start, end: start + (/^[^\s:]+/u.exec(text.slice(start))?.[0].length ?? 0) };
}

function repeatedProblem(file: SourceFile, { name, line, firstLine }: RepeatedKey): Diagnostic {
  const lines = new LineIndex(file.text);
  const start = lines.lineStart(line - 1) + Math.max(0, lines.lineText(line - 1).indexOf(name));
  return problem(file, wordAt(file.text, start), `${name} is there already, in line ${firstLine}: only this one holds`);
}

/** Where the OPA of the policies is named: in `rw.conf`, else in the linter's file. */
function placeOfCapabilities(
  file: SourceFile | undefined,
  projectFile: SourceFile | undefined,
): { readonly file: SourceFile; readonly range: Range } | undefined {
  const key = projectFile && writtenKeys(projectFile).findLast(({ path }) => path.join(".") === "lint.capabilities.from");
  if (projectFile !== undefined && key !== undefined) return { file: projectFile, range: key.range };
  return file && { file, range: yamlKeyPlace(file.text, ["capabilities", "from"]) };
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
      fault: from === undefined ? unknownRelease(version) : undefined,
    };
  }
  const named = namedCapabilities(file, (path) => project.find(resolve(folder, path)));
  return { opa: configuredOpa(capabilities, named.capabilities), fault: named.problem };
}
