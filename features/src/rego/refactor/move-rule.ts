// Move a rule to another package: its clauses go there with their comments and imports, and all who ask it follow.
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { Range, Rule } from "#grammars/rego/ast.ts";
import { keywordsOf } from "#grammars/rego/keywords.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { withEdits } from "#grammars/text/edits.ts";
import { relative } from "#workspace/paths.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { movedMentions } from "../../decision-mentions.ts";
import { importEdit } from "../import-edit.ts";
import { hasOwnHead, type ImportName, type Names, type Occurrence } from "../names.ts";
import { type Declared, namesOf } from "../project-names.ts";
import { type Asked, filesNaming, holds, isPlainHead, nameOfRule, type Refactoring } from "./refactoring.ts";

/** Packages that are offered, the nearest first. */
const mostOffered = 5;

type FileEdit = TextEdit & { readonly file: string };

interface Move {
  readonly asked: Asked;
  readonly name: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly home: SourceFile;
}

export function moves(asked: Asked): readonly Refactoring[] {
  const { rule, range, project, file, text } = asked;
  const name = rule === undefined ? "" : nameOfRule(rule);
  if (rule === undefined || name === "" || !hasOwnHead(rule) || !holds(rule.head.reference, range)) return [];
  const known = namesOf(project);
  const from = known.packageOf(file);
  const clauses = known.rule([...from, name].join("."));
  const isMovable = ({ rule: one, file: home }: Declared): boolean =>
    isPlainHead(one) && !one.chained && project.files.has(home.path) && project.parsed(home).diagnostics.length === 0;
  if (!clauses.every(isMovable) || known.rulesUnder([...from, name].join(".")).size > 0 || text.length === 0) return [];
  if (!from.every(isName)) return [];
  const packages = [...known.packages]
    .filter((path) => path !== from.join(".") && !path.endsWith("_test") && path !== "data")
    .map((path) => path.split("."))
    .filter((path) => path.every(isName))
    .sort((a, b) => shared(b, from) - shared(a, from) || a.join(".").localeCompare(b.join(".")));
  const offered: Refactoring[] = [];
  for (const to of packages) {
    if (offered.length === mostOffered) break;
    const home = known
      .filesOfPackage(to.join("."))
      .find((one) => project.files.has(one.path) && !one.path.endsWith("_test.rego"));
    if (home === undefined || known.rule([...to, name].join(".")).length > 0 || project.parsed(home).diagnostics.length > 0)
      continue;
    offered.push(new MovedRule({ asked, name, from, to, home }, clauses));
  }
  return offered;
}

/** What can stand behind a dot, and be the name of an import. */
const isName = (part: string): boolean => /^[A-Za-z_]\w*$/u.test(part) && !keywordsOf.v1.has(part);

const shared = (a: readonly string[], b: readonly string[]): number => {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? a.length : at;
};

/** Its edits are looked for when somebody wants them: in every file that has its name. */
class MovedRule implements Refactoring {
  readonly title: string;
  readonly kind = "refactor.move";
  readonly moved: NonNullable<Refactoring["moved"]>;
  readonly #move: Move;
  readonly #clauses: readonly Declared[];

  constructor(move: Move, clauses: readonly Declared[]) {
    const { name, from, to } = move;
    this.title = `Move \`${name}\` to ${to.join(".")}`;
    this.moved = { from: [...from, name].join("."), to: [...to, name].join(".") };
    this.#move = move;
    this.#clauses = clauses;
  }

