// One project as it is at one moment: its files, configuration, samples, data, and what the phases found. Immutable; an edit makes a new one.
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import type { Capabilities } from "#analysis/rego/capabilities.ts";
import { checkModules } from "#analysis/rego/check.ts";
import type { Checked, CheckOptions } from "#analysis/rego/checked.ts";
import { IncrementalCheck } from "#analysis/rego/incremental.ts";
import { IncrementalCompiler } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { announceCases, numberTests } from "#evaluation/test-cases.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseSteps } from "#grammars/rego/parse.ts";
import { finish, type Steps } from "#grammars/text/steps.ts";
import { aloneFoldersOf } from "./alone-folders.ts";
import { type BaseData, baseDataOf, isDataFile } from "./base-data.ts";
import { type NamedCapabilities, namedCapabilities } from "./capabilities-file.ts";
import { defaultConfig, type ProjectConfig, rulePath } from "./config.ts";
import { type Configuration, configurationOf } from "./configuration.ts";
import { dataConflicts } from "./data-conflicts.ts";
import { Dialects } from "./dialects.ts";
import { readDocument } from "./documents.ts";
import { findEntrypoints } from "./entrypoints.ts";
import { type Expectations, readExpectations } from "./expected.ts";
import { type HoconValue, resolveFile } from "./hocon.ts";
import { type Kept, nothingKept } from "./kept.ts";
import { isLargeDocument, standInOf, whyNotRead } from "./large-documents.ts";
import { packageName, plainPackage } from "./package-name.ts";
import { basename, dirname, resolve } from "./paths.ts";
import type { ProjectSettings } from "./project-settings.ts";
import { asksForLibrary, isRmsPackage, libraryFiles, noRmsData, type RmsData, rmsDataOf, rmsDataProblem } from "./rms.ts";
import { sampleDiagnosticsOf } from "./sample-diagnostics.ts";
import { findSamples, type Sample } from "./samples.ts";
import { findSchemas, type Schemas, schemaValues } from "./schemas.ts";
import { packageOf, referencedPaths, refersTo, Scopes } from "./scope.ts";
import type { SourceFile } from "./source-file.ts";
import { memoryOf } from "./statement-memories.ts";
import { unbroken } from "./unbroken.ts";

export interface Resolved {
  readonly json: string | undefined;
  readonly problems: readonly string[];
}

export interface CompiledProject {
  readonly module: EmittedModule;
  /** Another module has another key. */
  readonly key: string;
  readonly diagnostics: readonly Diagnostic[];
}

let nextModule = 1;

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
  readonly part?: ReadonlySet<SourceFile>;
}

const isError = (found: Diagnostic): boolean => found.severity === "error";

interface Parsed {
  readonly version: RegoVersion;
  readonly parsed: ParsedModule;
}

/** A setting that names what is not there, told where the reader will see it. */
function settingProblem(file: string, message: string): Diagnostic {
  return { file, range: { start: 0, end: 0 }, severity: "error", code: "rw_config_error", message };
}

