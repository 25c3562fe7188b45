// JSON-RPC 2.0 with LSP's life cycle: order is kept, `$/cancelRequest` overtakes what waits, and no failure of a handler ends the server.
import type { Frame } from "./frames.ts";
import type { HandledMessages } from "./handled-messages.ts";
import { fits } from "./params.ts";

export const codes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  notInitialized: -32002,
  requestCancelled: -32800,
  contentModified: -32801,
  requestFailed: -32803,
} as const;

/** What a handler throws to answer with an error that is the reader's business, as a refused rename. */
export class RequestError extends Error {
  readonly code: number;
  constructor(message: string, code: number = codes.requestFailed) {
    super(message);
    this.code = code;
  }
}

export interface Cancellation {
  readonly cancelled: boolean;
  onCancel(listener: () => void): void;
}

export type RequestHandler = (params: never, cancellation: Cancellation) => unknown;
export type NotificationHandler = (params: never) => unknown;

/** Who answers some requests in place of a handler. */
export interface Delegate {
  /** True when it answers the request itself. */
  takes(id: Id, method: string, params: unknown): boolean;
  cancel(id: Id): void;
}

/** A whole message that another server has written: the bytes of a frame, or as it is where messages are no bytes. */
export type Passed = Uint8Array | { readonly jsonrpc: "2.0" };

export interface Wire {
  send(message: unknown): void;
  pass(passed: Passed): void;
  /** Runs a job after what has arrived by now was read. */
  defer(job: () => void): void;
  exit(code: number): void;
  log(text: string): void;
}

export type Id = number | string;
interface Waiting {
  readonly message: Record<string, unknown>;
  readonly id: Id | undefined;
}

class Token implements Cancellation {
  cancelled = false;
  readonly #listeners: (() => void)[] = [];
  onCancel(listener: () => void): void {
    if (this.cancelled) listener();
    else this.#listeners.push(listener);
  }
  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    for (const listener of this.#listeners) listener();
  }
}

export class Connection {
  readonly #wire: Wire;
  readonly #requests = new Map<string, RequestHandler>();
  readonly #notifications = new Map<string, NotificationHandler>();
  readonly #running = new Map<Id, Token>();
  readonly #answers = new Map<Id, { ok(value: unknown): void; failed(error: Error): void }>();
  readonly #queue: Waiting[] = [];
  #draining = false;
  #nextId = 1;
  #phase: "new" | "initialized" | "shutdown" = "new";
  #delegate: Delegate | undefined;
  readonly #handled: HandledMessages | undefined;

  /** `handled` is told of every message. */
  constructor(wire: Wire, handled?: HandledMessages) {
    this.#wire = wire;
    this.#handled = handled;
  }

  delegate(to: Delegate): void {
    this.#delegate = to;
  }

  /** True when a message of that method has come and was not handled yet. */
  isWaiting(method: string): boolean {
    return this.#queue.some(({ message }) => message["method"] === method);
  }

  /** True when any message has come and was not handled yet. */
  get hasWaiting(): boolean {
    return this.#queue.length > 0;
  }

  onRequest(method: string, handler: RequestHandler): void {
    this.#requests.set(method, handler);
  }

  onNotification(method: string, handler: NotificationHandler): void {
    this.#notifications.set(method, handler);
  }

  notify(method: string, params: unknown): void {
    this.#wire.send({ jsonrpc: "2.0", method, params });
  }

  /** Sends what a delegate answers. */
  pass(passed: Passed): void {
    this.#wire.pass(passed);
  }

  /** Asks the client; rejects when it answers with an error. */
  request(method: string, params: unknown): Promise<unknown> {
    const id = `s${this.#nextId++}`;
    return new Promise((ok, failed) => {
      this.#answers.set(id, { ok, failed });
      this.#wire.send({ jsonrpc: "2.0", id, method, params });
    });
  }

  /** Takes what the frame reader gave. */
  receive(frames: readonly Frame[]): void {
    for (const frame of frames) {
      if ("fault" in frame) {
        this.fail(null, codes.parseError, frame.fault);
      } else if (Array.isArray(frame.message)) {
        this.fail(null, codes.invalidRequest, "batches are not part of LSP");
      } else if (typeof frame.message !== "object" || frame.message === null) {
        this.fail(null, codes.invalidRequest, "a message must be an object");
      } else {
        this.#take(frame.message as Record<string, unknown>);
      }
    }
    this.#schedule();
  }

  /** The client went away: end with LSP's exit code. */
  close(): void {
    this.#wire.exit(this.#phase === "shutdown" ? 0 : 1);
  }

