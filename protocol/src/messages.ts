// The requests and notifications that LSP does not have. Every field is optional knowledge for a client; each has a command that works without.
// Positions are LSP's (line and character from 0, in the encoding agreed at `initialize`).

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** What one rule gave under the chosen sample. */
export interface LiveRule {
  /** The head of the rule's first clause: where the value is painted. */
  readonly range: Range;
  /** `data.storage.allow`. */
  readonly path: string;
  readonly name: string;
  /** The value as text, shortened to one line. */
  readonly text: string;
  /** The whole value as indented text. */
  readonly full: string;
  readonly kind: "value" | "undefined" | "error";
  /** True for entrypoints. */
  readonly entrypoint: boolean;
  /** Present when an expected decision names this rule. */
  readonly expected?: { readonly text: string; readonly matches: boolean };
  /** Present when `rw.conf` pins an input to this rule: its name and address. */
  readonly pinned?: { readonly name: string; readonly uri: string };
}

/** Server → client, after every evaluation. */
export interface LiveParams {
  readonly uri: string;
  readonly version: number | undefined;
  readonly root: string;
  readonly package: string;
  readonly sample: string | undefined;
  readonly sampleUri: string | undefined;
  readonly profile: string | undefined;
  /** True when the text has faults and the values belong to an earlier version. */
  readonly stale: boolean;
  /** When the values were computed, in milliseconds since 1970. */
  readonly at: number;
  readonly rules: readonly LiveRule[];
  readonly prints: readonly { readonly line: number; readonly text: string }[];
  readonly ms: number;
  /** Set when nothing could be evaluated: one sentence. */
  readonly problem?: string;
}
export const live = "rw/live";

export interface Layer {
  readonly state: "unknown" | "ok" | "warnings" | "errors" | "stale" | "off";
  readonly errors: number;
  readonly warnings: number;
  readonly ms: number;
}

/** Server → client, when the state of a project changed. */
export interface StatusParams {
  readonly root: string;
  readonly busy: boolean;
  readonly rules: number;
  readonly syntax: Layer;
  readonly compile: Layer;
  readonly lint: Layer;
  readonly decisions: Layer;
  readonly tests: Layer;
  readonly passed: number;
  readonly total: number;
}
export const status = "rw/status";

/** Server → client, once: most policies of a project can be read as Rego v0 and not as v1, and no setting says which they are. */
export interface OldDialectParams {
  readonly root: string;
  readonly old: number;
  readonly all: number;
}
export const oldDialect = "rw/oldDialect";

export interface SamplesParams {
  /** Any file of the project; its root otherwise. */
  readonly uri: string;
  /** Inputs that were chosen before, the latest first: of those that are equally near they come first. */
  readonly recent?: readonly string[];
}
export interface SampleInfo {
  readonly uri: string;
  readonly label: string;
  readonly folder: string;
  readonly kind: "hocon" | "json" | "yaml";
  readonly chosen: boolean;
}
export interface SamplesResult {
  readonly root: string;
  readonly samples: readonly SampleInfo[];
  readonly profiles: readonly string[];
  readonly profile: string | undefined;
  /** What `rw.conf` pins to rules and packages: `data.storage.allow` → the input. */
  readonly pins: readonly { readonly rule: string; readonly uri: string }[];
}
export const samples = "rw/samples";

/** Client → server: always ask a rule with one input, from now on and for everybody: it is written into `rw.conf`. */
export interface PinSampleParams {
  /** Any file of the project. */
  readonly uri: string;
  /** The rule, `data.storage.allow`; else the one at `range`; else the package. */
  readonly path?: string;
  readonly range?: Range;
  /** The input; null takes the pin out. */
  readonly sample: string | null;
}
/** The text that `rw.conf` has to get, as for accepted decisions; as a command the server sends the edit itself. */
export interface PinSampleResult {
  readonly rule?: string;
  readonly uri?: string;
  readonly before?: string;
  readonly after?: string;
  readonly problem?: string;
}
export const pinSample = "rw/pinSample";

export interface SelectSampleParams {
  /** Any file of the project. */
  readonly uri: string;
  /** The sample to use from now on; null for no input. Left out: unchanged. */
  readonly sample?: string | null;
  /** Input as JSON text, instead of a sample. */
  readonly inline?: string;
  readonly profile?: string | null;
}
export const selectSample = "rw/selectSample";

