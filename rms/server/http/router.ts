// The route table and what runs around every handler: limits, sign-in, scopes, idempotency, problem answers.
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import { sha256 } from "../../store/blobs.ts";
import { authenticate, demand, type Principal, type Scope } from "../access.ts";
import { type Rms, seconds } from "../rms.ts";
import { operationOf } from "./operations.ts";
import { pageOf } from "./paging.ts";
import { invalid, notFound, Problem } from "./problem.ts";
import { RateLimits } from "./rate-limit.ts";

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

/** A parameter of the route's own path. */
export function param({ params }: Pick<Call, "params">, name: string): string {
  const value = params[name];
  if (value === undefined) throw new Error(`the path of this route has no :${name}`);
  return value;
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
  /** The media type of a good answer; `application/json` unless given. */
  readonly produces?: string;
  /** Media types of bodies beside JSON; the handler reads `rawBody`. */
  readonly consumes?: readonly string[];
  handle(call: Call): Answer | Promise<Answer>;
}

const mebibyte = 1024 * 1024;
/** Milliseconds. */
const stalledMs = 15_000;

export class Router {
  private readonly routes: readonly { readonly route: Route; readonly pattern: RegExp }[];
  private readonly rms: Rms;
  private readonly drain: AbortSignal;
  private readonly limits: RateLimits;
  /** Requests with an idempotency key that are not answered yet. */
  private readonly underWay = new Map<string, Promise<Answer>>();

