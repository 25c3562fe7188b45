// A request as routes see it: one that came over the network, or one that a page makes within this process.
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "./body.ts";
import type { InnerCall } from "./route.ts";

export interface Incoming {
  readonly headers: IncomingMessage["headers"];
  /** Whose sign-in is remembered. */
  readonly connection: object;
  /** Ends when the client goes away or the server drains. */
  readonly closed: AbortSignal;
  /** The bytes of the body that the headers announce. */
  body(max: number, foreign?: boolean): Promise<Buffer>;
}

export class Arrived implements Incoming {
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;
  private readonly drain: AbortSignal;
  private signal: AbortSignal | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, drain: AbortSignal) {
    this.request = request;
    this.response = response;
    this.drain = drain;
  }

  get headers(): IncomingMessage["headers"] {
    return this.request.headers;
  }

  get connection(): object {
    return this.request.socket;
  }

  // Made for those who ask for it: most polls are answered at once.
  get closed(): AbortSignal {
    this.signal ??= this.ending();
    return this.signal;
  }

  body(max: number, foreign?: boolean): Promise<Buffer> {
    return readBody(this.request, max, foreign);
  }

  private ending(): AbortSignal {
    const gone = new AbortController();
    if (this.response.destroyed) gone.abort();
    else this.response.on("close", () => gone.abort());
    return AbortSignal.any([gone.signal, this.drain]);
  }
}

export class Within implements Incoming {
  readonly headers: IncomingMessage["headers"];
  readonly connection: object;
  private readonly outer: Incoming;
  private readonly bytes: Buffer;

  constructor({ headers, body }: InnerCall, outer: Incoming) {
    this.bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
    this.headers = {
      host: "localhost",
      ...headers,
      ...(body === undefined ? {} : { "content-type": "application/json", "content-length": String(this.bytes.length) }),
    };
    this.outer = outer;
    this.connection = this;
  }

  get closed(): AbortSignal {
    return this.outer.closed;
  }

  async body(): Promise<Buffer> {
    return this.bytes;
  }
}