export interface EvaluateParams {
  readonly uri: string;
  /** Query text; else the rule at `range`; else the package. */
  readonly query?: string;
  readonly range?: Range;
  readonly sample?: string;
  /** What the sample is resolved with; null for no profile, left out for the chosen one. */
  readonly profile?: string | null;
  /** Input as JSON text. */
  readonly input?: string;
}
export interface EvaluateResult {
  readonly query: string;
  /** The value as indented JSON text; undefined when the query is. */
  readonly value?: string;
  readonly undefined?: boolean;
  readonly error?: string;
  readonly prints: readonly string[];
  readonly ms: number;
  /** The name of the input used, or "no input". */
  readonly inputUsed: string;
  /** The same question for a terminal. */
  readonly commandLine: string;
}
export const evaluate = "rw/evaluate";

/** A line about an evaluation, and the place in a policy that it is about. */
export interface ToldLine {
  readonly text: string;
  /** How many lines above stand around it. */
  readonly depth: number;
  readonly uri?: string;
  readonly line?: number;
}
export interface TellParams extends EvaluateParams {
  /** All that happened, or where the time went. */
  readonly how: "trace" | "profile";
}
export interface TellResult extends EvaluateResult {
  readonly lines: readonly ToldLine[];
  /** There was more than is told. */
  readonly isCut: boolean;
}
/** An evaluation told line by line. */
export const tell = "rw/tell";

export interface ReachedPolicy extends PolicyCoverage {
  /** Missing too, as OPA's rule index or an early exit leaves it out. */
  readonly excluded: readonly Range[];
}
export interface CoverageResult extends EvaluateResult {
  /** Of the policies in which something was reached. */
  readonly policies: readonly ReachedPolicy[];
}
/** What an evaluation reaches; its parameters are those of `evaluate`. */
export const coverage = "rw/coverage";

export interface ResolveParams {
  readonly uri: string;
  readonly profile?: string;
}
export interface ResolveResult {
  /** Indented JSON text; undefined when nothing could be resolved. */
  readonly json?: string;
  readonly problems: readonly string[];
  /** Where each line of a HOCON file's value was written; empty for other files. */
  readonly origins: readonly {
    readonly path: string;
    /** Line of `json`, from 0. */
    readonly line: number;
    readonly uri: string;
    readonly range: Range;
    /** Assignments that this value hides or merges over. */
    readonly overrides: readonly { readonly uri: string; readonly range: Range }[];
  }[];
}
export const resolve = "rw/resolve";

export interface ConvertParams {
  readonly uri: string;
  readonly to: "json" | "yaml" | "hocon";
  readonly profile?: string;
}
/** The new document, which the client creates; or why there is none. */
export type ConvertResult = { readonly uri: string; readonly text: string } | { readonly refusal: string };
export const convert = "rw/convert";

export interface MoveEntryParams {
  readonly uri: string;
  readonly position: Position;
  readonly direction: "up" | "down";
}
/** Edits of one document, and the line that the cursor is on after them. */
export type MoveEntryResult =
  | {
      readonly edits: readonly { readonly range: Range; readonly newText: string }[];
      readonly line: number;
      readonly version: number | null;
    }
  | { readonly refusal: string };
export const moveEntry = "rw/moveEntry";

export interface TestInfo {
  readonly id: string;
  readonly label: string;
  readonly kind: "root" | "package" | "rule" | "case" | "expected";
  readonly uri: string;
  readonly range: Range;
  readonly children: readonly TestInfo[];
}
export interface TestsResult {
  readonly tests: readonly TestInfo[];
}
/** Client → server. */
export const tests = "rw/tests";
/** Server → client: the set of tests may have changed. */
export const testsChanged = "rw/testsChanged";

export interface RunTestsParams {
  /** Empty: all. */
  readonly ids: readonly string[];
  readonly profile?: string;
  /** What of the policies they reach is wanted, too. */
  readonly coverage?: boolean;
}

/** What tests reach of one policy: expressions and heads of rules, each a range. */
export interface PolicyCoverage {
  readonly uri: string;
  readonly covered: readonly Range[];
  readonly missing: readonly Range[];
}

export interface TestOutcome {
  readonly id: string;
  readonly outcome: "passed" | "failed" | "skipped" | "errored";
  readonly message?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly uri?: string;
  readonly range?: Range;
  readonly output: readonly string[];
  readonly ms: number;
}
export interface RunTestsResult {
  readonly outcomes: readonly TestOutcome[];
  /** Where it was wanted. */
  readonly coverage?: readonly PolicyCoverage[];
}
export const runTests = "rw/runTests";