  constructor(rms: Rms, routes: readonly Route[], drain: AbortSignal, limits: RateLimits = new RateLimits()) {
    this.rms = rms;
    this.limits = limits;
    this.drain = drain;
    this.routes = routes.map((route) => ({
      route,
      pattern: new RegExp(
        `^${route.path
          .replaceAll(".", "\\.")
          .replace(/\/:(\w+)/g, "/(?<$1>[^/]+)")
          .replace(/\/\*(\w+)/g, "/(?<$1>.+)")}$`,
      ),
    }));
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const started = performance.now();
    let answer: Answer;
    let path = "";
    try {
      const url = addressOf(request);
      path = url.pathname;
      answer = await this.answer(request, response, url, requestId);
    } catch (error) {
      answer = this.problem(error, requestId);
    }
    this.rms.metrics.add("rms_requests_total", { method: request.method ?? "", status: String(answer.status) });
    if (!path.startsWith("/opa/") || answer.status >= 400) {
      this.rms.log("request", {
        id: requestId,
        method: request.method,
        path,
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
        allowed = [...allowed, ...(route.method === "GET" ? ["GET", "HEAD"] : [route.method])];
        continue;
      }
      const params = Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, decode(value)]));
      const principal =
        route.scope === undefined
          ? anonymous
          : await authenticate(this.rms.store, request.headers.authorization, seconds(this.rms.now()));
      const managed = url.pathname.startsWith("/api/");
      if (route.scope !== undefined) {
        // Sidecars are not slowed down: OPA does not look at Retry-After.
        if (managed) this.throttle(principal, params["domain"]);
        demand(principal, route.scope, params["domain"]);
      }
      if (managed && route.method !== "GET") knownQuery(route, url.searchParams);
      if (!accepts(request.headers.accept, route))
        throw new Problem(406, "not-acceptable", "Not acceptable", `The answer is ${route.produces ?? "application/json"}.`);
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
        body: parseBody(rawBody, request, route.consumes ?? []),
        closed,
      };
      if (!managed) return route.handle(call);
      const change = async (): Promise<Answer> => {
        await this.precondition(route, call);
        return route.handle(call);
      };
      if (request.method === "POST") return this.once(call, url, change);
      if (method === "GET") return tagged(await this.read(route, call), request.headers["if-none-match"]);
      return change();
    }
    if (request.method === "OPTIONS" && allowed.length > 0) return { status: 204, headers: { Allow: allowed.join(", ") } };
    if (allowed.length > 0)
      throw new Problem(405, "method-not-allowed", "Method not allowed", `This address takes ${allowed.join(", ")}.`, {
        headers: { Allow: allowed.join(", ") },
      });
    throw notFound();
  }

  /** A read; of a list the page that was asked for. */
  private async read(route: Route, call: Call): Promise<Answer> {
    const order = operationOf(route)?.list;
    const answer = await route.handle(call);
    return order === undefined ? answer : pageOf(answer, order, call.query);
  }

  private throttle({ token }: Principal, domain: string | undefined): void {
    const wait = this.limits.refuse(token, domain);
    if (wait !== undefined)
      throw new Problem(429, "too-many", "Too many calls", `This token or domain makes too many calls; wait ${wait} s.`, {
        headers: { "Retry-After": String(wait) },
      });
  }

  /** `If-Match` on a change of one object, or an act such as its rollback: the tag must be the one that GET of the same address gives; what is not there has `"0"`. */
  private async precondition(route: Route, call: Call): Promise<void> {
    const wanted = call.headers["if-match"];
    const paths = [route.path, route.path.replace(/\/[a-z]+$/, "")];
    const reader = this.routes.find((other) => paths.includes(other.route.path) && other.route.method === "GET");
    if (wanted === undefined || reader === undefined) return;
    let tag: string | undefined;
    try {
      tag = tagged(await reader.route.handle(call), undefined).headers?.["ETag"];
    } catch (error) {
      if (!(error instanceof Problem && error.status === 404)) throw error;
    }
    if (!matchesTag(wanted, tag))
      throw new Problem(412, "stale", "The object has changed", "It is not what If-Match names; look again before changing it.");
  }

  /** `Idempotency-Key`: the same key and body give the first answer again; another body is refused. */
  private async once(call: Call, url: URL, handle: () => Answer | Promise<Answer>): Promise<Answer> {
    const key = call.headers["idempotency-key"];
    if (key === undefined) return handle();
    if (typeof key !== "string" || !/^[\x20-\x7e]{1,128}$/.test(key))
      throw invalid("Idempotency-Key must be 1 to 128 printable characters.");
    const request = sha256(`${url.pathname}?${url.searchParams}\n${sha256(call.rawBody)}`);
    const { store } = this.rms;
    const now = seconds(this.rms.now());
    const token = call.principal.token;
    const place = `${token} ${key}`;
    // A twin that comes while the first is under way waits for its answer.
    await this.underWay.get(place)?.catch(() => undefined);
    const before = await store.idempotency.get(token, key);
    if (before !== undefined && before.at > now - 86_400) {
      if (before.request !== request) throw invalid("This Idempotency-Key was used for another request.");
      return { status: before.status, headers: { "Idempotency-Replayed": "true" }, body: JSON.parse(before.answer) };
    }
    const work = async (): Promise<Answer> => {
      const answer = await handle();
      const kept = { token, key, request, status: answer.status, answer: JSON.stringify(answer.body ?? null), at: now };
      if (answer.status < 500)
        await store.transaction(async (tx) => {
          await tx.idempotency.expire(now - 86_400);
          await tx.idempotency.put(kept);
        });
      return answer;
    };
    const done = work().finally(() => this.underWay.delete(place));
    this.underWay.set(place, done);
    return done;
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
    const full = isDiskFull(error);
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
    // A client that takes nothing of its answer for so long is given up.
    response.setTimeout(stalledMs, () => response.destroy());
    const last = request.complete && !this.drain.aborted ? {} : { Connection: "close" };
    const { body } = answer;
    const bytes = body === undefined ? undefined : bytesOf(body);
    const type =
      body instanceof Uint8Array || typeof body === "string" ? {} : { "Content-Type": "application/json; charset=utf-8" };
    response.writeHead(answer.status, {
      "X-Request-Id": requestId,
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "no-store",
      ...(bytes === undefined ? {} : { ...type, "Content-Length": String(bytes.length) }),
      ...answer.headers,
      ...last,
    });
    response.end(request.method === "HEAD" ? undefined : bytes);
  }
}

