// The names of all modules of a project together: who declares a rule or package, and who uses it.
import { headName } from "#analysis/rego/tree/refs.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { originOf } from "#grammars/rego/moved.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { Project } from "#workspace/project.ts";
import { packageOf, upwards } from "#workspace/scope.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { perRoot } from "../per-root.ts";
import { isBuiltin } from "./builtin-docs.ts";
import {
  hasOwnHead,
  type Local,
  type Names,
  type Occurrence,
  packagePath,
  type RuleName,
  resolveNames,
  ruleNamesOf,
} from "./names.ts";
import { recoveredModule } from "./recovered.ts";

export interface Declared extends RuleName {
  readonly file: SourceFile;
}

export interface Found {
  readonly file: string;
  readonly range: Range;
}

/** What an occurrence stands for, in a form that two occurrences can share. */
export type Target =
  | { readonly kind: "local"; readonly file: string; readonly local: Local }
  | { readonly kind: "rule"; readonly path: string }
  | { readonly kind: "package"; readonly path: string }
  | { readonly kind: "document"; readonly path: readonly string[] }
  | { readonly kind: "builtin"; readonly name: string };

const cache = new WeakMap<Project, ProjectNames>();
const moduleCache = new WeakMap<SourceFile, { readonly key: string; readonly names: Names }>();
/** The files of a project as they last were. */
const lastFiles = perRoot((): { files?: Files } => ({}));

/** The names of a project as it is now. */
export function namesOf(project: Project): ProjectNames {
  let names = cache.get(project);
  // Large files come in when their text was read.
  if (names === undefined || names.largeFiles !== largeFilesOf(project).length) {
    const last = lastFiles(project);
    last.files = filesOf(project, last.files);
    names = new ProjectNames(project, last.files);
    cache.set(project, names);
  }
  return names;
}

const largeFilesOf = (project: Project): readonly SourceFile[] => project.largePolicies.filter((file) => project.isParsed(file));

/** The rules that a module declares. */
const rulesOfModule = oncePer((parsed: ParsedModule): readonly RuleName[] => ruleNamesOf(recoveredModule(parsed)));

const declaredCache = new WeakMap<readonly RuleName[], ReadonlyMap<string, readonly Declared[]>>();

/** The rules of a file by their paths: kept, since an edit changes one file of many. */
function declaredBy(rules: readonly RuleName[], file: SourceFile): ReadonlyMap<string, readonly Declared[]> {
  let declared = declaredCache.get(rules);
  if (declared === undefined) {
    declared = Map.groupBy(
      rules.map((rule): Declared => ({ ...rule, file })),
      ({ path }) => path.join("."),
    );
    declaredCache.set(rules, declared);
  }
  return declared;
}

/** What others need to know of a module before its names are looked up. */
interface Outline {
  /** `data.a.b`, and its parts. */
  readonly package: string;
  readonly path: readonly string[];
  readonly declaresPackage: boolean;
  /** The names that its rules begin with. */
  readonly ruleNames: readonly string[];
}

const outlineOf = oncePer((parsed: ParsedModule): Outline => {
  const module = recoveredModule(parsed);
  const path = packagePath(module);
  return {
    package: path.join("."),
    path,
    declaresPackage: module.package !== undefined,
    ruleNames: [...new Set(module.rules.map((rule) => headName(originOf(rule).rule.head)))].filter((name) => name !== ""),
  };
});

/** The files that stand in one package. */
interface PackageFiles {
  readonly files: readonly SourceFile[];
  /** Those that say so themselves. */
  readonly declaring: readonly SourceFile[];
  /** The names of the rules that they declare, and a text that tells these names from others. */
  readonly ruleNames: ReadonlySet<string>;
  readonly key: string;
}

interface Files {
  readonly all: readonly SourceFile[];
  readonly outlines: readonly Outline[];
  /** `data.a.b` → its files, in the order of the first of them. */
  readonly packages: ReadonlyMap<string, PackageFiles>;
  /** `data.a` → the names of the packages below it. */
  readonly below: ReadonlyMap<string, readonly string[]>;
}