export interface WhyParams extends Pick<EvaluateParams, "uri" | "query" | "range" | "sample" | "profile" | "input"> {
  /** Of a set or an object: why this is in it or is a key of it, or is not. A constant of Rego, or a text. */
  readonly member?: string;
}
/** What `detail` says, for who has words of their own. */
export type WhySays =
  /** What was seen; without a title it is that of the row itself. */
  | { readonly kind: "values"; readonly values: readonly { readonly title?: string; readonly value: string }[] }
  | { readonly kind: "undefined" }
  | { readonly kind: "leftOut" }
  /** What a clause gives is not that, in so many tries. */
  | { readonly kind: "isNot"; readonly member: string; readonly tries?: number }
  /** So many of all tries came so far. */
  | { readonly kind: "came"; readonly came: number; readonly tries: number };
/** A rule, a clause, an expression of one, or what is to be known of them. */
export interface WhyRow {
  readonly kind: "rule" | "clause" | "default" | "else" | "expression" | "key" | "nearest" | "again";
  readonly mark?: "held" | "failed" | "unreached";
  readonly label: string;
  readonly detail: string;
  readonly says?: WhySays;
  /** Of the nearest try, what it was. */
  readonly seen?: readonly { readonly title?: string; readonly value: string }[];
  readonly uri?: string;
  readonly range?: Range;
  /** The first expression of its clause that did not hold. */
  readonly isFirstFailure?: true;
  readonly children: readonly WhyRow[];
}
export interface WhyResult {
  /** `data.storage.allow`. */
  readonly query: string;
  /** The name of the input, or that there is none. */
  readonly inputUsed: string;
  /** The rule with its value, below it its clauses: what held (✓), what failed (✗) and on what, what was not reached (○). */
  readonly text: string;
  /** The first line of the text, and the rest as a tree; not where there is a problem. */
  readonly head?: string;
  /** What the head says: the rule with its value, or whether a member is in it. */
  readonly asked?: {
    readonly rule: string;
    readonly value?: string;
    readonly member?: { readonly text: string; readonly isIn: boolean };
  };
  readonly tree?: readonly WhyRow[];
  /** Of a rule that gathers a set or an object: what can be asked about, as JSON. */
  readonly members?: readonly string[] | undefined;
  /** Why nothing can be told. */
  readonly problem?: string;
}
export const why = "rw/why";

/** A change of an input: another value, one more element, one key less; what was there before, where something was. */
export interface InputChange {
  readonly kind: "set" | "add" | "remove";
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
  /** `input.user.role`. */
  readonly name: string;
  readonly before?: unknown;
}
/** Client → server: the smallest changes of the input that make the rule true, or put the member into it; each was tried. */
export interface WhatIfResult {
  readonly proposals: readonly (readonly InputChange[])[];
  /** The sample that they can be applied to. */
  readonly sample?: string;
  /** True where there was no time to try all. */
  readonly isCut: boolean;
}
export const whatIf = "rw/whatIf";

/** Client → server: changes the sample, where that makes the rule true; undo takes it back. */
export interface ApplyWhatIfParams extends WhyParams {
  readonly changes: readonly Pick<InputChange, "kind" | "path" | "value">[];
}
export type ApplyWhatIfResult = { readonly uri: string } | { readonly problem: string };
export const applyWhatIf = "rw/applyWhatIf";

export interface DependenciesParams {
  /** Any file of the project; with a range, the rule that stands there is told too. */
  readonly uri: string;
  readonly range?: Range;
}
/** A decision, what kind of thing it reads, or one of these; packages that import each other. */
export interface DependencyRow {
  readonly kind: "decision" | "inputs" | "documents" | "rules" | "rule" | "input" | "data" | "circles" | "circle" | "import";
  readonly label: string;
  /** One of several that a reference with a variable can lead to. */
  readonly isDynamic?: boolean;
  readonly uri?: string;
  readonly range?: Range;
  readonly children: readonly DependencyRow[];
}
export interface DependenciesResult {
  readonly rows: readonly DependencyRow[];
  /** The rule at the range. */
  readonly asked?: string;
  /** The same as documents. */
  readonly markdown: string;
  readonly json: string;
  readonly mermaid: string;
}
export const dependencies = "rw/dependencies";

