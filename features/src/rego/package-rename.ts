// Packages under another name: renamed at the cursor, or because their files moved. Imports and references follow.
import { basename, dirname, isBelow, relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { movedMentions } from "../decision-mentions.ts";
import { dataValue } from "../input-shape.ts";
import type { Names, Occurrence } from "./names.ts";
import { type Found, namesOf, type ProjectNames } from "./project-names.ts";

export type PackageEdit = Found & { readonly newText: string };

const identifier = /^[A-Za-z_]\w*$/u;

/** Why the last part of a package path, as `data.lib.roles`, cannot be renamed. */
export function packageRefusal(project: Project, path: readonly string[]): string | undefined {
  const names = namesOf(project);
  const below = packagesBelow(names, path);
  if (below.length === 0) return `\`${path.join(".")}\` comes from data files`;
  if (below.some((one) => names.filesOfPackage(one).some((file) => project.library.includes(file))))
    return `\`${path.join(".")}\` belongs to the library of RMS`;
  if (dataValue(project, path.slice(1)) !== undefined) return `\`${path.join(".")}\` is in the data files too`;
  return undefined;
}

/** The edits that give the last part of a package path another name, for the package and all packages below. */
export function renamePackage(
  project: Project,
  path: readonly string[],
  newName: string,
): { readonly edits: readonly PackageEdit[] } | { readonly refusal: string } {
  const names = namesOf(project);
  const renamed = [...path.slice(0, -1), newName];
  if (packagesBelow(names, renamed).length > 0) return { refusal: `\`${renamed.join(".")}\` is another package` };
  if (names.rule(renamed.join(".")).length > 0) return { refusal: `\`${renamed.join(".")}\` is a rule` };
  const moved = new Map<string, readonly string[]>([[path.join("."), renamed]]);
  for (const one of packagesBelow(names, path)) moved.set(one, [...renamed, ...one.split(".").slice(path.length)]);
  const clash = project.policies.find((file) => usesBare(names.names(file), path) && isTaken(names.names(file), newName));
  if (clash !== undefined) return { refusal: `\`${newName}\` is another name in ${basename(clash.path)}` };
  return { edits: [...project.policies.flatMap((file) => editsIn(names, file, moved)), ...movedMentions(project, moved)] };
}

/** The edits that let packages follow files that move: `from` and `to` are paths of policies. Only packages that mirror their folder follow. */
export function movePackages(
  project: Project,
  moves: readonly { readonly from: string; readonly to: string }[],
): readonly PackageEdit[] {
  const names = namesOf(project);
  const targets = new Map<SourceFile, readonly string[]>();
  for (const { from, to } of moves) {
    const file = project.files.get(from);
    const target = file?.kind === "rego" ? packageAfterMove(project, file, to) : undefined;
    if (file !== undefined && target !== undefined) targets.set(file, target);
  }
  const whole = new Map<string, readonly string[]>();
  for (const path of names.packages) {
    const files = names.filesOfPackage(path);
    const [first] = files.map((file) => targets.get(file));
    const together = files.every((file) => targets.get(file)?.join(".") === first?.join("."));
    if (first !== undefined && together && packagesBelow(names, first).length === 0) whole.set(path, first);
  }
  const edits: PackageEdit[] = project.policies.flatMap((file) => editsIn(names, file, whole));
  edits.push(...movedMentions(project, whole));
  for (const [file, target] of targets) {
    if (whole.has(names.packageOf(file).join("."))) continue;
    const path = project.parsed(file).module.package?.path ?? [];
    const [first, last] = [path[0], path.at(-1)];
    if (first !== undefined && last !== undefined)
      edits.push({ file: file.path, range: { start: first.start, end: last.end }, newText: target.slice(1).join(".") });
  }
  return edits;
}

/** The package that a moved file should have, as `["data", "lib"]`; undefined when its package did not mirror its folder, or stays. */
function packageAfterMove(project: Project, file: SourceFile, to: string): readonly string[] | undefined {
  const written = project.parsed(file).module.package?.path.map((part) => part.value) ?? [];
  if (written.length === 0) return undefined;
  const forms = [
    { written, suffix: "" },
    { written: [...written.slice(0, -1), written.at(-1)!.replace(/_test$/u, "")], suffix: "_test" },
  ];
  for (const { written: parts, suffix } of written.at(-1)!.endsWith("_test") ? forms.reverse() : forms.slice(0, 1)) {
    for (const place of [dirname, stemOf]) {
      const from = place(file.path).split("/");
      const base = from.slice(0, -parts.length).join("/") || "/";
      if (from.slice(-parts.length).join("/") !== parts.join("/") || !isBelow(base, project.root)) continue;
      if (!isBelow(place(to), base)) return undefined;
      const next = relative(base, place(to)).split("/");
      if (!next.every((part) => identifier.test(part))) return undefined;
      const target = [...next.slice(0, -1), `${next.at(-1)!}${suffix}`];
      return target.join(".") === written.join(".") ? undefined : ["data", ...target];
    }
  }
  return undefined;
}

function stemOf(path: string): string {
  return path.replace(/\.rego$/u, "");
}

/** The package of that path and all below it. */
function packagesBelow(names: ProjectNames, path: readonly string[]): readonly string[] {
  const own = path.join(".");
  return [...names.packages].filter((one) => one === own || one.startsWith(`${own}.`));
}

/** True when the file says the last part of the path alone, as an import without `as` allows. */
function usesBare(names: Names, path: readonly string[]): boolean {
  return names.imports.some((item) => !item.named && item.path.join(".") === path.join("."));
}

function isTaken(names: Names, name: string): boolean {
  return (
    names.locals.some((local) => local.name === name) ||
    names.imports.some((item) => item.alias === name) ||
    names.ruleNames.has(name)
  );
}

function editsIn(names: ProjectNames, file: SourceFile, moved: ReadonlyMap<string, readonly string[]>): PackageEdit[] {
  if (moved.size === 0) return [];
  const { occurrences } = names.names(file);
  const known = new Set([...names.packages, ...moved.keys()]);
  const edits: PackageEdit[] = [];
  for (const [at, found] of occurrences.entries()) {
    if (found.meaning.kind !== "place" || found.alias === true) continue;
    const old = found.meaning.path;
    const target = moved.get(old.join("."));
    if (target === undefined || packageOf(occurrences, at, known) !== old.join(".")) continue;
    const base = chainStart(occurrences, at);
    if (base === undefined) continue;
    const { range, meaning, alias } = base;
    // An alias stands for the front of the path, which its import names; a bare name for all but its own last part.
    const held = alias === true ? meaning.path.length : meaning.path.length - 1;
    const isWhole = held === 1 || held === old.length - 1;
    if (target.length !== old.length && !isWhole) continue;
    const kept = old.slice(held);
    const wanted = held === 1 ? target.slice(1) : target.slice(held - old.length);
    const start = alias === true ? occurrences[occurrences.indexOf(base) + 1]?.range.start : range.start;
    if (start === undefined || kept.length === 0 || kept.join(".") === wanted.join(".")) continue;
    const dotted = /^[\w.]+$/u.test(file.text.slice(start, found.range.end));
    const onlyLast = kept.length === wanted.length && kept.slice(0, -1).every((part, step) => part === wanted[step]);
    if (onlyLast) edits.push({ file: file.path, range: found.range, newText: wanted.at(-1)! });
    else if (dotted) edits.push({ file: file.path, range: { start, end: found.range.end }, newText: wanted.join(".") });
  }
  return edits;
}

type PlaceOccurrence = Occurrence & { readonly meaning: { readonly kind: "place"; readonly path: readonly string[] } };

const isPlace = (found: Occurrence | undefined): found is PlaceOccurrence => found?.meaning.kind === "place";

const continues = (next: PlaceOccurrence, before: PlaceOccurrence): boolean =>
  next.meaning.path.length === before.meaning.path.length + 1 &&
  before.meaning.path.every((part, step) => next.meaning.path[step] === part);

/** The longest package that the path through an occurrence goes on to. */
function packageOf(occurrences: readonly Occurrence[], at: number, packages: ReadonlySet<string>): string | undefined {
  let longest: string | undefined;
  let last: PlaceOccurrence | undefined;
  for (let index = at; index < occurrences.length; index++) {
    const next = occurrences[index];
    if (!isPlace(next) || (last !== undefined && !continues(next, last))) break;
    last = next;
    if (packages.has(next.meaning.path.join("."))) longest = next.meaning.path.join(".");
  }
  return longest;
}

/** The first part of the path that an occurrence belongs to, `data` left out. */
function chainStart(occurrences: readonly Occurrence[], at: number): PlaceOccurrence | undefined {
  const own = occurrences[at];
  if (!isPlace(own)) return undefined;
  let found = own;
  for (let index = at - 1; index >= 0 && found.meaning.path.length > 2; index--) {
    const before = occurrences[index];
    if (!isPlace(before) || !continues(found, before)) break;
    found = before;
  }
  return found;
}
