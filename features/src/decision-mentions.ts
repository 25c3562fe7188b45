// Where a rule is named as a decision outside of policies: the `entrypoints` of `rw.conf` and of the editor's settings, pinned inputs, and the
// expected decisions beside samples.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { rulePath } from "#workspace/config.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import { dirname, resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { closestNames } from "./edit-distance.ts";
import { nameFixes } from "./name-fixes.ts";
import { writtenPins } from "./pinned-input.ts";
import { namesOf } from "./rego/project-names.ts";

export interface Mention {
  readonly file: string;
  /** The name of the rule, the last part of its path. */
  readonly range: Range;
}

/** A place that names a decision as a whole: `policy/allow`, `data.policy.allow`. */
interface Named {
  readonly file: SourceFile;
  readonly range: Range;
  /** `data.policy.allow`. */
  readonly path: string;
}

/** The mentions of a rule, `data.policy.allow`. */
export function mentionsOf(project: Project, path: string): readonly Mention[] {
  return namedDecisions(project).flatMap((named) => (named.path === path ? [lastPart(named.file, named.range)] : []));
}

/** The decision that a file other than a policy names at an offset: `data.policy.allow`. */
export function decisionAt(
  project: Project,
  file: SourceFile,
  offset: number,
): { readonly path: string; readonly range: Range } | undefined {
  return namedDecisions(project).find((one) => one.file === file && one.range.start <= offset && offset <= one.range.end);
}

/** What the project's own file names as a decision and no policy has; packages that nothing here is like may be those of another root. */
export function unknownDecisions(project: Project): readonly Diagnostic[] {
  const config = project.find(resolve(project.configFolder, "rw.conf"));
  if (config === undefined || project.largePolicies.length > 0) return [];
  if (project.broken.length > 0) return [];
  const names = namesOf(project);
  const read = new Set([...project.config.entrypoints.map(rulePath), ...project.config.inputs.pins.keys()]);
  const isKnown = (path: string): boolean =>
    path === "data" || names.ruleBehind(path.split(".")) !== undefined || names.rulesUnder(path).size > 0;
  const packages = new Set(names.packages);
  return inConfig(config).flatMap(({ file, range, path }): readonly Diagnostic[] => {
    if (!read.has(path) || isKnown(path)) return [];
    const near = closestNames(path, names.rules.keys());
    if (near.length === 0 && !packages.has(path.slice(0, path.lastIndexOf(".")))) return [];
    const written = file.text.slice(range.start, range.end);
    const own = near.map((name) => (written.startsWith("data.") ? name : name.split(".").slice(1).join("/")));
    const hint = own.length > 0 ? `: did you mean \`${own[0]}\`?` : "";
    const message = `no policy of this project defines \`${written}\`${hint}`;
    return [
      { file: file.path, range, severity: "warning", code: "rw_config_unknown_rule", message, fixes: nameFixes(range, own) },
    ];
  });
}

/** The edits that let mentions follow packages and rules under other names: `data.policy` → `["data", "authz"]`. */
export function movedMentions(
  project: Project,
  moved: ReadonlyMap<string, readonly string[]>,
): readonly (Mention & { readonly newText: string })[] {
  return namedDecisions(project).flatMap(({ file, range, path }) => {
    const parts = path.split(".");
    const length = parts.findLastIndex((_, at) => moved.has(parts.slice(0, at + 1).join("."))) + 1;
    if (length === 0) return [];
    const renamed = moved.get(parts.slice(0, length).join("."))!;
    const written = file.text.slice(range.start, range.end);
    const separator = written.includes("/") ? "/" : ".";
    const old = parts.slice(1, length).join(separator);
    const at = written.indexOf(old);
    if (at < 0) return [];
    const start = range.start + at;
    return [{ file: file.path, range: { start, end: start + old.length }, newText: renamed.slice(1).join(separator) }];
  });
}

function namedDecisions(project: Project): readonly Named[] {
  const config = project.find(resolve(project.configFolder, "rw.conf"));
  const found = config === undefined ? [] : inConfig(config);
  const settings = settingsAround(project);
  if (settings !== undefined) found.push(...inSettings(settings));
  const seen = new Set<string>();
  for (const sample of project.inputs.samples) {
    const { expected } = sample;
    if (expected === undefined || seen.has(expected.path)) continue;
    seen.add(expected.path);
    for (const { query, range } of project.inputs.expectationsOf(sample).expectations)
      found.push({ file: expected, range, path: query });
  }
  return found;
}

function inConfig(config: SourceFile): Named[] {
  return [...inEntrypoints(config), ...writtenPins(config).map(({ rule, name }) => ({ file: config, range: name, path: rule }))];
}

/** The settings that an editor keeps for the folder of a project, or for one around it. */
function settingsAround(project: Project): SourceFile | undefined {
  for (let folder = project.root; folder.startsWith("/"); folder = dirname(folder)) {
    const file = project.find(resolve(folder, ".vscode/settings.json"));
    if (file !== undefined || folder === "/") return file;
  }
  return undefined;
}

/** The list `rw.entrypoints`, in JSON with comments as editors write it. */
function inSettings(file: SourceFile): Named[] {
  const list = /"rw\.entrypoints"\s*:\s*\[([^\]]*)\]/u.exec(file.text);
  if (list === null) return [];
  const start = list.index + list[0].lastIndexOf(list[1]!);
  return namesIn(file, { start, end: start + list[1]!.length });
}

function namesIn(file: SourceFile, { start, end }: Range): Named[] {
  return [...file.text.slice(start, end).matchAll(/[\w./-]+/gu)].map((written) => {
    const from = start + written.index;
    return { file, range: { start: from, end: from + written[0].length }, path: rulePath(written[0]) };
  });
}

/** `policy/allow` and `data.policy.allow` in the list. */
function inEntrypoints(config: SourceFile): Named[] {
  const { body } = parsedHocon(config).tree;
  if (body.kind !== "object") return [];
  const found: Named[] = [];
  for (const member of body.members) {
    if (member.kind !== "field" || member.key.path.join(".") !== "entrypoints" || member.value === undefined) continue;
    found.push(...namesIn(config, member.value));
  }
  return found;
}

function lastPart(file: SourceFile, { start, end }: Range): Mention {
  const name = /\w+(?=\W*$)/u.exec(file.text.slice(start, end));
  if (name === null) return { file: file.path, range: { start, end } };
  return { file: file.path, range: { start: start + name.index, end: start + name.index + name[0].length } };
}
