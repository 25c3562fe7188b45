// How often the wanted name is among the first five that completion offers: names cut from policies, as somebody would type them again.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sortText } from "#features/completion-item.ts";
import { completionAt } from "#features/rego/completion/index.ts";
import { namesOf } from "#features/rego/project-names.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { memoryHost } from "#workspace/host.ts";
import { Workspace } from "#workspace/workspace.ts";
import { type Random, random } from "./random.ts";
import { furtherModules, regoModules } from "./rego-seeds.ts";

/** Of all names so many must be among the first items. */
const wanted = 0.9;
const shown = 5;
/** Files of one folder that are opened together. */
const mostFiles = 60;

interface Source {
  readonly path: string;
  readonly parsed: ParsedModule;
}

interface Place {
  readonly start: number;
  readonly end: number;
  /** What is to be found again: `input`, `user` of `input.user`, `json.marshal`. */
  readonly name: string;
  readonly kind: "keyword" | "member" | "built-in" | "local" | "other name";
}

export interface CompletionRun {
  readonly folder: string | undefined;
  readonly places: number;
  readonly seed: number;
  readonly verbose: boolean;
}

/** Cuts names out of a folder's policies, or of those of the conformance cases; prints how many come back, by kind. */
export async function measureCompletion({ folder, places, seed, verbose }: CompletionRun): Promise<number> {
  const source = random(seed);
  const files = folder === undefined ? caseFiles() : folderFiles(folder);
  const counts = new Map<string, { found: number; all: number }>();
  let found = 0;
  let all = 0;
  let unknown = 0;
  for (let tries = 0; all < places && tries < places * 40; tries++) {
    const file = source.pick(files);
    const place = placeIn(file, source);
    if (place === undefined) continue;
    const cut = cutAt(file.parsed.text, place, source);
    const around = neighbours(file, files);
    const known = place.kind === "keyword" || place.kind === "built-in" || isKnown(place.name, cut.text, around);
    if (!known) {
      unknown++;
      continue;
    }
    const offered = await offers(file, cut.text, cut.offset, around);
    const hit = offered.slice(0, shown).some((label) => label === place.name || label.startsWith(`${place.name}.`));
    const key = `${place.kind}, ${cut.letters} letter${cut.letters === 1 ? "" : "s"}`;
    const count = counts.get(key) ?? { found: 0, all: 0 };
    counts.set(key, { found: count.found + (hit ? 1 : 0), all: count.all + 1 });
    all++;
    if (hit) found++;
    else if (verbose) console.log(missed(file, place, cut, offered));
  }
  for (const [key, count] of [...counts].sort()) console.log(`  ${percent(count.found, count.all)} of ${count.all}\t${key}`);
  console.log(
    `completion: ${percent(found, all)} of ${all} names are among the first ${shown} (${unknown} more stand nowhere else)`,
  );
  return found >= wanted * all ? 0 : 1;
}

const percent = (part: number, all: number): string => `${((100 * part) / Math.max(all, 1)).toFixed(1)} %`;

function missed({ path, parsed }: Source, place: Place, cut: Cut, offered: readonly string[]): string {
  const line = parsed.text.slice(0, place.start).split("\n").length;
  const before = cut.text.slice(cut.text.lastIndexOf("\n", cut.offset - 1) + 1, cut.offset);
  return `${path}:${line} ${place.kind} ${place.name} [${cut.style}] after ${JSON.stringify(before)}: ${offered.slice(0, 8).join(" ")} (${offered.indexOf(place.name)})`;
}

function parse(text: string, file: string): ParsedModule | undefined {
  return (["v1", "v0"] satisfies RegoVersion[])
    .map((version) => parseModule(text, { file, version, allStatements: true }))
    .find(({ diagnostics, module }) => diagnostics.length === 0 && module.rules.length > 0);
}

function folderFiles(folder: string): readonly Source[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rego"))
    .sort()
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      const parsed = text.length > 50_000 ? undefined : parse(text, `/w/${name}`);
      return parsed === undefined ? [] : [{ path: `/w/${name}`, parsed }];
    });
}

/** Each module in a folder of its own. */
function caseFiles(): readonly Source[] {
  return [...regoModules, ...furtherModules()].flatMap((text, at) => {
    const path = `/w/${at}/policy.rego`;
    const parsed = parse(text, path);
    return parsed === undefined ? [] : [{ path, parsed }];
  });
}

