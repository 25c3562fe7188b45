// JSON-RPC 2.0 from a client's side: questions and their answers, both ways. Nothing that the other end says throws here.

/** A refusal of the server, with LSP's code. */
export class ResponseError extends Error {
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.name = "ResponseError";
    this.code = code;
  }
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** LSP's codes for what was given up, and for what failed here. */
const cancelled = -32800;
const internalError = -32603;

export class Calls {
  readonly #send: (message: unknown) => void;
  readonly #log: (text: string) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #hearing = new Map<string, Set<(params: never) => void>>();
  readonly #answering = new Map<string, (params: never) => unknown>();
  #next = 1;
  #ended: string | undefined;

  constructor(send: (message: unknown) => void, log: (text: string) => void) {
    this.#send = send;
    this.#log = log;
  }

  request<T>(method: string, params: unknown, signal?: AbortSignal): Promise<T> {
    if (this.#ended !== undefined) return Promise.reject(new ResponseError(this.#ended, cancelled));
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    const id = this.#next++;
    return new Promise<unknown>((resolve, reject) => {
      const cancel = (): void => {
        if (!this.#waiting.delete(id)) return;
        this.notify("$/cancelRequest", { id });
        reject(signal?.reason);
      };
      const over = (): void => signal?.removeEventListener("abort", cancel);
      signal?.addEventListener("abort", cancel, { once: true });
      this.#waiting.set(id, {
        resolve: (result) => {
          over();
          resolve(result);
        },
        reject: (error) => {
          over();
          reject(error);
        },
      });
      this.#send({ jsonrpc: "2.0", id, method, params });
    }) as Promise<T>;
  }

  notify(method: string, params: unknown): void {
    if (this.#ended === undefined) this.#send({ jsonrpc: "2.0", method, params });
  }

  onNotification<T>(method: string, listener: (params: T) => void): () => void {
    const listeners = this.#hearing.get(method) ?? new Set();
    this.#hearing.set(method, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  onRequest<T>(method: string, answer: (params: T) => unknown): () => void {
    this.#answering.set(method, answer);
    return () => {
      if (this.#answering.get(method) === answer) this.#answering.delete(method);
    };
  }

  receive(received: unknown): void {
    if (typeof received !== "object" || received === null) return;
    const { id, method, params, result, error } = received as Message;
    if (method === undefined) {
      const waiting = this.#waiting.get(id as number);
      this.#waiting.delete(id as number);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new ResponseError(error.message, error.code));
    } else if (id === undefined) this.#hear(method, params);
    else void this.#answer(id, method, params);
  }

  /** What waits, and whatever is asked from now on, is refused. */
  end(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    for (const { reject } of this.#waiting.values()) reject(new ResponseError(reason, cancelled));
    this.#waiting.clear();
  }

  #hear(method: string, params: unknown): void {
    for (const listener of this.#hearing.get(method) ?? [])
      try {
        (listener as (params: unknown) => void)(params);
      } catch (error) {
        this.#log(`${method}: a listener failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
  }

  async #answer(id: number | string, method: string, params: unknown): Promise<void> {
    try {
      const answer = this.#answering.get(method) as ((params: unknown) => unknown) | undefined;
      // What nobody answers has null for an answer: that is right for all that the server asks.
      const result = (await answer?.(params)) ?? null;
      if (this.#ended === undefined) this.#send({ jsonrpc: "2.0", id, result });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (this.#ended === undefined) this.#send({ jsonrpc: "2.0", id, error: { code: internalError, message } });
    }
  }
}