const parsedModules = new WeakMap<SourceFile, Parsed>();
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
  /** Finds files of other projects, for includes that leave this one. */
  readonly elsewhere: (path: string) => SourceFile | undefined;
  /** The file at a path, in this project or another one. */
  readonly find = (path: string): SourceFile | undefined => {
    const own = this.files.get(path) ?? this.#beside.files.get(path);
    if (own !== undefined) return own;
    this.#askedElsewhere.add(path);
    const found = this.elsewhere(path);
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
  readonly #memo = new Map<string, unknown>();

  constructor(
    root: string,
    files: ReadonlyMap<string, SourceFile>,
    settings: ProjectSettings,
    now: () => bigint,
    elsewhere: (path: string) => SourceFile | undefined,
    { beside, before, part }: Around = {},
  ) {
    this.root = root;
    this.largeDocuments = settings.anySize === true ? [] : [...files.values()].filter(isLargeDocument);
    this.files = without(files, this.largeDocuments);
    this.#all = files;
    this.settings = settings;
    this.now = now;
    this.elsewhere = elsewhere;
    this.#beside = beside ?? { root, files: new Map() };
    this.#part = part;
    this.#kept = before === undefined ? nothingKept() : before.#kept;
  }

  /** The same object at all moments of a project. */
  get lineage(): object {
    return this.#kept;
  }

  /** The project after one file changed, came or went. */
  withFile(path: string, file: SourceFile | undefined): Project {
    const files = new Map(this.#all);
    if (file === undefined) files.delete(path);
    else files.set(path, file);
    return this.#next(files, this.#beside);
  }

  /** The project after a file of the root around it changed, came or went. */
  withFileBeside(path: string, file: SourceFile | undefined): Project {
    const files = new Map(this.#beside.files);
    if (file === undefined) files.delete(path);
    else files.set(path, file);
    return this.#next(this.#all, { ...this.#beside, files });
  }

  #next(files: ReadonlyMap<string, SourceFile>, beside: Beside): Project {
    return new Project(this.root, files, this.settings, this.now, this.elsewhere, { beside, before: this });
  }

  /**
   * The project as far as some of its policies go; all files are there, the other policies are not told. What the policies lead to must be
   * among them. Those that were checked before stay checked.
   */
  only(policies: ReadonlySet<SourceFile>): Project {
    const part = new Set([...policies, ...this.#kept.held]);
    return new Project(this.root, this.#all, this.settings, this.now, this.elsewhere, {
      beside: this.#beside,
      before: this,
      part,
    });
  }

  /** The policies, the library's too, that no check was about yet. */
  get unread(): readonly SourceFile[] {
    if (this.#kept.whole) return [];
    return [...this.policies, ...this.shared, ...this.library].filter((file) => !this.#kept.held.has(file));
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
  *#onceInSteps<T>(key: string, steps: () => Steps<T>): Steps<T> {
    if (!this.#memo.has(key)) this.#memo.set(key, yield* steps());
    return this.#memo.get(key) as T;
  }

  /** True when something of this project was read from that file of another project, or would have been if it were there. */
  reads(path: string): boolean {
    return this.#askedElsewhere.has(path);
  }

  get configuration(): Configuration {
    return this.once("configuration", () => {
      const path = resolve(this.configFolder, "rw.conf");
      const file = this.files.get(path) ?? this.#beside.files.get(path);
      if (file === undefined) return { config: defaultConfig, diagnostics: [] };
      return this.#kept.values.read(path, [file], this.find, (find) => configurationOf(file, find));
    });
  }

  /** The folder whose `rw.conf` holds here: the root's own, or that of the root around it. */
  get configFolder(): string {
    return this.files.has(resolve(this.root, "rw.conf")) ? this.root : this.#beside.root;
  }

  get config(): ProjectConfig {
    return this.configuration.config;
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

  /** `data.a.b`, the package of a policy; most need not be read for that. */
  packageOf(file: SourceFile): string {
    const plain = plainPackage(file.text);
    return plain === undefined ? packageOf(this.parsed(file)) : `data.${plain}`;
  }

  /** Rego files whose text alone is looked at: checking them with all others would hold up everything else. */
  get largePolicies(): readonly SourceFile[] {
    return this.once("largePolicies", () =>
      [...this.files.values()].filter((file) => file.kind === "rego" && file.text.length > largestPolicy),
    );
  }

  get #largePackages(): readonly string[] {
    return this.largePolicies.flatMap((file) => {
      const name = packageName(file.text);
      return name === undefined ? [] : [`data.${name}`];
    });
  }

  /** True when the tree of a file is there already. */
  isParsed(file: SourceFile): boolean {
    return parsedModules.get(file)?.version === this.versionOf(file);
  }

  /** Files of the rms.* library, unless the project has packages of that name itself, or has no use for it. */
  get library(): readonly SourceFile[] {
    return this.once("library", () => {
      const policies = [...this.policies, ...this.shared];
      const own = policies.some((file) => isRmsPackage(this.packageOf(file)));
      // A program with builtins of its own choice may lack what the library needs: it is there for those who name it.
      const wanted = this.#capabilities === undefined || policies.some((file) => asksForLibrary(file.text));
      return own || !wanted ? [] : libraryFiles.filter((file) => this.#part?.has(file) !== false);
    });
  }

  get samples(): readonly Sample[] {
    return this.once("samples", () => {
      const globs = this.settings.inputGlobs ?? [];
      // A schema called `input.json` is no input.
      const schemas = new Set(this.schemas?.files.values());
      const files = [...this.#all.values()].filter((file) => !schemas.has(file));
      return findSamples(this.root, files, globs.length > 0 ? globs : this.config.inputGlobs);
    });
  }

  /** The tree of a policy. */
  parsed(file: SourceFile): ParsedModule {
    return finish(this.parsedSteps(file));
  }

  /** `parsed` with pauses, for files that are large. */
  *parsedSteps(file: SourceFile): Steps<ParsedModule> {
    const version = this.versionOf(file);
    const before = parsedModules.get(file);
    if (before?.version === version) return before.parsed;
    const options = { file: file.path, version, allStatements: true, isBuiltin: isBuiltinName, memory: memoryOf(file) };
    const parsed = yield* parseSteps(file.text, options);
    parsedModules.set(file, { version, parsed });
    return parsed;
  }

  /** The dialect a file is read in before its own imports. */
  versionOf(file: SourceFile): RegoVersion {
    return this.#dialects.of(file.path);
  }

  get #dialects(): Dialects {
    return this.once("dialects", () => {
      const files = [...this.files.values(), ...this.#beside.files.values()];
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
      const roots = new Set([this.root, this.#beside.root]);
      for (const root of this.config.roots) roots.add(resolve(this.configFolder, root.path));
      for (const path of this.files.keys()) if (basename(path) === ".manifest") roots.add(dirname(path));
      return [...roots];
    });
  }

  /** The base document. */
  get data(): BaseData {
    return this.once("data", () => {
      const files = [...this.#beside.files.values(), ...this.files.values()]
        .filter((file) => isDataFile(file.path))
        .sort((a, b) => (a.path < b.path ? -1 : 1));
      const { dataRoots: roots, root } = this;
      const extra = this.#rmsData;
      const sources = [...roots, ...files, extra.json, JSON.stringify(extra.diagnostics)];
      return this.#kept.values.read(`data:${root}`, sources, this.find, () => baseDataOf({ roots, files, extra }));
    });
  }

  /** `data.rms` from the roles file that `rw.conf` names. */
  get #rmsData(): RmsData {
    const { roles } = this.config;
    if (roles === undefined) return noRmsData;
    const file = this.find(resolve(this.configFolder, roles));
    if (file === undefined) return rmsDataProblem(resolve(this.configFolder, "rw.conf"), `the roles file ${roles} is not there`);
    const { json, diagnostics } = file.kind === "hocon" ? this.resolveHocon(file) : readDocument(file);
    return json === undefined ? { json: undefined, diagnostics } : rmsDataOf(file, JSON.parse(json), this.now());
  }

  /** The value of a sample as JSON text; undefined when it cannot be resolved. */
  inputJson(sample: Sample, profile?: string): string | undefined {
    return this.resolve(sample.file, profile).json;
  }

  /** True when samples are more than their own text: merged onto a base document, overlaid or converted. */
  #composesInputs(profile: string | undefined): boolean {
    const { inputs, profiles } = this.config;
    const overlays = profiles.find((item) => item.name === profile)?.overlays ?? [];
    return inputs.base !== undefined || inputs.convert.size > 0 || overlays.length > 0;
  }

  get #sampleFiles(): ReadonlySet<SourceFile> {
    return this.once("sampleFiles", () => new Set(this.samples.map((sample) => sample.file)));
  }

  /** True for a file that is one of the samples. */
  isSample(file: SourceFile): boolean {
    return this.#sampleFiles.has(file);
  }

  /** The service's document that inputs are merged onto. */
  #inputBase(find: (path: string) => SourceFile | undefined): SourceFile | undefined {
    const { base } = this.config.inputs;
    return base === undefined ? undefined : find(resolve(this.configFolder, base));
  }

  /** The value of a HOCON, JSON or YAML file as JSON text, as far as it can be told, and what is wrong with it. */
  resolve(file: SourceFile, profile?: string): Resolved {
    if (this.largeDocuments.includes(file)) return { json: undefined, problems: [whyNotRead(file)] };
    if (
      file.kind === "hocon" ||
      (this.#composesInputs(profile) && this.isSample(file) && readDocument(file).json !== undefined)
    ) {
      const { json, diagnostics } = this.resolveHocon(file, profile);
      return { json, problems: diagnostics.filter(isError).map((found) => found.message) };
    }
    const { json, diagnostics } = readDocument(file);
    return { json, problems: diagnostics.map((found) => found.message) };
  }

  /** A HOCON file with a profile of `rw.conf`: its overlays, environment and properties; a sample also on the base document and converted. */
  resolveHocon(file: SourceFile, profileName?: string): HoconValue {
    return this.once(`hocon:${profileName ?? ""}:${file.path}`, () => {
      const { config, settings, root } = this;
      const isSample = this.isSample(file);
      const key = [root, profileName ?? "", file.path].join("\n");
      return this.#kept.values.read(key, [file, config, settings, isSample], this.find, (find) =>
        resolveFile(file, {
          root,
          classpath: config.inputs.classpath,
          find,
          profile: config.profiles.find((item) => item.name === profileName),
          environment: settings.environment,
          ...(isSample ? { base: this.#inputBase(find), convert: config.inputs.convert } : {}),
        }),
      );
    });
  }

  /** The trees of all policies and of the library. */
  get modules(): readonly ParsedModule[] {
    return this.once("modules", () =>
      [...this.policies, ...this.shared, ...this.library]
        .filter((file) => file.unreadable === undefined)
        .map((file) => this.parsed(file)),
    );
  }

  /** The modules by their packages. */
  get scopes(): Scopes<ParsedModule> {
    return this.once("scopes", () => new Scopes(this.modules, packageOf, referencedPaths));
  }

  /** All policies checked together. */
  get checked(): Checked {
    return this.once("checked", () => {
      const kept = this.#kept;
      const builtins = this.#capabilities?.builtins;
      const schemas = [...(this.schemas?.files.values() ?? [])];
      const sameSchemas = schemas.length === kept.schemas.length && schemas.every((file, at) => file === kept.schemas[at]);
      if (kept.check === undefined || kept.builtins !== builtins || !sameSchemas) {
        kept.builtins = builtins;
        kept.schemas = schemas;
        kept.check = new IncrementalCheck(this.#checkOptions);
      }
      const checked = kept.check.check(this.modules);
      kept.held = new Set([...this.policies, ...this.shared, ...this.library]);
      kept.whole ||= this.#part === undefined;
      return checked;
    });
  }

  get #checkOptions(): CheckOptions {
    const builtins = this.#capabilities?.builtins;
    const strict = this.settings.strict === true;
    return {
      strict,
      printing: true,
      hints: true,
      annotations: true,
      annotationsApart: true,
      ...(builtins === undefined ? {} : { builtins }),
      ...(this.schemas === undefined ? {} : { schemas: schemaValues(this.schemas) }),
    };
  }

  /** The schemas that METADATA blocks name. */
  get schemas(): Schemas | undefined {
    return this.once("schemas", () => {
      const { schema } = this.settings;
      const files = [...this.files.values(), ...this.#beside.files.values()];
      return findSchemas(schema === "" ? undefined : schema, this.configFolder, files, this.find);
    });
  }

  /** Why the builtins of the host program are not known, said where the file is named. */
  get capabilityProblems(): readonly Diagnostic[] {
    const { problem } = this.#capabilitiesFile;
    const file = this.config.capabilities === undefined ? (this.policies[0]?.path ?? "") : resolve(this.configFolder, "rw.conf");
    return problem === undefined ? [] : [settingProblem(file, problem)];
  }

  /** What is wrong with the schemas that the settings name, or with the text of one. */
  get schemaProblems(): readonly Diagnostic[] {
    if (this.schemas === undefined) return [];
    const { files, problem } = this.schemas;
    const told = problem === undefined ? [] : [settingProblem(this.policies[0]?.path ?? "", problem)];
    return [...told, ...[...files.values()].flatMap((file) => readDocument(file).diagnostics)];
  }

  /** The builtins of the program that runs the policies, where a capabilities file names them. */
  get #capabilities(): Capabilities | undefined {
    return this.#capabilitiesFile.capabilities;
  }

  get #capabilitiesFile(): NamedCapabilities {
    return this.once("capabilities", () => {
      const named = this.settings.capabilities || this.config.capabilities;
      return namedCapabilities(named, (path) => this.find(resolve(this.configFolder, path)));
    });
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
    return unbroken(diagnostics, this.modules, this.#largePackages);
  }

  /** True when every policy is free of errors, so that it can be compiled. */
  get compiles(): boolean {
    return (
      this.policies.every((file) => file.unreadable === undefined && !this.parsed(file).diagnostics.some(isError)) &&
      this.checked.complete
    );
  }

  /** The module with these entrypoints (`storage/allow`), or the sentence that says why there is none. Only what they lead to is compiled. */
  compiled(entrypoints: readonly string[]): CompiledProject | { readonly problem: string } {
    return finish(this.compiledSteps(entrypoints));
  }

  /** `compiled` with pauses; one of a project is finished or dropped before the next one begins. */
  compiledSteps(entrypoints: readonly string[]): Steps<CompiledProject | { readonly problem: string }> {
    return this.#onceInSteps(`compiled:${[...entrypoints].sort().join(" ")}`, () => this.#compile(entrypoints));
  }

  /** `compiledSteps` where each test rule is one of its own: of those with one name the second is `p/test_x#01`. */
  numberedTestsSteps(entrypoints: readonly string[]): Steps<CompiledProject | { readonly problem: string }> {
    return this.#onceInSteps(`numbered:${[...entrypoints].sort().join(" ")}`, () => this.#compile(entrypoints, true));
  }

  *#compile(entrypoints: readonly string[], numbered = false): Steps<CompiledProject | { readonly problem: string }> {
    const needed = this.scopes.closureOfPaths(entrypoints.map(rulePath));
    if ([...needed].some((parsed) => parsed.diagnostics.some(isError))) return { problem: "the policies have errors" };
    const large = this.#largePackages.find((name) => [...needed].some((parsed) => refersTo(parsed, name)));
    if (large !== undefined) return { problem: `the file of ${large} is too large to be evaluated while typing` };
    const modules = this.modules.filter((parsed) => needed.has(parsed));
    const checked = numbered ? checkModules(numberTests(modules), this.#checkOptions) : this.#checkedOnly(needed);
    if (!checked.complete) return { problem: "the policies have errors" };
    // What is kept knows rules by their text, and numbered tests have another name than that.
    const compiler = (numbered ? undefined : this.#kept.compiler) ?? new IncrementalCompiler();
    if (!numbered) this.#kept.compiler = compiler;
    const files = new Set([...needed].map(({ file }) => file));
    const used = announceCases({ ...checked, modules: checked.modules.filter(({ file }) => files.has(file)) });
    const { module, diagnostics } = yield* compiler.compileSteps(used, entrypoints);
    if (module === undefined) return { problem: diagnostics[0]?.message ?? "the policies cannot be compiled" };
    return { module, key: `module:${nextModule++}`, diagnostics };
  }

  /** Only the needed modules, where others have errors. */
  #checkedOnly(needed: ReadonlySet<ParsedModule>): Checked {
    if (this.checked.complete || needed.size === this.modules.length) return this.checked;
    const files = [...needed].map((parsed) => parsed.file).sort();
    const modules = this.modules.filter((parsed) => needed.has(parsed));
    return this.once(`checked:${files.join(" ")}`, () => checkModules(modules, this.#checkOptions));
  }

  /** Documents where rules stand. */
  get dataConflicts(): readonly Diagnostic[] {
    return this.once("dataConflicts", () => dataConflicts(this.checked.rules, this.data));
  }

  /** See `aloneFoldersOf`. */
  get aloneFolders(): readonly string[] {
    return this.once("aloneFolders", () => aloneFoldersOf(this.root, this.checked.diagnostics));
  }

  get sampleDiagnostics(): readonly Diagnostic[] {
    return finish(this.sampleDiagnosticsSteps());
  }

  /** `sampleDiagnostics` with pauses. */
  sampleDiagnosticsSteps(): Steps<readonly Diagnostic[]> {
    return this.#onceInSteps("sampleDiagnostics", () => sampleDiagnosticsOf(this, this.#composesInputs(this.settings.profile)));
  }

  /** The expected decisions beside a sample. */
  expectationsOf(sample: Sample): Expectations {
    const { expected } = sample;
    if (expected === undefined) return { expectations: [], diagnostics: [] };
    return this.once(`expectations:${expected.path}`, () => {
      const json = expected.kind === "hocon" ? this.inputJson({ ...sample, file: expected }) : readDocument(expected).json;
      return json === undefined ? { expectations: [], diagnostics: [] } : readExpectations(expected, JSON.parse(json));
    });
  }

  /** Rules that are decisions: named by settings or `rw.conf`, else marked `entrypoint: true`, else of the usual names. */
  get entrypoints(): readonly string[] {
    return this.once("entrypoints", () => {
      const named = this.settings.entrypoints?.length ? this.settings.entrypoints : this.config.entrypoints;
      return findEntrypoints(named, () => this.policies.map((file) => this.parsed(file)));
    });
  }
}