/** The files of the same folder, and those of packages that it imports. */
function neighbours(file: Source, files: readonly Source[]): readonly Source[] {
  const imported = new Set(
    file.parsed.module.imports
      .map(({ path }) => file.parsed.text.slice(path.start, path.end))
      .filter((path) => path.startsWith("data.")),
  );
  const repository = file.path.split("/")[2];
  const near = files.filter((other) => {
    if (other === file) return false;
    if (dirname(other.path) === dirname(file.path)) return true;
    const { package: own } = other.parsed.module;
    const name = own === undefined ? "" : `data.${own.path.map(({ value }) => value).join(".")}`;
    return other.path.split("/")[2] === repository && (imported.has(name) || imported.has(name.slice(0, name.lastIndexOf("."))));
  });
  return near.slice(0, mostFiles);
}

/** A name of one letter is typed, not chosen. */
const isWord = (image: string): boolean => /^[A-Za-z_]\w+$/u.test(image);

/** A name of a file that is used there, not declared. */
function placeIn({ parsed, path }: Source, source: Random): Place | undefined {
  const words = parsed.tokens.filter(({ image, tokenType }) => isWord(image) && !/String|Text|Comment/u.test(tokenType.name));
  if (words.length < 3) return undefined;
  const token = source.pick(words);
  const names = namesIn(parsed, path);
  const start = token.startOffset;
  const end = start + token.image.length;
  const occurrence = names.occurrences.find(({ range }) => range.start <= start && end <= range.end);
  if (occurrence?.meaning.kind === "builtin") {
    const { range } = occurrence;
    if (!isWord(parsed.text.slice(range.start, range.start + 2))) return undefined;
    return { start: range.start, end: range.end, name: occurrence.meaning.name, kind: "built-in" };
  }
  const isMember = parsed.text[start - 1] === ".";
  if (token.tokenType.name !== "Identifier" && token.tokenType.name !== "Name" && !isMember && occurrence === undefined)
    return { start, end, name: token.image, kind: "keyword" };
  if (occurrence?.write === true) return undefined;
  if (occurrence?.meaning.kind === "local") {
    if (occurrence.meaning.declaration.start === start) return undefined;
    return { start, end, name: token.image, kind: "local" };
  }
  return { start, end, name: token.image, kind: isMember ? "member" : "other name" };
}

const nameCache = new WeakMap<ParsedModule, ReturnType<ReturnType<typeof namesOf>["names"]>>();

function namesIn(parsed: ParsedModule, path: string): ReturnType<ReturnType<typeof namesOf>["names"]> {
  let names = nameCache.get(parsed);
  if (names === undefined) {
    const workspace = new Workspace(memoryHost({}), { regoVersion: parsed.module.version });
    workspace.setBuffer(path, parsed.text, 1);
    const project = workspace.projectOf(path);
    names = namesOf(project).names(project.files.get(path)!);
    nameCache.set(parsed, names);
  }
  return names;
}

interface Cut {
  readonly text: string;
  readonly offset: number;
  readonly letters: number;
  readonly style: string;
}

/** The text with some letters of the name left, and what follows it there, gone to the end of the line, or gone altogether. */
function cutAt(text: string, { start, end, name, kind }: Place, source: Random): Cut {
  const least = kind === "member" ? 0 : 1;
  const letters = Math.min(name.length - 1, least + source.below(3));
  const offset = start + Math.max(letters, 0);
  const style = source.pick(["name", "line", "file"]);
  const feed = text.indexOf("\n", end);
  const rest = style === "name" ? text.slice(end) : style === "line" && feed >= 0 ? text.slice(feed) : "\n";
  return { text: text.slice(0, offset) + rest, offset, letters: offset - start, style };
}

/** True when the name stands in the text or beside it: nobody can guess others. */
function isKnown(name: string, text: string, around: readonly Source[]): boolean {
  const word = new RegExp(`\\b${name}\\b`, "u");
  return word.test(text) || around.some(({ parsed }) => word.test(parsed.text));
}

/** The labels that an editor would show, in its order: those that begin with the letters, by their rank. */
async function offers(file: Source, text: string, offset: number, around: readonly Source[]): Promise<readonly string[]> {
  const workspace = new Workspace(memoryHost({}), { regoVersion: file.parsed.module.version });
  for (const other of around) workspace.setBuffer(other.path, other.parsed.text, 1);
  workspace.setBuffer(file.path, text, 1);
  await workspace.setFolders(["/w"]);
  const project = workspace.projectOf(file.path);
  const { range, items } = completionAt(project, project.files.get(file.path)!, offset, { autoImport: true });
  const letters = text.slice(range.start, offset).toLowerCase();
  return items
    .filter(({ label }) => label.toLowerCase().startsWith(letters))
    .sort((a, b) => (sortText(a) < sortText(b) ? -1 : 1))
    .map(({ label }) => label);
}
