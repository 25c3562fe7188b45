// The route table and what runs around every handler: limits, sign-in, scopes, shapes, idempotency, problem answers.
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { sha256 } from "../../store/blobs.ts";
import type { Reads, Transaction } from "../../store/store.ts";
import { authenticate, bearerOf, demand, type Principal, type Scope } from "../access.ts";
import { type Rms, seconds } from "../rms.ts";
import { announcesBody, parseBody, readBody } from "./body.ts";
import { checkBody, checkQuery } from "./enforce.ts";
import { Keeping } from "./idempotency.ts";
import { operationOf } from "./operations.ts";
import { notFound, Problem } from "./problem.ts";
import { RateLimits } from "./rate-limit.ts";
import { isDryRun } from "./write.ts";

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
  /** Keeps the answer for the request's `Idempotency-Key`, in the transaction of what it tells of. */
  keep(tx: Transaction, answer: Answer): Promise<void>;
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
  /** JSON, unless it is bytes, text or a stream of texts. */
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
  /** For a body of a type in `consumes`, where it may be larger. */
  readonly maxOther?: number;
  /** The media types of a good answer; `application/json` unless given. */
  readonly produces?: readonly string[];
  /** Media types of bodies beside JSON; the handler reads `rawBody`. */
  readonly consumes?: readonly string[];
  /** The body's shape is OPA's: the handler takes of it what it can. */
  readonly foreign?: boolean;
  handle(call: Call): Answer | Promise<Answer>;
  /** The ETag of the object of a GET, where it is not made of its whole answer; undefined when it is not there. */
  tag?(call: Call): Promise<string | undefined>;
}

const mebibyte = 1024 * 1024;
/** Milliseconds. */
const stalledMs = 15_000;

interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export class Router {
  /** With the text that their paths begin with. */
  private readonly routes: readonly { readonly route: Route; readonly start: string; readonly pattern: RegExp }[];
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
      start: route.path.split(/[:*]/)[0] ?? "",
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
    let route: Route | undefined;
    try {
      const url = addressOf(request);
      const found = this.find(request.method ?? "", url.pathname);
      route = "route" in found ? found.route : undefined;
      answer = "route" in found ? await this.answer(found, request, response, url, requestId) : elsewhere(request, found.allowed);
    } catch (error) {
      answer = this.problem(error, requestId);
    }
    this.record(request, route, answer.status, performance.now() - started, requestId);
    this.send(request, response, answer, requestId);
  }

  /** The log names the route and never the path, in which people and secrets may stand. */
  private record({ method = "" }: IncomingMessage, route: Route | undefined, status: number, ms: number, id: string): void {
    const path = route?.path ?? "";
    const labels = { method: route === undefined ? "" : method, route: path };
    this.rms.metrics.add("rms_requests_total", { ...labels, status: String(status) });
    this.rms.metrics.took("rms_request_seconds", ms / 1000, labels);
    if (path.startsWith("/opa/") && status < 400) return;
    this.rms.log("request", { id, method, route: path, status, ms: Math.round(ms) });
  }

  private find(method: string, path: string): Found | { readonly allowed: readonly string[] } {
    const allowed: string[] = [];
    for (const { route, start, pattern } of this.routes) {
      if (!path.startsWith(start)) continue;
      const match = pattern.exec(path);
      if (match === null) continue;
      if (route.method === method || (method === "HEAD" && route.method === "GET")) {
        const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decode(value)]);
        return { route, params: Object.fromEntries(params) };
      }
      allowed.push(...(route.method === "GET" ? ["GET", "HEAD"] : [route.method]));
    }
    return { allowed };
  }

  private async answer(
    { route, params }: Found,
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    requestId: string,
  ): Promise<Answer> {
    const { headers } = request;
    const managed = url.pathname.startsWith("/api/");
    const principal = await this.signIn(route, headers.authorization);
    if (route.scope !== undefined) {
      // Sidecars are not slowed down: OPA does not look at Retry-After.
      if (managed) this.throttle(principal, params["domain"]);
      demand(principal, route.scope, params["domain"]);
    }
    const operation = operationOf(route);
    if (managed) checkQuery(operation, url.searchParams);
    if (!accepts(headers.accept, route))
      throw new Problem(
        406,
        "not-acceptable",
        "Not acceptable",
        `The answer is ${(route.produces ?? ["application/json"]).join(" or ")}.`,
      );
    const rawBody = await readBody(request, maxBodyOf(route, request));
    const body = parseBody(rawBody, request, route);
    if (managed && (body !== undefined || rawBody.length === 0)) checkBody(operation, body);
    const { drain } = this;
    let closed: AbortSignal | undefined;
    const call: Call = {
      rms: this.rms,
      reads: this.rms.store,
      principal,
      params,
      query: url.searchParams,
      headers,
      requestId,
      rawBody,
      body,
      // Made for those who ask for it: most polls are answered at once.
      get closed() {
        closed ??= closedOf(response, drain);
        return closed;
      },
      precondition: (reads) => this.precondition(route, { ...call, reads }),
      keep: async () => {},
    };
    if (!managed) return route.handle(call);
    if (route.method === "GET") return tagged(await route.handle(call), headers["if-none-match"]);
    const key = headers["idempotency-key"];
    // A dry run keeps nothing, also no answer.
    if (route.method !== "POST" || key === undefined || isDryRun(call)) return route.handle(call);
    const repeated = `${url.pathname}?${url.searchParams}\n${sha256(rawBody)}`;
    const keeping = new Keeping(this.rms, principal.token, bearerOf(headers.authorization) ?? "", String(key), repeated);
    return this.once(keeping, () => route.handle({ ...call, keep: (tx, answer) => keeping.keep(tx, answer) }));
  }

  /** Who calls; where anybody may, a token may be there and says more. */
  private async signIn(route: Route, authorization: string | undefined): Promise<Principal> {
    if (route.scope === undefined && authorization === undefined) return anonymous;
    const principal = authenticate(this.rms.store, authorization, seconds(this.rms.now()));
    return route.scope === undefined ? principal.catch(() => anonymous) : principal;
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
    const reader = this.routes.find((other) => paths.includes(other.route.path) && other.route.method === "GET")?.route;
    if (wanted === undefined || reader === undefined) return;
    let tag: string | undefined;
    try {
      tag = reader.tag === undefined ? tagged(await reader.handle(call), undefined).headers?.["ETag"] : await reader.tag(call);
    } catch (error) {
      if (!(error instanceof Problem && error.status === 404)) throw error;
    }
    if (!matchesTag(wanted, tag))
      throw new Problem(412, "stale", "The object has changed", "It is not what If-Match names; look again before changing it.");
  }

  /** The same request under the same key gets the first answer; a twin that comes while the first is under way waits for it. */
  private async once(keeping: Keeping, handle: () => Answer | Promise<Answer>): Promise<Answer> {
    const { place } = keeping;
    while (this.underWay.has(place)) await this.underWay.get(place)?.catch(() => undefined);
    const work = async (): Promise<Answer> => {
      const before = await keeping.before();
      if (before !== undefined) return before;
      const answer = await handle();
      await keeping.finish(answer);
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
    const last = hasUnreadBody(request) || this.drain.aborted ? { Connection: "close" } : {};
    const { body } = answer;
    const streams = isStream(body);
    const bytes = body === undefined || streams ? undefined : bytesOf(body);
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
    if (streams && request.method !== "HEAD") {
      pipeline(Readable.from(body), response, (error) => {
        if (error !== null && error !== undefined) this.rms.log("answer cut off", { id: requestId, error: String(error) });
      });
      return;
    }
    response.end(request.method === "HEAD" ? undefined : bytes);
  }
}

