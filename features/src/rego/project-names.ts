// The names of all modules of a project together: who declares a rule or package, and who uses it.
import { oncePer } from "#grammars/once-per.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { isBuiltin } from "./builtin-docs.ts";
import { type Local, type Names, type Occurrence, type RuleName, resolveNames } from "./names.ts";
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

/** The names of a project as it is now. */
export function namesOf(project: Project): ProjectNames {
  let names = cache.get(project);
  // Large files come in when their text was read.
  if (names === undefined || names.largeFiles !== largeFilesOf(project).length) {
    names = new ProjectNames(project);
    cache.set(project, names);
  }
  return names;
}

const largeFilesOf = (project: Project): readonly SourceFile[] => project.largePolicies.filter((file) => project.isParsed(file));

const declaredCache = new WeakMap<Names, readonly (readonly [path: string, rule: Declared])[]>();

/** The rules of a file by their paths: kept, since an edit changes one file of many. */
function declaredBy(names: Names, file: SourceFile): readonly (readonly [path: string, rule: Declared])[] {
  let declared = declaredCache.get(names);
  if (declared === undefined) {
    declared = names.rules.map((rule) => [rule.path.join("."), { ...rule, file }] as const);
    declaredCache.set(names, declared);
  }
  return declared;
}

/** What others need to know of a module before its names are looked up. */
interface Outline {
  /** `data.a.b` */
  readonly package: string;
  readonly declaresPackage: boolean;
  /** The names that its rules begin with. */
  readonly ruleNames: readonly string[];
}

const outlineOf = oncePer((parsed: ParsedModule): Outline => {
  const module = recoveredModule(parsed);
  const firsts = module.rules.map(({ head: { reference } }) => (reference.kind === "var" ? reference : reference.parts[0]));
  return {
    package: packageName(module.package?.path.map((part) => part.value) ?? []),
    declaresPackage: module.package !== undefined,
    ruleNames: [...new Set(firsts.flatMap((first) => (first?.kind === "var" ? [first.name] : [])))],
  };
});

export class ProjectNames {
  readonly project: Project;
  readonly largeFiles: number;
  readonly #files = new Map<string, SourceFile>();
  /** `data.a.b` of a package → names of the rules that its files declare. */
  readonly #ruleNames = new Map<string, Set<string>>();
  readonly #packageFiles = new Map<string, SourceFile[]>();
  readonly #keys = new Map<ReadonlySet<string>, string>();
  #rules: ReadonlyMap<string, readonly Declared[]> | undefined;

  constructor(project: Project) {
    this.project = project;
    const large = largeFilesOf(project);
    this.largeFiles = large.length;
    for (const file of [...project.policies, ...project.shared, ...project.library, ...large]) {
      this.#files.set(file.path, file);
      const outline = outlineOf(project.parsed(file));
      const names = this.#ruleNames.get(outline.package) ?? new Set();
      this.#ruleNames.set(outline.package, names);
      for (const name of outline.ruleNames) names.add(name);
      if (!outline.declaresPackage) continue;
      const files = this.#packageFiles.get(outline.package);
      if (files === undefined) this.#packageFiles.set(outline.package, [file]);
      else files.push(file);
    }
  }

  /** The names of one file. */
  names(file: SourceFile): Names {
    const parsed = this.project.parsed(file);
    const own = this.#ruleNames.get(outlineOf(parsed).package);
    const key = this.#keyOf(own);
    const known = moduleCache.get(file);
    if (known !== undefined && known.key === key) return known.names;
    const module = recoveredModule(parsed);
    const names = resolveNames(module, file.text, (name) => own?.has(name) === true, isBuiltin);
    moduleCache.set(file, { key, names });
    return names;
  }

  /** Tells one set of rule names from another. */
  #keyOf(own: ReadonlySet<string> | undefined): string {
    if (own === undefined) return "";
    let key = this.#keys.get(own);
    if (key === undefined) {
      key = [...own].sort().join(" ");
      this.#keys.set(own, key);
    }
    return key;
  }

  /** The names of a text that is not the file's own, such as one with a cursor mended away. */
  namesOfText({ module, text }: ParsedModule): Names {
    const own = this.#ruleNames.get(packageName(module.package?.path.map((part) => part.value) ?? []));
    return resolveNames(module, text, (name) => own?.has(name) === true, isBuiltin);
  }

  get rules(): ReadonlyMap<string, readonly Declared[]> {
    this.#rules ??= this.#rulesOf(this.#files.values(), "");
    return this.#rules;
  }

  /** The rules whose paths begin with one, by their paths: `data.orders` gives those of the package and of all below it. */
  rulesUnder(path: string): ReadonlyMap<string, readonly Declared[]> {
    const prefix = `${path}.`;
    const files = [...this.#files.values()].filter((file) => {
      const holder = `${outlineOf(this.project.parsed(file)).package}.`;
      return holder.startsWith(prefix) || prefix.startsWith(holder);
    });
    return this.#rulesOf(files, prefix);
  }

  /** The rules of some files whose paths begin with a prefix, each with its definitions. */
  #rulesOf(files: Iterable<SourceFile>, prefix: string): ReadonlyMap<string, readonly Declared[]> {
    const found = new Map<string, Declared[]>();
    for (const file of files) {
      for (const [path, rule] of declaredBy(this.names(file), file)) {
        if (!path.startsWith(prefix)) continue;
        const clauses = found.get(path);
        if (clauses === undefined) found.set(path, [rule]);
        else clauses.push(rule);
      }
    }
    return found;
  }

  /** Files of a package, as `data.orders`. */
  filesOfPackage(path: string): readonly SourceFile[] {
    return this.#packageFiles.get(path) ?? [];
  }

  get packages(): Iterable<string> {
    return this.#packageFiles.keys();
  }

  occurrenceAt(file: SourceFile, offset: number): Occurrence | undefined {
    let best: Occurrence | undefined;
    for (const occurrence of this.names(file).occurrences) {
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
        if (this.rules.has(path)) return { kind: "rule", path };
        if (meaning.path[0] === "data" && this.#packageFiles.has(path)) return { kind: "package", path };
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
    const files = only !== undefined ? [only] : target.kind === "local" ? [this.#files.get(target.file)] : this.#files.values();
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
    return this.names(file).rules.some(
      (rule) => rule.range.start <= occurrence.range.start && occurrence.range.end <= rule.range.end,
    );
  }

  /** Where the target is declared in policies. */
  declarations(target: Target): readonly Found[] {
    switch (target.kind) {
      case "local":
        return [{ file: target.file, range: target.local.declaration }];
      case "rule":
        return (this.rules.get(target.path) ?? []).map(({ file, range }) => ({
          file: file.path,
          range: unquoted(range, file.text),
        }));
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
      if (this.rules.has(candidate)) return candidate;
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

/** `["a", "b"]` → `data.a.b`. */
export function packageName(path: readonly string[]): string {
  return ["data", ...path].join(".");
}