/** The files of a project by package; of those before, the packages that no edit touched. */
function filesOf(project: Project, before: Files | undefined): Files {
  const all = [...project.policies, ...project.shared, ...project.library, ...largeFilesOf(project)];
  const changed =
    before?.all.length === all.length ? all.flatMap((file, at) => (file === before.all[at] ? [] : [at])) : undefined;
  if (before === undefined || changed === undefined)
    return sortedOut(
      all,
      all.map((file) => outlineOf(project.parsed(file))),
    );
  const outlines = before.outlines.slice();
  for (const at of changed) outlines[at] = outlineOf(project.parsed(all[at]!));
  // A package that comes or goes, or has another first file, changes the order.
  if (changed.some((at) => outlines[at]!.package !== before.outlines[at]!.package)) return sortedOut(all, outlines);
  const packages = new Map(before.packages);
  for (const name of new Set(changed.map((at) => outlines[at]!.package))) {
    const members = all.flatMap((file, at) => (outlines[at]!.package === name ? [[file, outlines[at]!] as const] : []));
    packages.set(name, packageFiles(members));
  }
  return { ...before, all, outlines, packages };
}

function sortedOut(all: readonly SourceFile[], outlines: readonly Outline[]): Files {
  const members = Map.groupBy(
    all.map((file, at) => [file, outlines[at]!] as const),
    ([, outline]) => outline.package,
  );
  const packages = new Map([...members].map(([name, list]) => [name, packageFiles(list)]));
  const below = new Map<string, string[]>();
  for (const name of packages.keys()) {
    for (const path of upwards(name)) {
      if (path === name) continue;
      const names = below.get(path);
      if (names === undefined) below.set(path, [name]);
      else names.push(name);
    }
  }
  return { all, outlines, packages, below };
}

function packageFiles(members: readonly (readonly [SourceFile, Outline])[]): PackageFiles {
  const ruleNames = new Set(members.flatMap(([, outline]) => outline.ruleNames));
  return {
    files: members.map(([file]) => file),
    declaring: members.flatMap(([file, outline]) => (outline.declaresPackage ? [file] : [])),
    ruleNames,
    key: [...ruleNames].sort().join(" "),
  };
}

/** Who asks about more places of a text is told from all of its names. */
const fewPlaces = 4;

export class ProjectNames {
  readonly project: Project;
  readonly largeFiles: number;
  readonly #files: Files;
  #byPath: ReadonlyMap<string, SourceFile> | undefined;
  #rules: ReadonlyMap<string, readonly Declared[]> | undefined;
  readonly #placesAsked = new Map<SourceFile, number>();
  /** What `rule` was asked. */
  readonly #asked = new Map<string, readonly Declared[]>();

  constructor(project: Project, files: Files) {
    this.project = project;
    this.largeFiles = largeFilesOf(project).length;
    this.#files = files;
  }