/** Ends when the client goes away or the server drains. */
function closedOf(response: ServerResponse, drain: AbortSignal): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  else response.on("close", () => gone.abort());
  return AbortSignal.any([gone.signal, drain]);
}

/** True when bytes of a body may still come; a request without one counts as complete only a moment after its headers. */
function hasUnreadBody(request: IncomingMessage): boolean {
  return !request.complete && announcesBody(request);
}

/** True for what SQLite or the file system says when no space is left, also when a worker met it. */
function isDiskFull(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ENOSPC" || /ENOSPC|database or disk is full/.test(String(error));
}

/** Bytes that the body may have, by its type. */
function maxBodyOf({ maxBody = mebibyte, maxOther = maxBody, consumes = [] }: Route, { headers }: IncomingMessage): number {
  const type = (headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
  return consumes.includes(type) ? maxOther : maxBody;
}

/** For an address without the method, or without anything. */
function elsewhere({ method }: IncomingMessage, allowed: readonly string[]): Answer {
  if (allowed.length === 0) throw notFound();
  const names = allowed.join(", ");
  if (method === "OPTIONS") return { status: 204, headers: { Allow: names } };
  throw new Problem(405, "method-not-allowed", "Method not allowed", `This address takes ${names}.`, {
    headers: { Allow: names },
  });
}

/** True when an `If-Match` names the tag; what is not there has `"0"`. */
function matchesTag(header: string, tag: string | undefined): boolean {
  return header.split(",").some((one) => (one.trim() === "*" ? tag !== undefined : one.trim() === (tag ?? '"0"')));
}

/** The address asked for; 400 when it is none. */
function addressOf(request: IncomingMessage): URL {
  const target = request.url ?? "/";
  const url = target.startsWith("/") && !target.startsWith("//") ? URL.parse(target, "http://localhost") : null;
  if (url === null) throw new Problem(400, "bad-address", "No address", "The request's target is no path.");
  return url;
}

/** True when the client takes what the route answers; errors are sent whatever it takes. */
function accepts(header: string | undefined, route: Route): boolean {
  if (header === undefined || header.trim() === "") return true;
  const produced = [...(route.produces ?? ["application/json"]), "application/problem+json"];
  return header.split(",").some((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    if (parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))) return false;
    return type === "*/*" || produced.some((one) => one === type || type === `${one.split("/")[0]}/*`);
  });
}

/** Gives a read a strong ETag, and 304 to a client that has it. */
function tagged(answer: Answer, known: string | undefined): Answer {
  if (answer.status !== 200 || answer.body === undefined || isStream(answer.body)) return answer;
  const tag = answer.headers?.["ETag"] ?? `"${sha256(bytesOf(answer.body)).slice(0, 32)}"`;
  const headers = { ...answer.headers, ETag: tag };
  const has = (known ?? "").split(",").some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === tag);
  return has ? { status: 304, headers } : { ...answer, headers };
}

function isStream(body: unknown): body is AsyncIterable<string> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
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