  get edits(): readonly FileEdit[] {
    return editsOf(this.#move, this.#clauses);
  }

  /** Who goes through the rules of a package meets one less, or one more. */
  get caution(): string | undefined {
    const { asked, from, to } = this.#move;
    const { project } = asked;
    const isWhole = ({ meaning, write }: Occurrence): boolean => {
      if (meaning.kind !== "place" || !meaning.last || write) return false;
      const isFront = (path: readonly string[]): boolean =>
        meaning.path.length <= path.length && meaning.path.every((part, at) => path[at] === part);
      return isFront(from) || isFront(to);
    };
    const found = project.policies.find((file) => {
      const names = namesOf(project).names(file);
      return names.occurrences.some((one) => isWhole(one) && !names.imports.some(({ range }) => holds(range, one.range)));
    });
    return found === undefined ? undefined : `${relative(project.root, found.path)} asks for all that a package has`;
  }
}

function editsOf(move: Move, clauses: readonly Declared[]): readonly FileEdit[] {
  const { asked, name, from, to, home } = move;
  const { project } = asked;
  const known = namesOf(project);
  const [old, path] = [[...from, name].join("."), [...to, name]];
  const arriving = new Spelling(move, home);
  const edits: FileEdit[] = [];
  const texts: string[] = [];
  const gone = new Map<string, Range[]>();
  for (const { rule, file } of clauses) {
    const range = withComments(file.text, rule);
    gone.set(file.path, [...(gone.get(file.path) ?? []), range]);
    texts.push(rewritten(move, file, range, arriving));
    edits.push({ file: file.path, range: withGap(file.text, range), newText: "" });
  }
  const end = home.text.trimEnd().length;
  edits.push({ file: home.path, range: { start: end, end }, newText: `\n\n${texts.join("\n\n")}` });
  for (const file of new Set([...filesNaming(asked, [...from, name]), home])) {
    const names = known.names(file);
    const spelling = file === home ? arriving : new Spelling(move, file);
    const ranges = gone.get(file.path) ?? [];
    const imports = new Map<ImportName, string>();
    for (const [at, found] of names.occurrences.entries()) {
      const { meaning, range } = found;
      if (meaning.kind !== "place" || meaning.path.join(".") !== old || found.write) continue;
      if (ranges.some((one) => holds(one, range))) continue;
      const whole = names.imports.find((item) => holds(item.range, range));
      if (whole !== undefined) imports.set(whole, file === home ? "" : importMoved(file, whole, path));
      // What an import of the rule itself names is written as before.
      else if (!isByOwnImport(names, found, old))
        edits.push({ file: file.path, range: chainRange(names, at), newText: spelling.of(path) });
    }
    for (const item of unusedImports(names, file, ranges)) imports.set(item, "");
    edits.push(...importsChanged(file, imports, spelling.added));
  }
  edits.push(...movedMentions(project, new Map([[old, path]])));
  return edits;
}

/** How one file writes the paths of rules, with the imports that it needs for that. */
class Spelling {
  readonly #move: Move;
  readonly #file: SourceFile;
  readonly #names: Names;
  readonly #added = new Map<string, string>();

  constructor(move: Move, file: SourceFile) {
    this.#move = move;
    this.#file = file;
    this.#names = namesOf(move.asked.project).names(file);
  }