  #file(path: string): SourceFile | undefined {
    this.#byPath ??= new Map(this.#files.all.map((file) => [file.path, file]));
    return this.#byPath.get(path);
  }

  /** The names of one file. */
  names(file: SourceFile): Names {
    const parsed = this.project.parsed(file);
    const own = this.#files.packages.get(outlineOf(parsed).package);
    const key = own?.key ?? "";
    const known = moduleCache.get(file);
    if (known !== undefined && known.key === key) return known.names;
    const module = recoveredModule(parsed);
    const names = resolveNames(module, file.text, (name) => own?.ruleNames.has(name) === true, isBuiltin);
    moduleCache.set(file, { key, names });
    return names;
  }

  /** The names at an offset: those of the rules there, for one who asks about a few places of a long text. */
  #namesAt(file: SourceFile, offset: number): Names {
    const asked = this.#placesAsked.get(file) ?? 0;
    if (moduleCache.has(file) || asked >= fewPlaces) return this.names(file);
    this.#placesAsked.set(file, asked + 1);
    const parsed = this.project.parsed(file);
    const own = this.#files.packages.get(outlineOf(parsed).package)?.ruleNames;
    const module = recoveredModule(parsed);
    const rules = module.rules.filter(({ start, end }) => start <= offset && offset <= end);
    return resolveNames({ ...module, rules }, file.text, (name) => own?.has(name) === true, isBuiltin);
  }

  /** The rules that one file declares, in the order of its text. */
  rulesOf(file: SourceFile): readonly RuleName[] {
    return rulesOfModule(this.project.parsed(file));
  }

  /** The path of a file's package: `data`, `a`, `b`. */
  packageOf(file: SourceFile): readonly string[] {
    return outlineOf(this.project.parsed(file)).path;
  }

  /** The names of a text that is not the file's own, such as one with a cursor mended away. */
  namesOfText(parsed: ParsedModule): Names {
    const own = this.#files.packages.get(packageOf(parsed))?.ruleNames;
    return resolveNames(parsed.module, parsed.text, (name) => own?.has(name) === true, isBuiltin);
  }

  /** All rules by their paths, each with its definitions. */
  get rules(): ReadonlyMap<string, readonly Declared[]> {
    this.#rules ??= this.#collect(this.#files.all, "");
    return this.#rules;
  }

  /** The definitions of one rule, `data.orders.allow`; none where no rule has that path. */
  rule(path: string): readonly Declared[] {
    let found = this.#asked.get(path);
    if (found === undefined) {
      found = this.#find(path);
      this.#asked.set(path, found);
    }
    return found;
  }

  #find(path: string): readonly Declared[] {
    const found: (readonly Declared[])[] = [];
    for (const holder of upwards(path)) {
      const files = this.#files.packages.get(holder)?.files ?? [];
      const declared = files.flatMap((file) => declaredBy(this.rulesOf(file), file).get(path) ?? []);
      if (declared.length > 0) found.push(declared);
    }
    // Of several packages that have a part of it, the order is that of all files.
    return found.length > 1 ? (this.rules.get(path) ?? []) : (found[0] ?? []);
  }

  /** The rules whose paths begin with one, by their paths: `data.orders` gives those of the package and of all below it. */
  rulesUnder(path: string): ReadonlyMap<string, readonly Declared[]> {
    const prefix = `${path}.`;
    const { packages, below } = this.#files;
    const holders = [...upwards(path), ...(below.get(path) ?? [])].flatMap((name) => packages.get(name) ?? []);
    if (holders.length < 2) return this.#collect(holders[0]?.files ?? [], prefix);
    // Of several packages, the order is that of all files.
    const files = new Set(holders.flatMap((one) => one.files));
    return this.#collect(
      this.#files.all.filter((file) => files.has(file)),
      prefix,
    );
  }

  /** The rules of some files whose paths begin with a prefix, each with its definitions. */
  #collect(files: Iterable<SourceFile>, prefix: string): ReadonlyMap<string, readonly Declared[]> {
    const found = new Map<string, readonly Declared[]>();
    for (const file of files) {
      for (const [path, rules] of declaredBy(this.rulesOf(file), file)) {
        if (!path.startsWith(prefix)) continue;
        const clauses = found.get(path);
        found.set(path, clauses === undefined ? rules : [...clauses, ...rules]);
      }
    }
    return found;
  }

  /** Files of a package, as `data.orders`. */
  filesOfPackage(path: string): readonly SourceFile[] {
    return this.#files.packages.get(path)?.declaring ?? [];
  }

  get packages(): Iterable<string> {
    return [...this.#files.packages].filter(([, { declaring }]) => declaring.length > 0).map(([name]) => name);
  }

  occurrenceAt(file: SourceFile, offset: number): Occurrence | undefined {
    let best: Occurrence | undefined;
    for (const occurrence of this.#namesAt(file, offset).occurrences) {
      const { start, end } = occurrence.range;
      if (start > offset) break;
      if (offset <= end && (best === undefined || start >= best.range.start)) best = occurrence;
    }
    return best;
  }

  targetOf(file: SourceFile, occurrence: Occurrence): Target {
    const { meaning } = occurrence;
    switch (meaning.kind) {
      case "local":
        return { kind: "local", file: file.path, local: meaning };
      case "builtin":
        return { kind: "builtin", name: meaning.name };
      case "place": {
        const path = meaning.path.join(".");
        if (this.rule(path).length > 0) return { kind: "rule", path };
        if (meaning.path[0] === "data" && this.filesOfPackage(path).length > 0) return { kind: "package", path };
        return { kind: "document", path: meaning.path };
      }
    }
  }

  /** Every place that names the target, of one file when given; declarations too when asked. */
  references(
    target: Target,
    withDeclarations: boolean,
    only?: SourceFile,
  ): readonly (Found & { readonly write: boolean; readonly alias: boolean })[] {
    const found: (Found & { write: boolean; alias: boolean })[] = [];
    const files = only !== undefined ? [only] : target.kind === "local" ? [this.#file(target.file)] : this.#files.all;
    for (const file of files) {
      if (file === undefined) continue;
      for (const occurrence of this.names(file).occurrences) {
        if (!matches(occurrence, target) || (!withDeclarations && this.#declares(file, occurrence, target))) continue;
        found.push({ file: file.path, range: occurrence.range, write: occurrence.write, alias: occurrence.alias === true });
      }
    }
    return found;
  }

  #declares(file: SourceFile, occurrence: Occurrence, target: Target): boolean {
    if (target.kind === "local") return occurrence.range.start === target.local.declaration.start;
    if (!occurrence.write || occurrence.alias === true) return false;
    if (target.kind === "package") return true;
    return this.rulesOf(file).some(
      (rule) => rule.range.start <= occurrence.range.start && occurrence.range.end <= rule.range.end,
    );
  }

  /** Where the target is declared in policies. */
  declarations(target: Target): readonly Found[] {
    switch (target.kind) {
      case "local":
        return [{ file: target.file, range: target.local.declaration }];
      case "rule":
        return this.rule(target.path)
          .filter(({ rule }) => hasOwnHead(rule))
          .map(({ file, range }) => ({ file: file.path, range: unquoted(range, file.text) }));
      case "package":
        return this.filesOfPackage(target.path).map((file) => {
          const statement = this.project.parsed(file).module.package!;
          return { file: file.path, range: { start: statement.start, end: statement.end } };
        });
      case "document":
      case "builtin":
        return [];
    }
  }

  /** The rules whose paths begin with one, such as `data.p.users` of `users.ann`; none for packages and what lies above them. */
  rulesBelow(path: readonly string[]): readonly string[] {
    const prefix = `${path.join(".")}.`;
    const isPackage = [...this.packages].some((one) => one === path.join(".") || one.startsWith(prefix));
    return isPackage ? [] : [...this.rules.keys()].filter((rule) => rule.startsWith(prefix));
  }

  /** The rule that gives a place its value: the place itself, or the longest part of its path that is a rule. */
  ruleBehind(path: readonly string[]): string | undefined {
    for (let length = path.length; length > 1; length--) {
      const candidate = path.slice(0, length).join(".");
      if (this.rule(candidate).length > 0) return candidate;
    }
    return undefined;
  }
}

function matches(occurrence: Occurrence, target: Target): boolean {
  const { meaning } = occurrence;
  switch (target.kind) {
    case "local":
      return (
        meaning.kind === "local" &&
        meaning.declaration.start === target.local.declaration.start &&
        meaning.name === target.local.name
      );
    case "builtin":
      return meaning.kind === "builtin" && meaning.name === target.name;
    case "rule":
    case "package":
      return meaning.kind === "place" && meaning.path.join(".") === target.path;
    case "document":
      return meaning.kind === "place" && meaning.path.join(".") === target.path.join(".");
  }
}

function unquoted(range: Range, text: string): Range {
  return text[range.start] === '"' ? { start: range.start + 1, end: range.end - 1 } : range;
}