/** True for what SQLite or the file system says when no space is left, also when a worker met it. */
function isDiskFull(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ENOSPC" || /ENOSPC|database or disk is full/.test(String(error));
}

/** A change whose query has a name that means nothing is refused: `?dryrun=true` must not write. */
function knownQuery(route: Route, query: URLSearchParams): void {
  const known = Object.keys(operationOf(route)?.query ?? {});
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const names = known.length === 0 ? "there are none here" : `known are ${known.join(", ")}`;
  throw invalid(`The query has the unknown name ${JSON.stringify(unknown)}; ${names}.`);
}

/** True when an `If-Match` names the tag; what is not there has `"0"`. */
export function matchesTag(header: string, tag: string | undefined): boolean {
  return header.split(",").some((one) => (one.trim() === "*" ? tag !== undefined : one.trim() === (tag ?? '"0"')));
}

/** The address asked for; 400 when it is none. */
function addressOf(request: IncomingMessage): URL {
  const target = request.url ?? "/";
  if (!target.startsWith("/") || target.startsWith("//") || !URL.canParse(target, "http://localhost"))
    throw new Problem(400, "bad-address", "No address", "The request's target is no path.");
  return new URL(target, "http://localhost");
}

/** True when the client takes what the route answers; errors are sent whatever it takes. */
function accepts(header: string | undefined, route: Route): boolean {
  if (header === undefined || header.trim() === "") return true;
  const produced = [route.produces ?? "application/json", "application/problem+json"];
  return header.split(",").some((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    if (parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))) return false;
    return type === "*/*" || produced.some((one) => one === type || type === `${one.split("/")[0]}/*`);
  });
}

/** Gives a read a strong ETag, and 304 to a client that has it. */
function tagged(answer: Answer, known: string | undefined): Answer {
  if (answer.status !== 200 || answer.body === undefined) return answer;
  const tag = answer.headers?.["ETag"] ?? `"${sha256(bytesOf(answer.body)).slice(0, 32)}"`;
  const headers = { ...answer.headers, ETag: tag };
  const has = (known ?? "").split(",").some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === tag);
  return has ? { status: 304, headers } : { ...answer, headers };
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
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
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "gzip" && encoding !== "identity")
    throw new Problem(415, "bad-encoding", "Unsupported encoding", "A body may be packed with gzip only.");
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > max) throw tooLarge;
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(400, "cut-off", "Cut off", "The body ended early.");
  }
  const body = Buffer.concat(chunks);
  if (encoding === "identity") return body;
  try {
    return gunzipSync(body, { maxOutputLength: max * 8 });
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge;
    throw new Problem(400, "not-gzip", "Not gzip", "The body is no gzip.");
  }
}

function parseBody(raw: Buffer, request: IncomingMessage, others: readonly string[]): unknown {
  if (raw.length === 0) return undefined;
  const type = (request.headers["content-type"] ?? "application/json").split(";")[0]!.trim().toLowerCase();
  if (others.includes(type)) return undefined;
  if (!/^application\/(?:[\w.+-]*\+)?json$/.test(type))
    throw new Problem(415, "bad-type", "Unsupported type", `The body must be ${["application/json", ...others].join(" or ")}.`);
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(raw));
  } catch {
    throw new Problem(400, "not-json", "Not JSON", "The body is not JSON in UTF-8.");
  }
  const fault = hostileJson(body);
  if (fault !== undefined) throw invalid(fault);
  return body;
}

const maxDepth = 64;

/** Why a document is refused whatever the route: too deep, or texts that are no Unicode. */
function hostileJson(value: unknown, depth = 0): string | undefined {
  if (typeof value === "string") return value.isWellFormed() ? undefined : "A text holds half of a surrogate pair.";
  if (typeof value !== "object" || value === null) return undefined;
  if (depth === maxDepth) return `The body may be ${maxDepth} levels deep.`;
  for (const [key, child] of Object.entries(value)) {
    const fault = hostileJson(key) ?? hostileJson(child, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