  /** The path of a rule, or of what an import names. */
  of(path: readonly string[]): string {
    const { package: own } = this.#names;
    if (own.join(".") === path.slice(0, -1).join(".")) return path.at(-1)!;
    for (let length = path.length; length > 1; length--) {
      const front = path.slice(0, length).join(".");
      const known = this.#names.imports.find((item) => item.path.join(".") === front && !this.#isShadowed(item));
      const alias = known?.alias ?? this.#added.get(front);
      if (alias !== undefined) return [alias, ...path.slice(length)].join(".");
    }
    const front = path.slice(0, -1);
    const alias = front.at(-1)!;
    if (front.length < 2 || this.#isTaken(alias)) return path.join(".");
    this.#added.set(front.join("."), alias);
    return `${alias}.${path.at(-1)!}`;
  }

  /** The name under which an import of another file can be had here; undefined where it is another thing's. */
  imported({ path, alias, named }: ImportName): string | undefined {
    const front = path.join(".");
    const known = this.#names.imports.find((item) => item.path.join(".") === front && !this.#isShadowed(item));
    if (known !== undefined) return known.alias;
    const added = this.#added.get(front);
    if (added !== undefined) return added;
    if (named || this.#isTaken(alias)) return undefined;
    this.#added.set(front, alias);
    return alias;
  }

  /** The imports that it needs and that are not there. */
  get added(): readonly string[] {
    return [...this.#added.keys()].sort();
  }

  #isShadowed({ alias }: ImportName): boolean {
    return this.#names.locals.some(({ name }) => name === alias);
  }

  #isTaken(alias: string): boolean {
    const { ruleNames, imports, locals } = this.#names;
    const others = [...imports, ...namesOf(this.#move.asked.project).names(this.#move.asked.file).imports];
    return (
      ruleNames.has(alias) ||
      [...this.#added.values()].includes(alias) ||
      imports.some((item) => item.alias === alias) ||
      locals.some(({ name }) => name === alias) ||
      (this.#file === this.#move.home &&
        others.some((item) => item.alias === alias && !item.path.join(".").endsWith(`.${alias}`)))
    );
  }
}

/** Where two texts differ. */
function difference(before: string, after: string): TextEdit {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let length = 0;
  const most = Math.min(before.length, after.length) - start;
  while (length < most && before[before.length - 1 - length] === after[after.length - 1 - length]) length += 1;
  return { range: { start, end: before.length - length }, newText: after.slice(start, after.length - length) };
}

/** A clause with the comments that stand directly above it, METADATA too, and behind it. */
function withComments(text: string, rule: Rule): Range {
  const lead = /(?:^|\n)((?:#[^\n]*\n)+)$/u.exec(text.slice(0, rule.start))?.[1]?.length ?? 0;
  const rest = /^[ \t]*#[^\n]*/u.exec(text.slice(rule.end))?.[0].length ?? 0;
  return { start: rule.start - lead, end: rule.end + rest };
}

/** With the blank lines before the next rule, or at the end of the text before the clause. */
function withGap(text: string, { start, end }: Range): Range {
  const after = /^\s*/u.exec(text.slice(end))![0].length;
  if (end + after < text.length) return { start, end: end + after };
  return { start: text.slice(0, start).trimEnd().length, end: text.trimEnd().length };
}

/** The text of a clause as the other package writes it. */
function rewritten({ asked, name, from, to }: Move, file: SourceFile, range: Range, arriving: Spelling): string {
  const names = namesOf(asked.project).names(file);
  const edits: TextEdit[] = [];
  for (const [at, found] of names.occurrences.entries()) {
    const { meaning } = found;
    if (meaning.kind !== "place" || !holds(range, found.range) || meaning.path.length < 2) continue;
    if (chainStart(names, at) !== at || (found.write && meaning.path.length === from.length + 1 && meaning.path.at(-1) === name))
      continue;
    const isOwn = meaning.path.slice(0, -1).join(".") === from.join(".") && !isByOwnImport(names, found, meaning.path.join("."));
    const item = names.imports.find(
      ({ path, alias }) =>
        path.join(".") === meaning.path.join(".") && alias === file.text.slice(found.range.start, found.range.end),
    );
    if (item !== undefined) {
      const next = names.occurrences[at + 1];
      const isHome = item.path.join(".") === to.join(".");
      if (isHome && next !== undefined && isStep(next, found))
        edits.push({ range: { start: found.range.start, end: next.range.start }, newText: "" });
      else edits.push({ range: found.range, newText: arriving.imported(item) ?? item.path.join(".") });
    } else if (isOwn && meaning.path.at(-1) !== name) edits.push({ range: found.range, newText: arriving.of(meaning.path) });
  }
  const own = edits.map((edit) => ({
    ...edit,
    range: { start: edit.range.start - range.start, end: edit.range.end - range.start },
  }));
  return withEdits(file.text.slice(range.start, range.end), own);
}

const isStep = (next: Occurrence, before: Occurrence): boolean =>
  next.meaning.kind === "place" &&
  before.meaning.kind === "place" &&
  next.meaning.path.length === before.meaning.path.length + 1 &&
  before.meaning.path.every((part, at) => next.meaning.kind === "place" && next.meaning.path[at] === part);

/** The occurrence that a dotted path begins with. */
function chainStart({ occurrences }: Names, at: number): number {
  let start = at;
  while (start > 0 && isStep(occurrences[start]!, occurrences[start - 1]!)) start -= 1;
  return start;
}

function chainRange(names: Names, at: number): Range {
  return { start: names.occurrences[chainStart(names, at)]!.range.start, end: names.occurrences[at]!.range.end };
}

/** True for a name that an import of the rule itself gives. */
function isByOwnImport(names: Names, { alias, range }: Occurrence, path: string): boolean {
  if (alias === true) return true;
  return (
    range.end > range.start && names.imports.some((item) => !item.named && item.path.join(".") === path && !isRuleOf(names, item))
  );
}

const isRuleOf = ({ ruleNames, package: own }: Names, { path }: ImportName): boolean =>
  own.join(".") === path.slice(0, -1).join(".") && ruleNames.has(path.at(-1)!);

/** An import of the rule names its new place. */
function importMoved({ text }: SourceFile, item: ImportName, path: readonly string[]): string {
  const named = item.named ? (/\s+as\s+\w+$/u.exec(text.slice(item.range.start, item.range.end))?.[0] ?? "") : "";
  return `import ${path.join(".")}${named}`;
}

/** One edit for the imports of a file: some are written otherwise or go (an empty text), others come. */
function importsChanged(
  { path: file, text }: SourceFile,
  changed: ReadonlyMap<ImportName, string>,
  added: readonly string[],
): readonly FileEdit[] {
  if (changed.size === 0 && added.length === 0) return [];
  const edits = [...changed].map(([{ range }, newText]) => ({ range: newText === "" ? wholeLine(text, range) : range, newText }));
  let now = withEdits(text, edits);
  for (const front of added) {
    const edit = importEdit(parseModule(now, { file }).module, now, front);
    if (edit !== undefined) now = withEdits(now, [edit]);
  }
  const { module } = parseModule(now, { file });
  const end = module.imports.at(-1)?.end ?? module.package?.end ?? 0;
  if (edits.length > 0) now = now.slice(0, end) + now.slice(end).replace(/^\n{3,}/u, "\n\n");
  return [{ file, ...difference(text, now) }];
}

function wholeLine(text: string, { start, end }: Range): Range {
  const feed = text.indexOf("\n", end);
  return { start, end: feed < 0 ? text.length : feed + 1 };
}

/** Imports that only the clauses use that leave. */
function unusedImports(names: Names, file: SourceFile, gone: readonly Range[]): readonly ImportName[] {
  if (gone.length === 0) return [];
  return names.imports.filter((item) => {
    const uses = names.occurrences.filter(({ meaning, range }) => {
      if (meaning.kind !== "place" || holds(item.range, range)) return false;
      return meaning.path.join(".") === item.path.join(".") && file.text.slice(range.start, range.end) === item.alias;
    });
    return uses.length > 0 && uses.every(({ range }) => gone.some((one) => holds(one, range)));
  });
}
