// What a route is, and what a call of it has at hand.
import type { IncomingMessage } from "node:http";
import type { Reads, Transaction } from "../../store/store.ts";
import type { Principal, Scope } from "../access.ts";
import type { Rms } from "../rms.ts";
import type { Answer } from "./answer.ts";

export interface Call {
  readonly rms: Rms;
  /** What a read of an object reads: the store, or the transaction of a change that looks at it first. */
  readonly reads: Reads;
  readonly principal: Principal;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly requestId: string;
  /** The parsed JSON body; undefined without one. */
  readonly body: unknown;
  readonly rawBody: Buffer;
  /** Ends when the client goes away or the server drains. */
  readonly closed: AbortSignal;
  /** 412 when the object is not what `If-Match` names; in the transaction of the change, so that no other comes between. */
  precondition(reads: Reads): Promise<void>;
  /** Asks the API for who looks at a page: no right and no check is other than for a call from outside. */
  within(inner: InnerCall): Promise<Answer>;
  /** Keeps the answer for the request's `Idempotency-Key`, in the transaction of what it tells of. */
  keep(tx: Transaction, answer: Answer): Promise<void>;
}

/** A call of the API that is made within this process. */
export interface InnerCall {
  readonly method: Route["method"];
  /** Path and query, as in the first line of a request. */
  readonly target: string;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: unknown;
}

/** A parameter of the route's own path. */
export function param({ params }: Pick<Call, "params">, name: string): string {
  const value = params[name];
  if (value === undefined) throw new Error(`the path of this route has no :${name}`);
  return value;
}

export interface Route {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/api/v1/domains/:domain`; a last `*name` takes the rest of the path. */
  readonly path: string;
  /** Undefined for what anybody may call. */
  readonly scope: Scope | undefined;
  readonly summary: string;
  readonly maxBody?: number;
  /** For a body of a type in `consumes`, where it may be larger. */
  readonly maxOther?: number;
  /** The media types of a good answer; `application/json` unless given. */
  readonly produces?: readonly string[];
  /** Media types of bodies beside JSON; the handler reads `rawBody`. */
  readonly consumes?: readonly string[];
  /** The body's shape is OPA's: the handler takes of it what it can. */
  readonly foreign?: boolean;
  /** A page for people: what its address asks for is read by itself, and names that mean nothing are left aside. */
  readonly page?: boolean;
  handle(call: Call): Answer | Promise<Answer>;
  /** The ETag of the object of a GET, where it is not made of its whole answer; undefined when it is not there. */
  tag?(call: Call): Promise<string | undefined>;
}
