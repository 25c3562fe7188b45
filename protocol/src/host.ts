// What server and client ask of each other beside policies: settings, files, the debugger's messages, the text of the library.

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
