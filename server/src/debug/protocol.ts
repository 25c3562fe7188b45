// The Debug Adapter Protocol as far as it is spoken here.

export interface DapMessage {
  readonly seq: number;
  readonly type: "request" | "response" | "event";
}

export interface DapRequest extends DapMessage {
  readonly type: "request";
  readonly command: string;
  readonly arguments?: unknown;
}

export interface DapResponse extends DapMessage {
  readonly type: "response";
  readonly request_seq: number;
  readonly success: boolean;
  readonly command: string;
  readonly message?: string;
  readonly body?: unknown;
}

export interface DapEvent extends DapMessage {
  readonly type: "event";
  readonly event: string;
  readonly body?: unknown;
}

export interface Source {
  readonly name?: string;
  readonly path?: string;
  readonly sourceReference?: number;
  readonly presentationHint?: "normal" | "emphasize" | "deemphasize";
}

export interface SourceBreakpoint {
  readonly line: number;
  readonly column?: number;
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}

export interface DapBreakpoint {
  readonly id?: number;
  readonly verified: boolean;
  readonly message?: string;
  readonly source?: Source;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  readonly evaluateName?: string;
  readonly variablesReference: number;
  readonly namedVariables?: number;
  readonly indexedVariables?: number;
}

/** What a request is answered with where it cannot be done: the reader's business. */
export class Refusal extends Error {}

/** Fields of a request's arguments, whatever a client sends. */
export class Arguments {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(sent: unknown) {
    this.#fields = typeof sent === "object" && sent !== null ? (sent as Record<string, unknown>) : {};
  }

  text(name: string): string | undefined {
    const value = this.#fields[name];
    return typeof value === "string" ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.#fields[name];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  }

  flag(name: string): boolean | undefined {
    const value = this.#fields[name];
    return typeof value === "boolean" ? value : undefined;
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.#fields[name];
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : undefined;
  }

  any(name: string): unknown {
    return this.#fields[name];
  }

  inner(name: string): Arguments {
    return new Arguments(this.#fields[name]);
  }

  list(name: string): readonly Arguments[] {
    const value = this.#fields[name];
    return Array.isArray(value) ? value.map((one) => new Arguments(one)) : [];
  }
}
