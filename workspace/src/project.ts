import type { Checked, CheckOptions } from "#analysis/rego/checked.ts";
import { IncrementalCheck } from "#analysis/rego/incremental.ts";
import { regalBuiltins } from "#evaluation/regal-builtins.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { finish, type Steps } from "#grammars/text/steps.ts";
import { aloneFoldersOf } from "./alone-folders.ts";
import { type BaseData, baseDataOf, isDataFile } from "./base-data.ts";
import { Compilation } from "./compilation.ts";
import type { ProjectConfig } from "./config.ts";
import { dataConflicts } from "./data-conflicts.ts";
import { Dialects } from "./dialects.ts";
import { readDocument } from "./documents.ts";
import { findEntrypoints } from "./entrypoints.ts";
import type { Elsewhere } from "./hocon.ts";
import { Inputs } from "./inputs.ts";
import { type Kept, nothingKept } from "./kept.ts";
import { isLargeDocument, standInOf } from "./large-documents.ts";
import { nearestLinterConfig, rulesFolderOf } from "./linter-config.ts";
import { packageName, plainPackage } from "./package-name.ts";
import { basename, dirname, resolve } from "./paths.ts";
import { knownTree, treeSteps } from "./policy-trees.ts";
import { ProjectConfiguration } from "./project-configuration.ts";
import type { ProjectSettings } from "./project-settings.ts";
import { asksForLibrary, isRmsPackage, libraryFiles, libraryFolder, noRmsData, type RmsData, rmsDataOf } from "./rms.ts";
import { ruleLibraryFiles } from "./rule-library.ts";
import { schemaValues } from "./schemas.ts";
import { packageOf, referencedPaths, Scopes } from "./scope.ts";
import { bufferFile, type SourceFile } from "./source-file.ts";
import { unbroken } from "./unbroken.ts";

/** Characters of a policy that is still checked together with all others. */
const largestPolicy = 2_000_000;

/** Characters of policies that nobody waits for when they are read and checked at once. */
const littleToRead = 40_000;

/** What a root sees of the root around it. */
export interface Beside {
  readonly root: string;
  readonly files: ReadonlyMap<string, SourceFile>;
}

interface Around {
  readonly beside?: Beside | undefined;
  readonly before?: Project | undefined;
  readonly kept?: Kept;
  readonly part?: ReadonlySet<SourceFile>;
  /** The large documents, where they are known. */
  readonly large?: readonly SourceFile[] | undefined;
}

/** What is known of the modules from the moment before, when one policy had another text. */
interface Last {
  readonly before: SourceFile;
  readonly file: SourceFile;
  readonly modules: readonly ParsedModule[];
  readonly broken: readonly ParsedModule[] | undefined;
}

/** What the text of a policy has no part in. */
const ofOtherFiles = [
  "dialects",
  "dataRoots",
  "shared",
  "largePolicies",
  "unreadable",
  "hoconDocuments",
  "samples",
  "sampleFiles",
  "rootProblems",
] as const;

/** True for a policy that is checked with the others. */
function isPlain({ kind, text, unreadable }: SourceFile): boolean {
  return kind === "rego" && text.length <= largestPolicy && unreadable === undefined;
}

function without(files: ReadonlyMap<string, SourceFile>, left: readonly SourceFile[]): ReadonlyMap<string, SourceFile> {
  if (left.length === 0) return files;
  const out = new Map(files);
  for (const { path } of left) out.delete(path);
  return out;
}

export class Project {
  readonly root: string;
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Documents that are in no answer, since reading them takes seconds; `files` is without them. */
  readonly largeDocuments: readonly SourceFile[];
  readonly settings: ProjectSettings;
  readonly now: () => bigint;
  /** Files of other projects, for includes that leave this one. */
  readonly elsewhere: Elsewhere;
  /** The file at a path, in this project or another one. */
  readonly find = (path: string): SourceFile | undefined => {
    const own = this.files.get(path) ?? this.#beside.files.get(path);
    if (own !== undefined) return own;
    this.#askedElsewhere.add(path);
    const found = this.elsewhere.find(path);
    return found !== undefined && !this.settings.anySize && isLargeDocument(found) ? standInOf(found) : found;
  };
  readonly #askedElsewhere = new Set<string>();
  /** With the large documents. */
  readonly #all: ReadonlyMap<string, SourceFile>;
  /** Handed from each moment of the project to the next, so that only what an edit touches is checked again. */
  readonly #kept: Kept;
  readonly #beside: Beside;
  /** The policies that this is about; undefined for all of them. */
  readonly #part: ReadonlySet<SourceFile> | undefined;
  readonly configuration: ProjectConfiguration;
  readonly inputs: Inputs;
  readonly compilation: Compilation;
  readonly #memo = new Map<string, unknown>();
  #last: Last | undefined;