export interface NewFilesParams {
  readonly kind: "decision" | "library" | "test" | "data" | "sample";
  /** A package, as `authz.orders`; for a sample its name. */
  readonly name: string;
}
/** What to write, the one to show first at the front; or why the name cannot be. */
export interface NewFilesResult {
  readonly files: readonly {
    /** The package's own folder, or the folder of the project's sample inputs. */
    readonly folder: "package" | "inputs";
    readonly file: string;
    readonly text: string;
  }[];
  readonly fault?: { readonly kind: "package" | "sample" } | { readonly kind: "keyword"; readonly word: string };
}
export const newFiles = "rw/newFiles";

export interface MigrateParams {
  /** Any file of the project. */
  readonly uri: string;
}
/** What became of the policies of Rego v0, once the client was asked to apply the edit. */
export interface MigrateResult {
  readonly rewritten: number;
  readonly applied: boolean;
  /** `legacy/a.rego:3: …`: policies that stay as they are, each with the reason. */
  readonly left: readonly string[];
}
export const migrate = "rw/migrateWorkspace";

export interface MatrixParams {
  /** Any file of the project. */
  readonly uri: string;
  /** Decides what is known already once more: all of it, or one row. */
  readonly again?: "all" | { readonly uri: string; readonly profile: string | null };
  /** With both, cells are compared with what the channel of `rw.conf` has; the token is used for this request only and never kept. */
  readonly url?: string;
  readonly token?: string;
  /** Named in `$/progress`, whose value is a `MatrixProgress`. */
  readonly workDoneToken?: string | number;
}
export interface MatrixProgress {
  readonly decided: number;
  readonly all: number;
}
/** What a rule is for an input. */
export interface MatrixCell {
  readonly kind: "value" | "undefined" | "error";
  /** The decision in a line. */
  readonly text: string;
  /** Present when it is expected: what is, and why the decision is another one. */
  readonly expected?: { readonly text: string; readonly difference?: string };
  /** Present when it was compared with what is published. */
  readonly published?: { readonly text: string; readonly same: boolean };
}
export interface MatrixRow {
  readonly uri: string;
  /** `ann.conf`; with the profile where that makes another input of it: `ann.conf (uat)`. */
  readonly name: string;
  readonly folder: string;
  readonly profile: string | null;
  /** Why the sample cannot be resolved. */
  readonly problem?: string;
  /** One for each column; null where that is not asked of this sample. */
  readonly cells: readonly (MatrixCell | null)[];
}
export interface MatrixResult {
  readonly root: string;
  /** `data.storage.allow`. */
  readonly columns: readonly string[];
  readonly rows: readonly MatrixRow[];
  /** The version that cells were compared with: `orders/main 1.4.2`; or why they were not. */
  readonly published?: { readonly name: string } | { readonly problem: string };
  /** Address of RMS, where the project names one. */
  readonly rms?: string;
  /** How many cells had to be decided; the others were known. */
  readonly evaluated: number;
  readonly ms: number;
  /** Why nothing could be decided. */
  readonly problem?: string;
}
export const matrix = "rw/matrix";

/** Client → server: what is left of a query while documents are not known; without `unknowns`, what may be. */
export interface PartialParams extends Pick<EvaluateParams, "uri" | "query" | "range" | "sample" | "profile"> {
  /** Paths of `input` and `data`. */
  readonly unknowns?: readonly string[];
}
export interface PartialResult {
  readonly query: string;
  /** Paths that the query reads, for a choice. */
  readonly possible: readonly string[];
  /** The sample that says what of the input is known. */
  readonly inputUsed: string;
  /** Rego. */
  readonly text?: string;
  readonly problem?: string;
}
export const partial = "rw/partial";

/** Client → server: the JSON Schema that the samples of a project have. */
export interface InferSchemaParams {
  /** Any file of the project. */
  readonly uri: string;
}
/** The text that the file of the schema has to get, and `rw.conf`, where nothing names the file yet; or why there is no schema. */
export type InferSchemaResult =
  | {
      /** How many inputs it was made from. */
      readonly inputs: number;
      readonly uri: string;
      readonly before?: string;
      readonly after: string;
      readonly config?: { readonly uri: string; readonly after: string };
    }
  | { readonly problem: string };
export const inferSchema = "rw/inferSchema";

/** Client → server: requests of http.send that no mock answers are sent, and the replies written to the file of `mocks.http`. */
export interface RecordMocksParams {
  /** A policy, whose rules are asked with the input that counts for it, or any file of the project, for its entrypoints. */
  readonly uri: string;
  /** Those that somebody agreed to; without one nothing is sent. */
  readonly hosts: readonly string[];
}
export type RecordMocksResult =
  | {
      readonly sample: string;
      /** Those that were not sent, and the hosts that they go to. */
      readonly requests: readonly string[];
      readonly hosts: readonly string[];
      /** How many replies were written. */
      readonly recorded: number;
      /** Why others were not. */
      readonly left: readonly string[];
    }
  | { readonly problem: string };
