// A case of the HOCON conformance kit, what it expects, and what came out.
type FileText = string | { readonly base64: string };

export interface HoconCase {
  readonly id: string;
  readonly group: string;
  readonly files?: Readonly<Record<string, FileText>>;
  readonly dir?: string;
  readonly main?: string;
  readonly cp?: string;
  readonly fallbacks?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: boolean;
  readonly options?: { readonly parseOnly?: boolean; readonly noEnv?: boolean; readonly allowUnresolved?: boolean };
  readonly want?: readonly string[];
  readonly queries?: readonly { readonly path: string; readonly as: string }[];
  readonly api?: string;
  readonly arg?: string | readonly string[];
  readonly expect: HoconExpectation;
}

export interface HoconExpectation {
  readonly result: string;
  readonly json?: string;
  readonly unresolved?: string;
  readonly value?: unknown;
  readonly notJson?: boolean;
  readonly either?: boolean;
  readonly stage?: string;
  readonly kind?: string;
  readonly file?: string;
  readonly line?: number;
  readonly origins?: Readonly<Record<string, string>>;
  readonly comments?: Readonly<Record<string, readonly string[]>>;
  readonly queries?: readonly ({ readonly value: unknown } | { readonly error: string })[];
}

export interface HoconResult {
  readonly result: "ok" | "error";
  readonly json?: string;
  readonly value?: unknown;
  readonly stage?: string;
  readonly kind?: string;
  readonly file?: string;
  readonly line?: number | undefined;
  readonly message?: string;
  readonly origins?: Readonly<Record<string, string>>;
  readonly comments?: Readonly<Record<string, readonly string[]>>;
  readonly queries?: readonly ({ readonly value: unknown } | { readonly error: string })[];
}

export interface HoconVerdict {
  readonly ok: boolean;
  readonly error?: string;
}
