// What a host builtin is: a function of values, with the evaluation's clock, seed and ports.
import type { SourcePlace } from "../source-place.ts";
import type { RegoNumber, RegoObject, RegoSet, TypeName, Value } from "../value.ts";
import { typeOf } from "../value.ts";

/** An error of the text that a builtin was given to read. */
export interface FailureCause {
  readonly code: string;
  readonly message: string;
  readonly place: { readonly file: string; readonly row: number; readonly col: number };
}

/** A builtin that could not give a value. `type` errors are about operands; a `halt` ends the evaluation in both error modes. */
export class BuiltinFailure extends Error {
  readonly kind: "builtin" | "type" | "halt";
  readonly causes: readonly FailureCause[];
  constructor(kind: "builtin" | "type" | "halt", message: string, causes: readonly FailureCause[] = []) {
    super(message);
    this.kind = kind;
    this.causes = causes;
  }
}

/** A call that a mock would have to answer, where only mocks do: undefined, however the policy wants its errors. */
export class NeedsMock extends BuiltinFailure {
  readonly builtin: string;
  /** What was asked: `GET https://example.com/`. */
  readonly wanted: string;
  readonly request: HttpRequest | undefined;
  constructor(builtin: string, wanted: string, request?: HttpRequest) {
    super("builtin", `${wanted} needs a mock: \`mocks\` of rw.conf has none`);
    this.builtin = builtin;
    this.wanted = wanted;
    this.request = request;
  }
}

/** What builtins know of the evaluation they run in; the same for the whole of one evaluation. */
export interface BuiltinContext {
  /** Nanoseconds since 1970, constant during an evaluation. */
  readonly now: bigint;
  /** A number in [0, 1), from the evaluation's seed. */
  random(): number;
  /** Answers that were given before in this evaluation, by builtin and arguments. */
  readonly cache: Map<string, Value>;
  /** Receives the lines of `print` and `trace`. */
  print(line: string, builtin: string): void;
  /** Where the call stands that is answered just now. */
  readonly place?: () => SourcePlace | undefined;
  readonly ports: HostPorts;
}

/** The outside world, where the host grants it. Everything is refused unless a port is there. */
export interface HostPorts {
  /** What `opa.runtime` shows; never the real environment unless the host says so. */
  readonly runtime?: () => Value;
  /** Addresses of a name; the fault is one sentence. */
  readonly lookup?: (name: string) => { readonly addresses: readonly string[] } | { readonly fault: string };
  /**
   * Answers a request of http.send, once per distinct request of an evaluation. Builtins are synchronous: a host with a real
   * network runs the evaluation in a worker and blocks it here (`Atomics.wait`) until another thread has the answer.
   */
  readonly http?: (request: HttpRequest) => HttpAnswer;
  /** Told of each call that a port refused for want of a mock. */
  readonly unmocked?: (call: NeedsMock, place: SourcePlace | undefined) => void;
}

export interface HttpRequest {
  /** In capitals. */
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  readonly timeoutNanos: bigint;
  readonly followRedirects: boolean;
}

export type HttpAnswer =
  | {
      readonly kind: "response";
      /** As `200 OK`. */
      readonly status: string;
      readonly statusCode: number;
      readonly headers: readonly (readonly [string, readonly string[]])[];
      readonly body: Uint8Array;
    }
  /** No answer: the sentence after `Get "https://…": `. */
  | { readonly kind: "unreachable"; readonly message: string }
  /** The host's rules forbid it: the whole sentence. */
  | { readonly kind: "refused"; readonly message: string };

/** Gives a value, or undefined; throws BuiltinFailure for errors that strict mode reports. */
export type BuiltinFunction = (args: readonly Value[], context: BuiltinContext) => Value | undefined;

export type Family = Readonly<Record<string, BuiltinFunction>>;

/** `operand 1 must be string but got number`, as OPA words it. */
export function operandError(position: number, wanted: string, value: Value): BuiltinFailure {
  return new BuiltinFailure("type", `operand ${position} must be ${wanted} but got ${typeOf(value)}`);
}

export function failure(message: string, causes: readonly FailureCause[] = []): BuiltinFailure {
  return new BuiltinFailure("builtin", message, causes);
}

interface Types {
  string: string;
  number: RegoNumber;
  boolean: boolean;
  null: null;
  array: readonly Value[];
  object: RegoObject;
  set: RegoSet;
}

/** The operand at the 1-based position, which must have the type. */
export function operand<T extends TypeName>(args: readonly Value[], position: number, type: T): Types[T] {
  const value = args[position - 1] ?? null;
  if (typeOf(value) !== type) throw operandError(position, type, value);
  return value as Types[T];
}
