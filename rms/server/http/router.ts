// The route table and what runs around every handler: limits, sign-in, scopes, idempotency, problem answers.
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import { authenticate, demand, type Principal, type Scope } from "../access.ts";
import { type Rms, seconds } from "../rms.ts";
import { sha256 } from "../store/blobs.ts";
import { invalid, notFound, Problem } from "./problem.ts";

export interface Call {
  readonly rms: Rms;
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
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless it is bytes or text. */
  readonly body?: unknown;
}

export interface Route {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/api/v1/domains/:domain`; a last `*name` takes the rest of the path. */
  readonly path: string;
  /** Undefined for what anybody may call. */
  readonly scope: Scope | undefined;
  readonly summary: string;
  readonly maxBody?: number;
  handle(call: Call): Answer | Promise<Answer>;
}

const mebibyte = 1024 * 1024;

export class Router {
  private readonly routes: readonly { readonly route: Route; readonly pattern: RegExp }[];
  private readonly rms: Rms;
  private readonly drain: AbortSignal;

  constructor(rms: Rms, routes: readonly Route[], drain: AbortSignal) {
    this.rms = rms;
    this.drain = drain;
    this.routes = routes.map((route) => ({
      route,
      pattern: new RegExp(`^${route.path.replace(/:(\w+)/g, "(?<$1>[^/]+)").replace(/\*(\w+)/g, "(?<$1>.+)")}$`),
    }));
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const url = new URL(request.url ?? "/", "http://localhost");
    const started = performance.now();
    let answer: Answer;
    try {
      answer = await this.answer(request, response, url, requestId);
    } catch (error) {
      answer = this.problem(error, requestId);
    }
    this.rms.metrics.add("rms_requests_total", { method: request.method ?? "", status: String(answer.status) });
    if (!url.pathname.startsWith("/opa/") || answer.status >= 400) {
      this.rms.log("request", {
        id: requestId,
        method: request.method,
        path: url.pathname,
        status: answer.status,
        ms: Math.round(performance.now() - started),
      });
    }
    this.send(request, response, answer, requestId);
  }

  private async answer(request: IncomingMessage, response: ServerResponse, url: URL, requestId: string): Promise<Answer> {
    let allowed: string[] = [];
    for (const { route, pattern } of this.routes) {
      const match = pattern.exec(url.pathname);
      if (match === null) continue;
      const method = request.method === "HEAD" && route.method === "GET" ? "GET" : request.method;
      if (route.method !== method) {
        allowed = [...allowed, route.method];
        continue;
      }
      const params = Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, decode(value)]));
      const principal =
        route.scope === undefined ? anonymous : authenticate(this.rms.db, request.headers.authorization, seconds(this.rms.now()));
      if (route.scope !== undefined) demand(principal, route.scope, params["domain"]);
      const rawBody = await readBody(request, route.maxBody ?? mebibyte);
      const gone = new AbortController();
      response.on("close", () => gone.abort());
      const closed = AbortSignal.any([gone.signal, this.drain]);
      const call: Call = {
        rms: this.rms,
        principal,
        params,
        query: url.searchParams,
        headers: request.headers,
        requestId,
        rawBody,
        body: parseBody(rawBody, request),
        closed,
      };
      return request.method === "POST" && url.pathname.startsWith("/api/")
        ? this.once(call, url, () => route.handle(call))
        : route.handle(call);
    }
    if (allowed.length > 0)
      throw new Problem(405, "method-not-allowed", "Method not allowed", `This address takes ${allowed.join(", ")}.`, {
        headers: { Allow: allowed.join(", ") },
      });
    throw notFound();
  }

  /** `Idempotency-Key`: the same key and body give the first answer again; another body is refused. */
  private async once(call: Call, url: URL, handle: () => Answer | Promise<Answer>): Promise<Answer> {
    const key = call.headers["idempotency-key"];
    if (key === undefined) return handle();
    if (typeof key !== "string" || !/^[\x20-\x7e]{1,128}$/.test(key))
      throw invalid("Idempotency-Key must be 1 to 128 printable characters.");
    const request = sha256(`${url.pathname}?${url.searchParams}\n${sha256(call.rawBody)}`);
    const { db } = this.rms;
    const now = seconds(this.rms.now());
    db.run("DELETE FROM idempotency WHERE at < ?", now - 86_400);
    const before = db.one("SELECT * FROM idempotency WHERE token = ? AND key = ?", call.principal.token, key);
    if (before !== undefined) {
      if (before["request"] !== request) throw invalid("This Idempotency-Key was used for another request.");
      return {
        status: Number(before["status"]),
        headers: { "Idempotency-Replayed": "true" },
        body: JSON.parse(String(before["answer"])),
      };
    }
    const answer = await handle();
    if (answer.status < 500) {
      db.run(
        "INSERT OR IGNORE INTO idempotency (key, token, request, status, answer, at) VALUES (?, ?, ?, ?, ?, ?)",
        key,
        call.principal.token,
        request,
        answer.status,
        JSON.stringify(answer.body ?? null),
        now,
      );
    }
    return answer;
  }

  private problem(error: unknown, requestId: string): Answer {
    if (error instanceof Problem) {
      const { status, code, title, message, errors, headers } = error;
      return {
        status,
        headers: { ...headers, "Content-Type": "application/problem+json" },
        body: {
          type: `urn:rms:${code}`,
          title,
          status,
          detail: message,
          instance: requestId,
          ...(errors === undefined ? {} : { errors }),
        },
      };
    }
    const code = (error as { code?: unknown }).code;
    const full = code === "ENOSPC" || String(error).includes("database or disk is full");
    this.rms.log("error", { id: requestId, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    const detail = full
      ? "The disk of the server is full; nothing was changed."
      : "The server failed; nothing was changed. Its log has the reason under this instance.";
    return {
      status: full ? 507 : 500,
      headers: { "Content-Type": "application/problem+json" },
      body: {
        type: `urn:rms:${full ? "disk-full" : "internal"}`,
        title: full ? "Disk full" : "Internal error",
        status: full ? 507 : 500,
        detail,
        instance: requestId,
      },
    };
  }

  private send(request: IncomingMessage, response: ServerResponse, answer: Answer, requestId: string): void {
    if (response.destroyed) return;
    const { body } = answer;
    const bytes =
      body === undefined
        ? undefined
        : body instanceof Uint8Array
          ? body
          : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    const type =
      body instanceof Uint8Array || typeof body === "string" ? {} : { "Content-Type": "application/json; charset=utf-8" };
    response.writeHead(answer.status, {
      "X-Request-Id": requestId,
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "no-store",
      ...(bytes === undefined ? {} : { ...type, "Content-Length": String(bytes.length) }),
      ...answer.headers,
    });
    response.end(request.method === "HEAD" ? undefined : bytes);
  }
}

const anonymous: Principal = { token: "", subject: "", domains: [], scopes: new Set() };

function decode(value: string): string {
  try {
    return decodeURIComponent(value).normalize("NFC");
  } catch {
    throw notFound();
  }
}

async function readBody(request: IncomingMessage, max: number): Promise<Buffer> {
  const tooLarge = new Problem(413, "too-large", "Too large", `The body may have ${max} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > max) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > max) throw tooLarge;
    chunks.push(chunk as Buffer);
  }
  const body = Buffer.concat(chunks);
  if (request.headers["content-encoding"] !== "gzip") return body;
  try {
    return gunzipSync(body, { maxOutputLength: max * 8 });
  } catch {
    throw invalid("The body is no gzip, or too large when unpacked.");
  }
}

function parseBody(raw: Buffer, request: IncomingMessage): unknown {
  if (raw.length === 0) return undefined;
  if (!/^application\/(?:[\w.+-]*\+)?json/.test(request.headers["content-type"] ?? "application/json")) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(raw));
  } catch {
    throw new Problem(400, "not-json", "Not JSON", "The body is not JSON in UTF-8.");
  }
}