  #take(message: Record<string, unknown>): void {
    const { id, method } = message;
    const hasId = typeof id === "number" || typeof id === "string";
    if (typeof method !== "string") {
      if (hasId && ("result" in message || "error" in message)) this.#answered(id, message);
      else this.fail(hasId ? id : null, codes.invalidRequest, "a message needs a method");
      return;
    }
    if (method === "$/cancelRequest") {
      this.#cancel((message["params"] as { id?: Id } | undefined)?.id);
      return;
    }
    if (hasId) {
      if (this.#running.has(id)) {
        this.fail(id, codes.invalidRequest, `the id ${id} is in use`);
        return;
      }
      this.#running.set(id, new Token());
    }
    this.#queue.push({ message, id: hasId ? id : undefined });
  }

  #answered(id: Id, message: Record<string, unknown>): void {
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    const error = message["error"] as { message?: string } | undefined;
    if (error !== undefined && error !== null) answer?.failed(new Error(error.message ?? "the client refused"));
    else answer?.ok(message["result"]);
  }

  #cancel(id: Id | undefined): void {
    if (id === undefined) return;
    const running = this.#running.get(id);
    if (running === undefined) this.#delegate?.cancel(id);
    else running.cancel();
  }

  #schedule(): void {
    if (this.#draining || this.#queue.length === 0) return;
    this.#draining = true;
    this.#wire.defer(() => {
      this.#draining = false;
      const next = this.#queue.shift();
      if (next !== undefined) {
        if (next.id === undefined) this.#runNotification(next.message);
        else void this.#runRequest(next.id, next.message);
      }
      this.#schedule();
    });
  }

  #runNotification(message: Record<string, unknown>): void {
    const method = message["method"] as string;
    if (method === "exit") {
      this.close();
      return;
    }
    if (this.#phase !== "initialized") return;
    const handler = this.#notifications.get(method);
    if (handler === undefined) return;
    if (!fits(method, message["params"])) {
      this.#wire.log(`${method}: the parameters have not the shape that the protocol gives them`);
      return;
    }
    const ended = this.#handled?.begin("notification", method, this.#queue.length);
    const failed = (error: unknown): void => {
      ended?.("failed");
      this.#report(method, error);
    };
    try {
      const result = handler(message["params"] as never);
      if (result instanceof Promise) result.then(() => ended?.("done"), failed);
      else ended?.("done");
    } catch (error) {
      failed(error);
    }
  }

  async #runRequest(id: Id, message: Record<string, unknown>): Promise<void> {
    const method = message["method"] as string;
    const token = this.#running.get(id)!;
    // Only names that are ours are kept.
    const ended = this.#handled?.begin("request", this.#requests.has(method) ? method : "(unknown)", this.#queue.length);
    try {
      const refusal = this.#refusal(method);
      if (refusal !== undefined) throw refusal;
      if (token.cancelled) throw new RequestError("the request was cancelled", codes.requestCancelled);
      const handler = this.#requests.get(method);
      if (handler === undefined && method !== "shutdown") {
        throw new RequestError(`unknown method ${method}`, codes.methodNotFound);
      }
      if (!fits(method, message["params"])) {
        throw new RequestError(`${method}: the parameters have not the shape that the protocol gives them`, codes.invalidParams);
      }
      if (this.#delegate?.takes(id, method, message["params"]) === true) return;
      if (method === "initialize") this.#phase = "initialized";
      if (method === "shutdown") this.#phase = "shutdown";
      const handled = handler?.(message["params"] as never, token);
      const result = handled instanceof Promise ? await handled : handled;
      if (token.cancelled) throw new RequestError("the request was cancelled", codes.requestCancelled);
      this.#wire.send({ jsonrpc: "2.0", id, result: result ?? null });
      ended?.("done");
    } catch (error) {
      if (error instanceof RequestError) {
        this.fail(id, error.code, error.message);
        ended?.(error.code === codes.requestCancelled ? "cancelled" : "refused");
      } else {
        ended?.("failed");
        this.#report(method, error);
        this.fail(id, codes.internalError, `${method} failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    } finally {
      this.#running.delete(id);
    }
  }

  #refusal(method: string): RequestError | undefined {
    switch (this.#phase) {
      case "new":
        return method === "initialize" ? undefined : new RequestError("`initialize` comes first", codes.notInitialized);
      case "initialized":
        return method === "initialize" ? new RequestError("already initialized", codes.invalidRequest) : undefined;
      case "shutdown":
        return new RequestError("the server is shutting down", codes.invalidRequest);
    }
  }

  /** Answers a request with an error; `null` when its id is not known. */
  fail(id: Id | null, code: number, message: string): void {
    this.#wire.send({ jsonrpc: "2.0", id, error: { code, message } });
  }

  #report(method: string, error: unknown): void {
    this.#wire.log(`${method}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