  constructor(
    root: string,
    files: ReadonlyMap<string, SourceFile>,
    settings: ProjectSettings,
    now: () => bigint,
    elsewhere: Elsewhere,
    { beside, before, kept, part, large }: Around = {},
  ) {
    this.root = root;
    this.largeDocuments = large ?? (settings.anySize === true ? [] : [...files.values()].filter(isLargeDocument));
    this.files = without(files, this.largeDocuments);
    this.#all = files;
    this.settings = settings;
    this.now = now;
    this.elsewhere = elsewhere;
    this.#beside = beside ?? { root, files: new Map() };
    this.#part = part;
    this.#kept = (before === undefined ? kept : before.#kept) ?? nothingKept();
    this.configuration = new ProjectConfiguration(this, this.#beside, this.#kept.values);
    this.inputs = new Inputs(this, this.#kept.values);
    this.compilation = new Compilation(this, this.#kept);
  }

  /** The same object at all moments of a project. */
  get lineage(): object {
    return this.#kept;
  }

  /** The project after one file changed, came or went. */
  withFile(path: string, file: SourceFile | undefined): Project {
    const files = new Map(this.#all);
    const before = files.get(path);
    if (file === undefined) files.delete(path);
    else files.set(path, file);
    if (!before || !file || !isPlain(before) || !isPlain(file)) return this.#next(files, this.#beside);
    const next = this.#next(files, this.#beside, this.largeDocuments);
    if (this.#part !== undefined) return next;
    next.#goOn(this.#memo, before, file);
    // What was made from files of other projects goes with them, also before this moment asks for it.
    for (const asked of this.#askedElsewhere) next.#askedElsewhere.add(asked);
    return next;
  }

  /** Takes over what another text of one policy does not change: nothing is made anew of a thousand files for each key. */
  #goOn(memo: ReadonlyMap<string, unknown>, before: SourceFile, file: SourceFile): void {
    for (const key of ofOtherFiles) if (memo.has(key)) this.#memo.set(key, memo.get(key));
    const policies = memo.get("policies") as Project["policies"] | undefined;
    if (policies !== undefined) this.#memo.set("policies", policies.with(policies.indexOf(before), file));
    if (!memo.has("library") || this.#saysOfLibrary(before) !== this.#saysOfLibrary(file)) return;
    this.#memo.set("library", memo.get("library"));
    const modules = memo.get("modules") as Project["modules"] | undefined;
    if (modules !== undefined)
      this.#last = { before, file, modules, broken: memo.get("broken") as Project["broken"] | undefined };
  }

  /** The project after a file of the root around it changed, came or went. */
  withFileBeside(path: string, file: SourceFile | undefined): Project {
    const files = new Map(this.#beside.files);
    if (file === undefined) files.delete(path);
    else files.set(path, file);
    return this.#next(this.#all, { ...this.#beside, files });
  }

  #next(files: ReadonlyMap<string, SourceFile>, beside: Beside, large?: readonly SourceFile[]): Project {
    return new Project(this.root, files, this.settings, this.now, this.elsewhere, { beside, before: this, large });
  }

  /**
   * The project as far as some of its policies go; all files are there, the other policies are not told. What the policies lead to must be
   * among them. Those that were checked before stay checked.
   */
  only(policies: ReadonlySet<SourceFile>): Project {
    const part = new Set([
      ...policies,
      ...[...this.policies, ...this.shared, ...this.library].filter((file) => this.#isHeld(file)),
    ]);
    return new Project(this.root, this.#all, this.settings, this.now, this.elsewhere, {
      beside: this.#beside,
      before: this,
      part,
    });
  }

  /** `only` these policies, with a check of its own: one of others that was begun does not hold it up. What it is about is checked twice. */
  apart(policies: ReadonlySet<SourceFile>): Project {
    this.#kept.apart ??= { ...nothingKept(), values: this.#kept.values };
    return new Project(this.root, this.#all, this.settings, this.now, this.elsewhere, {
      beside: this.#beside,
      kept: this.#kept.apart,
      part: policies,
    });
  }

  /** The project with other texts of some files: checked and compiled apart, since it may never come about. */
  withTexts(texts: ReadonlyMap<string, string>): Project {
    const files = new Map(this.#all);
    for (const [path, text] of texts) {
      const { version = 0, kind } = files.get(path) ?? {};
      files.set(path, bufferFile(path, text, version, kind));
    }
    return new Project(this.root, files, this.settings, this.now, this.elsewhere, { beside: this.#beside });
  }

  /** The policies, the library's too, that no check was about yet. */
  get unread(): readonly SourceFile[] {
    if (this.#kept.whole) return [];
    return [...this.policies, ...this.shared, ...this.library].filter((file) => !this.#isHeld(file));
  }

  /** True for a policy that the last check is about, or the one that was begun: what has begun is finished. */
  #isHeld(file: SourceFile): boolean {
    return this.isParsed(file) && this.#kept.check?.holds(this.parsed(file)) === true;
  }

  /** True when nobody waits long for what all policies together say. */
  get isGathered(): boolean {
    return this.#kept.whole || this.unread.reduce((sum, { text }) => sum + text.length, 0) < littleToRead;
  }

  /** The project with its large documents, for those who can wait for them. */
  get complete(): Project {
    if (this.largeDocuments.length === 0) return this;
    const settings = { ...this.settings, anySize: true };
    return new Project(this.root, this.#all, settings, this.now, this.elsewhere, { beside: this.#beside });
  }

  /** Computes a value once for this moment of the project. */
  once<T>(key: string, compute: () => T): T {
    if (!this.#memo.has(key)) this.#memo.set(key, compute());
    return this.#memo.get(key) as T;
  }

  /** `once` with pauses; what is dropped on the way is begun again. */
  *onceInSteps<T>(key: string, steps: () => Steps<T>): Steps<T> {
    if (!this.#memo.has(key)) this.#memo.set(key, yield* steps());
    return this.#memo.get(key) as T;
  }

  /** True when something of this project was read from that file of another project, or would have been if it were there. */
  reads(path: string): boolean {
    return this.#askedElsewhere.has(path);
  }

  get config(): ProjectConfig {
    return this.configuration.config;
  }

  /** See `ProjectConfiguration.folder`. */
  get configFolder(): string {
    return this.configuration.folder;
  }

  /** The Rego files in the order of their paths, without those that are too large. */
  get policies(): readonly SourceFile[] {
    return this.once("policies", () =>
      [...this.files.values()].filter((file) => this.#isRead(file)).sort((a, b) => (a.path < b.path ? -1 : 1)),
    );
  }

  /** The policies of the root around this one, which are its library: read and checked with its own, and told there. */
  get shared(): readonly SourceFile[] {
    return this.once("shared", () => [...this.#beside.files.values()].filter((file) => this.#isRead(file)));
  }

  #isRead(file: SourceFile): boolean {
    return file.kind === "rego" && file.text.length <= largestPolicy && this.#part?.has(file) !== false;
  }

  /** Files whose text cannot be read. */
  get unreadable(): readonly SourceFile[] {
    return this.once("unreadable", () => [...this.files.values()].filter((file) => file.unreadable !== undefined));
  }

  /** The HOCON files that can be read. */
  get hoconDocuments(): readonly SourceFile[] {
    return this.once("hoconDocuments", () =>
      [...this.files.values()].filter((file) => file.kind === "hocon" && file.unreadable === undefined),
    );
  }

  /** `data.a.b`, the package of a policy; most need not be read for that. */
  packageOf(file: SourceFile): string {
    return plainPackage(file) ?? packageOf(this.parsed(file));
  }

  /** Rego files whose text alone is looked at: checking them with all others would hold up everything else. */
  get largePolicies(): readonly SourceFile[] {
    return this.once("largePolicies", () =>
      [...this.files.values()].filter((file) => file.kind === "rego" && file.text.length > largestPolicy),
    );
  }

  /** The packages of `largePolicies`. */
  get largePackages(): readonly string[] {
    return this.largePolicies.flatMap((file) => {
      const name = packageName(file.text);
      return name === undefined ? [] : [`data.${name}`];
    });
  }

  /** True when the tree of a file is there already. */
  isParsed(file: SourceFile): boolean {
    return knownTree(file, this.versionOf(file)) !== undefined;
  }

  /** True for a project of rules in Rego. */
  get #isOfRules(): boolean {
    return rulesFolderOf(this.root) === this.root;
  }

  /** Files of the library of rules; else those of the rms.* library, unless the project has packages of that name itself, or has no use for it. */
  get library(): readonly SourceFile[] {
    return this.once("library", () => {
      if (this.#isOfRules) return ruleLibraryFiles.filter((file) => this.#part?.has(file) !== false);
      const policies = [...this.policies, ...this.shared];
      const own = policies.some((file) => isRmsPackage(this.packageOf(file)));
      // A program with builtins of its own choice may lack what the library needs: it is there for those who name it.
      const wanted = this.configuration.capabilities === undefined || policies.some((file) => asksForLibrary(file.text));
      return own || !wanted ? [] : libraryFiles.filter((file) => this.#part?.has(file) !== false);
    });
  }

  /** What one policy says about the library: it has one of its own, or names it. */
  #saysOfLibrary(file: SourceFile): string {
    return `${isRmsPackage(this.packageOf(file))} ${asksForLibrary(file.text)}`;
  }

  /** The tree of a policy. */
  parsed(file: SourceFile): ParsedModule {
    return knownTree(file, this.versionOf(file)) ?? finish(this.parsedSteps(file));
  }

  /** `parsed` with pauses, for files that are large. */
  parsedSteps(file: SourceFile): Steps<ParsedModule> {
    return treeSteps(file, this.versionOf(file));
  }

  /** The dialect a file is read in before its own imports; that of the library is its own. */
  versionOf(file: SourceFile): RegoVersion {
    return file.path.startsWith(libraryFolder) ? "v1" : this.#dialects.of(file.path);
  }

  get #dialects(): Dialects {
    return this.once("dialects", () => {
      const above = nearestLinterConfig(this.root, this.find);
      const files = new Set([...(above === undefined ? [] : [above]), ...this.files.values(), ...this.#beside.files.values()]);
      return new Dialects({
        roots: this.config.roots,
        folder: this.configFolder,
        files,
        fallback: this.settings.regoVersion ?? "v1",
      });
    });
  }

  /** Folders that data paths are counted from: where manifests are, the configured roots, the project's root. */
  get dataRoots(): readonly string[] {
    return this.once("dataRoots", () => {
      const roots = new Set([this.root, this.#beside.root, ...(this.settings.data?.roots ?? [])]);
      for (const root of this.config.roots) roots.add(resolve(this.configFolder, root.path));
      for (const path of this.files.keys()) if (basename(path) === ".manifest") roots.add(dirname(path));
      return [...roots];
    });
  }

  /** The base document. */
  get data(): BaseData {
    return this.once("data", () => {
      const files = this.#dataFiles;
      const { dataRoots: roots, root } = this;
      const extra = this.#rmsData(this.configuration.mocks(undefined)?.clock ?? this.now());
      const sources = [...roots, ...files, extra.json, JSON.stringify(extra.diagnostics)];
      return this.#kept.values.read(`data:${root}`, sources, this.find, () => baseDataOf({ roots, files, extra }));
    });
  }

  /** The base document with the roles of today as if they were true at another time, in nanoseconds: then they are fresh. */
  dataAsOf(time: bigint): BaseData {
    return baseDataOf({ roots: this.dataRoots, files: this.#dataFiles, extra: this.#rmsData(time) });
  }

  get #dataFiles(): readonly SourceFile[] {
    return [...this.#beside.files.values(), ...this.files.values()]
      .filter(({ path }) => isDataFile(path) || this.settings.data?.files.has(path) === true)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** `data.rms` from the roles file that `rw.conf` names, fresh as of a time in nanoseconds. */
  #rmsData(time: bigint): RmsData {
    const { roles } = this.config;
    if (roles === undefined) return noRmsData;
    const file = this.find(resolve(this.configFolder, roles));
    if (file === undefined) return noRmsData;
    const { json, diagnostics } = file.kind === "hocon" ? this.inputs.resolveHocon(file) : readDocument(file);
    return json === undefined
      ? { json: undefined, diagnostics }
      : rmsDataOf(file, JSON.parse(json), time, this.config.rms.domain);
  }

  /** The trees of all policies and of the library. */
  get modules(): readonly ParsedModule[] {
    return this.once(
      "modules",
      () =>
        this.#modulesAfterEdit ??
        [...this.policies, ...this.shared, ...this.library]
          .filter((file) => file.unreadable === undefined)
          .map((file) => this.parsed(file)),
    );
  }

  get #modulesAfterEdit(): readonly ParsedModule[] | undefined {
    if (this.#last === undefined) return undefined;
    const { before, file, modules } = this.#last;
    const place = modules.indexOf(this.parsed(before));
    return place < 0 ? undefined : modules.with(place, this.parsed(file));
  }

  /** The modules whose text has faults. */
  get broken(): readonly ParsedModule[] {
    return this.once("broken", () => {
      const isBroken = ({ diagnostics }: ParsedModule): boolean => diagnostics.length > 0;
      const { file, broken } = this.#last ?? {};
      const isAlone = file && broken?.every((one) => one.file === file.path) === true;
      return (isAlone ? [this.parsed(file)] : this.modules).filter(isBroken);
    });
  }

  /** The modules by their packages. */
  get scopes(): Scopes<ParsedModule> {
    return this.once("scopes", () => new Scopes(this.modules, packageOf, referencedPaths));
  }

  /** All policies checked together. */
  get checked(): Checked {
    return finish(this.checkedSteps());
  }

  /** `checked` with pauses. */
  checkedSteps(): Steps<Checked> {
    return this.onceInSteps("checked", () => this.#check());
  }

  *#check(): Steps<Checked> {
    const running = this.once("checking", () => this.#incrementalCheck.begin(this.modules));
    const checked = yield* running.steps();
    if (this.#part === undefined) {
      this.#kept.whole = true;
      this.#kept.apart = undefined;
    }
    return checked;
  }

  /** The one of all moments of the project, begun anew where policies are checked with other builtins or schemas. */
  get #incrementalCheck(): IncrementalCheck {
    const kept = this.#kept;
    const builtins = this.configuration.capabilities?.builtins;
    const schemas = [...(this.configuration.schemas?.files.values() ?? [])];
    const sameSchemas = schemas.length === kept.schemas.length && schemas.every((file, at) => file === kept.schemas[at]);
    if (kept.check === undefined || kept.builtins !== builtins || !sameSchemas) {
      kept.builtins = builtins;
      kept.schemas = schemas;
      kept.check = new IncrementalCheck(this.#checkOptions);
    }
    return kept.check;
  }

  /** Some modules alone, as if the project had no others. */
  checkAlone(modules: readonly ParsedModule[]): Steps<Checked> {
    return new IncrementalCheck(this.#checkOptions).begin(modules, { once: true }).steps();
  }

  get #checkOptions(): CheckOptions {
    const builtins = this.configuration.capabilities?.builtins;
    const strict = this.settings.strict === true;
    return {
      strict,
      printing: true,
      hints: true,
      // The schemas that rules name are those of their input, which is the linter's affair.
      annotations: this.#isOfRules ? "untyped" : true,
      annotationsApart: true,
      ...(this.#isOfRules ? { extraBuiltins: regalBuiltins } : {}),
      ...(builtins === undefined ? {} : { builtins }),
      ...(this.configuration.schemas === undefined ? {} : { schemas: schemaValues(this.configuration.schemas) }),
    };
  }

  /** True when `checked` was asked for already, so that asking again costs nothing. */
  get isChecked(): boolean {
    return this.#memo.has("checked");
  }

  /** What compiling all policies together found; nothing of files whose text is broken, and nothing that only follows from them. */
  get compileDiagnostics(): readonly Diagnostic[] {
    return this.once("compileDiagnostics", () => this.#unbroken(this.checked.diagnostics));
  }

  /** What strict mode would complain about: nothing that keeps a policy from being used. */
  get strictHints(): readonly Diagnostic[] {
    return this.once("strictHints", () => this.#unbroken(this.checked.hints).filter(({ file }) => this.files.has(file)));
  }

  #unbroken(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
    return unbroken(diagnostics, this.broken, this.largePackages);
  }

  /** Documents where rules stand. */
  get dataConflicts(): readonly Diagnostic[] {
    return this.once("dataConflicts", () => dataConflicts(this.checked.rules, this.data));
  }

  /** See `aloneFoldersOf`. */
  get aloneFolders(): readonly string[] {
    return this.once("aloneFolders", () => aloneFoldersOf(this.root, this.checked.diagnostics));
  }

  /** Rules that are decisions: named by settings or `rw.conf`, else marked `entrypoint: true`, else of the usual names. */
  get entrypoints(): readonly string[] {
    return this.once("entrypoints", () => {
      const named = this.settings.entrypoints?.length ? this.settings.entrypoints : this.config.entrypoints;
      return findEntrypoints(named, () => this.policies.map((file) => this.parsed(file)));
    });
  }
}