export const recordMocks = "rw/recordMocks";

/** Client → server: a test that says what a rule decides for a sample; it is written only where it passes. */
export interface CreateTestParams {
  /** Any file of the project. */
  readonly uri: string;
  /** `data.storage.allow`. */
  readonly query: string;
  readonly sample: string;
  readonly profile: string | null;
}
/** Where the test stands, once the client has applied the edit; or why there is none. */
export type CreateTestResult = { readonly uri: string; readonly position: Position } | { readonly problem: string };
export const createTest = "rw/createTest";

export interface AcceptDecisionParams {
  readonly uri: string;
  readonly sample?: string;
  /** What the sample is resolved with, and the decision is expected for; null for none, left out for the chosen one. */
  readonly profile?: string | null;
  /** `data.storage.allow`, or several; every entrypoint without it. */
  readonly path?: string | readonly string[];
}
export interface AcceptDecisionResult {
  readonly uri?: string;
  readonly before?: string;
  readonly after?: string;
  readonly problem?: string;
}
export const acceptDecision = "rw/acceptDecision";

/** Client → server: the text of a file of the rms.* library, which is on no disk. */
export interface LibraryParams {
  readonly uri: string;
}
export interface LibraryResult {
  readonly text: string;
}
export const library = "rw/library";

/** Sent as `initializationOptions` and as the `rw` section of `workspace/didChangeConfiguration`. */
export interface Settings {
  readonly live: { readonly mode: "inline" | "pane" | "off"; readonly timeout: number };
  readonly entrypoints: readonly string[];
  readonly inputGlobs: readonly string[];
  readonly profile: string | undefined;
  readonly strict: boolean;
  readonly regoVersion: "auto" | "v0" | "v1";
  /** Folders that are roots of their own. */
  readonly roots: readonly string[];
  /** A capabilities file; empty for the builtins of the newest OPA. */
  readonly capabilities: string;
  /** Glob of inputs → JSON Schema file. */
  readonly schemas: Readonly<Record<string, string>>;
  /** A JSON Schema of the input, or a folder of schemas, as `opa check --schema` takes it; empty for the folder `schemas`. */
  readonly schema: string;
  readonly formatter: "opa-fmt" | "opa-fmt-rego-v1" | "regal-fix";
  readonly lens: {
    readonly evaluate: boolean;
    readonly try: boolean;
    readonly test: boolean;
    readonly debug: boolean;
    readonly why: boolean;
    readonly samples: boolean;
    readonly publish: boolean;
  };
  readonly lint: {
    readonly enable: boolean;
    /** What a rule's or a category's findings are shown as, whatever the linter's configuration says. */
    readonly severity: Readonly<Record<string, "error" | "warning" | "information" | "hint" | "off">>;
  };
  readonly inlay: {
    readonly parameters: boolean;
    /** Of local variables. */
    readonly types: boolean;
    /** Of rules, in clients that do not paint them themselves. */
    readonly decisions: boolean;
  };
  readonly hoverValues: boolean;
  readonly autoImport: boolean;
  readonly hoconIndent: number;
  /** Whether samples see the variables of the process beside those of the profile. */
  readonly hoconEnv: "simulated" | "real";
  readonly rms: { readonly url?: string; readonly domain?: string; readonly policy?: string; readonly channel?: string };
  readonly trusted: boolean;
}

/** Both ways: a message of the Debug Adapter Protocol; without one the client has closed the session. */
export interface DebugParams {
  /** A name that the client gives. */
  readonly session: string;
  readonly message?: unknown;
}
export const debug = "rw/debug";

/** Server → client: the bytes of a file that only the client sees; null when there is none or it cannot be read. */
export interface ReadFileParams {
  readonly uri: string;
  /** A longer file is not read: its length is enough. */
  readonly longest: number;
}
export type ReadFileResult = { readonly base64: string } | { readonly length: number } | null;
export const readFile = "rw/readFile";

/** Server → client: what a folder holds that only the client sees; null when it cannot be read. */
export interface ReadFolderParams {
  readonly uri: string;
}
export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder";
}
export type ReadFolderResult = readonly FolderEntry[] | null;
export const readFolder = "rw/readFolder";
