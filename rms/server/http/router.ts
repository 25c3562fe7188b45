// What runs around every handler: limits, sign-in, scopes, shapes, idempotency, problem answers.
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { sha256 } from "../../store/blobs.ts";
import type { Reads, Transaction } from "../../store/store.ts";
import { bearerOf, demand, type Principal } from "../access.ts";
import type { Counter } from "../metrics.ts";
import type { Rms } from "../rms.ts";
import { seconds } from "../times.ts";
import type { Answer } from "./answer.ts";
import { announcesBody, parseBody } from "./body.ts";
import { corsHeaders } from "./cors.ts";
import { checkBody, checkQuery } from "./enforce.ts";
import { Keeping } from "./idempotency.ts";
import { Arrived, type Incoming, Within } from "./incoming.ts";
import { notFound, Problem, problemAnswer, unauthorized } from "./problem.ts";
import { RateLimits } from "./rate-limit.ts";
import type { Call, InnerCall, Route } from "./route.ts";
import { type Address, addressOf, type Found, type PreparedRoute, RouteTable } from "./routing.ts";
import { isDryRun } from "./write.ts";

const mebibyte = 1024 * 1024;
/** Milliseconds after which a connection on which nothing moves is given up; the longest long poll is over before. */
export const idleMs = 80_000;
/** Milliseconds in which a client must take something of a large answer. */
const stalledMs = 15_000;
/** Bytes that the system's buffers take at once. */
const smallAnswer = 16 * 1024;

export interface RouterOptions {
  readonly limits?: RateLimits | undefined;
  /** Origins of web pages that may call. */
  readonly origins?: readonly string[] | undefined;
}

export class Router {
  private readonly table: RouteTable;
  private readonly rms: Rms;
  private readonly drain: AbortSignal;
  private readonly limits: RateLimits;
  private readonly origins: ReadonlySet<string>;
  /** Requests with an idempotency key that are not answered yet. */
  private readonly underWay = new Map<string, Promise<Answer>>();
  private readonly counters = new Map<Route | undefined, RouteCounters>();

  constructor(rms: Rms, routes: readonly Route[], drain: AbortSignal, { limits, origins = [] }: RouterOptions = {}) {
    this.rms = rms;
    this.limits = limits ?? new RateLimits();
    this.origins = new Set(origins);
    this.drain = drain;
    this.table = new RouteTable(routes);
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    const asked = new Asked(request, response);
    try {
      const address = addressOf(request);
      const found = this.table.find(request.method ?? "", address.path);
      if ("allowed" in found) return this.done(asked, this.elsewhere(request, found.allowed));
      asked.route = found.prepared.route;
      // Most polls are answered here and now.
      const answer = this.answer(new Exchange(new Arrived(request, response, this.drain), asked.id, address, found));
      if (answer instanceof Promise)
        answer.then(
          (later) => this.done(asked, later),
          (error: unknown) => this.failed(asked, error),
        );
      else this.done(asked, answer);
    } catch (error) {
      this.failed(asked, error);
    }
  }

  private failed(asked: Asked, error: unknown): void {
    this.done(asked, this.problem(error, asked.id));
  }

  private done(asked: Asked, answer: Answer): void {
    this.record(asked, answer.status);
    this.send(asked, answer);
  }

  /** The log names the route and never the path, in which people and secrets may stand. */
  private record({ request: { method = "" }, route, started, id }: Asked, status: number): void {
    const ms = performance.now() - started;
    const counters = this.counters.get(route) ?? new RouteCounters(this.rms, route);
    this.counters.set(route, counters);
    counters.count(method, status, ms);
    const path = route?.path ?? "";
    if (path.startsWith("/opa/") && status < 400) return;
    this.rms.log("request", { id, method, route: path, status, ms: Math.round(ms) });
  }

  /** A call from within, found, signed in, admitted and answered like any other: what is wrong with it is a problem's answer. */
  private async within(call: InnerCall, outer: Exchange): Promise<Answer> {
    const incoming = new Within(call, outer.incoming);
    try {
      const address = addressOf({ url: call.target, headers: incoming.headers, httpVersion: "1.1" });
      const found = this.table.find(call.method, address.path);
      if ("allowed" in found) return this.elsewhere({ method: call.method, headers: incoming.headers }, found.allowed);
      return await this.answer(new Exchange(incoming, outer.requestId, address, found));
    } catch (error) {
      return this.problem(error, outer.requestId);
    }
  }

  private answer(exchange: Exchange): Answer | Promise<Answer> {
    const signedIn = this.signIn(exchange);
    return signedIn instanceof Promise
      ? signedIn.then((principal) => this.admit(exchange, principal))
      : this.admit(exchange, signedIn);
  }

  /** Looks at what the headers say before any byte of a body is read. */
  private admit(exchange: Exchange, principal: Principal): Answer | Promise<Answer> {
    const { prepared, params, incoming, address } = exchange;
    const { headers } = incoming;
    const { route, operation, managed } = prepared;
    if (route.scope !== undefined) {
      // Sidecars are not slowed down: OPA does not look at Retry-After.
      if (managed) this.throttle(principal, params["domain"]);
      demand(principal, route.scope, params["domain"]);
    }
    // What OPA sends with its reports is its own business.
    if (managed || (route.method === "GET" && route.page !== true)) checkQuery(operation, address.query);
    if (!accepts(headers.accept, route))
      throw new Problem(
        406,
        "not-acceptable",
        "Not acceptable",
        `The answer is ${(route.produces ?? ["application/json"]).join(" or ")}.`,
      );
    if (!announcesBody(incoming)) return this.handle(exchange, principal, nothing);
    return incoming.body(maxBodyOf(route, incoming), route.foreign).then((body) => this.handle(exchange, principal, body));
  }

  private handle(exchange: Exchange, principal: Principal, rawBody: Buffer): Answer | Promise<Answer> {
    const { prepared, incoming, address } = exchange;
    const { route, operation, managed } = prepared;
    const { headers } = incoming;
    const body = parseBody(rawBody, incoming, route);
    if (managed && (body !== undefined || rawBody.length === 0)) checkBody(operation, body);
    const within = (inner: InnerCall): Promise<Answer> => this.within(inner, exchange);
    const call = new RouteCall(this.rms, exchange, { principal, rawBody, body, within });
    if (!managed) return route.handle(call);
    if (route.method === "GET")
      return Promise.resolve(route.handle(call)).then((answer) => tagged(answer, headers["if-none-match"]));
    const key = headers["idempotency-key"];
    // A dry run keeps nothing, also no answer.
    if (route.method !== "POST" || key === undefined || isDryRun(call)) return route.handle(call);
    const repeated = `${address.path}?${address.query}\n${sha256(rawBody)}`;
    const keeping = new Keeping(this.rms, principal.token, bearerOf(headers.authorization) ?? "", String(key), repeated);
    call.keeping = keeping;
    return this.once(keeping, () => route.handle(call));
  }

  /** Who calls; 401 without a valid token. Where anybody may, a token may be there and says more. */
  private signIn({ prepared, incoming }: Exchange): Principal | Promise<Principal> {
    const { authorization } = incoming.headers;
    const open = prepared.route.scope === undefined;
    if (open && authorization === undefined) return anonymous;
    const known = (principal: Principal | undefined): Principal => {
      if (principal !== undefined) return principal;
      if (open) return anonymous;
      throw unauthorized();
    };
    const found = this.rms.signIns.principal(incoming.connection, authorization, seconds(this.rms.now()));
    return found instanceof Promise ? found.then(known) : known(found);
  }

  private throttle({ token }: Principal, domain: string | undefined): void {
    const wait = this.limits.refuse(token, domain);
    if (wait !== undefined)
      throw new Problem(429, "too-many", "Too many calls", `This token or domain makes too many calls; wait ${wait} s.`, {
        headers: { "Retry-After": String(wait) },
      });
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
    if (error instanceof Problem) return problemAnswer(error, requestId);
    this.rms.log("error", { id: requestId, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    const problem = isDiskFull(error)
      ? new Problem(507, "disk-full", "Disk full", "The disk of the server is full; nothing was changed.")
      : new Problem(
          500,
          "internal",
          "Internal error",
          "The server failed; nothing was changed. Its log has the reason under this instance.",
        );
    return problemAnswer(problem, requestId);
  }

  /** For an address without the method, or without anything. */
  private elsewhere({ method, headers }: Pick<IncomingMessage, "method" | "headers">, allowed: readonly string[]): Answer {
    if (allowed.length === 0) throw notFound();
    const names = allowed.join(", ");
    if (method === "OPTIONS") return { status: 204, headers: { Allow: names, ...corsHeaders(this.origins, headers, allowed) } };
    throw new Problem(405, "method-not-allowed", "Method not allowed", `This address takes ${names}.`, {
      headers: { Allow: names },
    });
  }

  private send({ request, response, id }: Asked, answer: Answer): void {
    if (response.destroyed) return;
    const { status, body } = answer;
    const headers: Record<string, string> = { "X-Request-Id": id, "Cache-Control": "no-store" };
    const stream = isStream(body) ? body : undefined;
    const bytes = body === undefined || stream !== undefined ? undefined : bytesOf(body);
    if (bytes !== undefined) {
      if (bytes !== body && typeof body !== "string") headers["Content-Type"] = "application/json; charset=utf-8";
      headers["Content-Length"] = String(bytes.length);
    }
    if (body !== undefined) headers["X-Content-Type-Options"] = "nosniff";
    if (this.origins.size > 0 && request.method !== "OPTIONS") Object.assign(headers, corsHeaders(this.origins, request.headers));
    if (answer.headers !== undefined) Object.assign(headers, answer.headers);
    if (this.drain.aborted) headers["Connection"] = "close";
    else if (hasUnreadBody(request)) discardBody(request);
    // A client that takes nothing of its answer for so long is given up.
    if (stream !== undefined || (bytes?.length ?? 0) > smallAnswer) {
      response.setTimeout(stalledMs, () => response.destroy());
      response.once("close", () => request.socket.setTimeout(idleMs));
    }
    response.writeHead(status, headers);
    if (stream !== undefined && request.method !== "HEAD") {
      pipeline(Readable.from(stream), response, (error) => {
        if (error !== null && error !== undefined) this.rms.log("answer cut off", { id, error: String(error) });
      });
      return;
    }
    response.end(request.method === "HEAD" ? undefined : bytes);
  }
}

/** A request to be answered. */
class Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly started = performance.now();
  readonly id = randomUUID();
  /** Undefined where there is none. */
  route: Route | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.response = response;
  }
}

/** A request with its route. */
class Exchange {
  readonly incoming: Incoming;
  readonly requestId: string;
  readonly address: Address;
  readonly prepared: PreparedRoute;
  readonly params: Found["params"];

  constructor(incoming: Incoming, requestId: string, address: Address, { prepared, params }: Found) {
    this.incoming = incoming;
    this.requestId = requestId;
    this.address = address;
    this.prepared = prepared;
    this.params = params;
  }
}

type CallParts = Pick<Call, "principal" | "rawBody" | "body" | "within">;

class RouteCall implements Call {
  readonly rms: Rms;
  readonly reads: Reads;
  keeping: Keeping | undefined;
  private readonly exchange: Exchange;
  private readonly parts: CallParts;

  constructor(rms: Rms, exchange: Exchange, parts: CallParts, reads: Reads = rms.store) {
    this.rms = rms;
    this.reads = reads;
    this.exchange = exchange;
    this.parts = parts;
  }

  get principal(): Principal {
    return this.parts.principal;
  }

  get params(): Call["params"] {
    return this.exchange.params;
  }

  get query(): URLSearchParams {
    return this.exchange.address.query;
  }

  get headers(): Call["headers"] {
    return this.exchange.incoming.headers;
  }

  get requestId(): string {
    return this.exchange.requestId;
  }

  get rawBody(): Buffer {
    return this.parts.rawBody;
  }

  get body(): unknown {
    return this.parts.body;
  }

  get closed(): AbortSignal {
    return this.exchange.incoming.closed;
  }

  precondition(reads: Reads): Promise<void> {
    return precondition(this.exchange.prepared, new RouteCall(this.rms, this.exchange, this.parts, reads));
  }

  async keep(tx: Transaction, answer: Answer): Promise<void> {
    await this.keeping?.keep(tx, answer);
  }

  within(inner: InnerCall): Promise<Answer> {
    return this.parts.within(inner);
  }
}

interface MethodCounters {
  readonly ms: Counter;
  readonly all: Counter;
  readonly by: Map<number, Counter>;
}

/** What is counted of a route's requests. */
class RouteCounters {
  private readonly rms: Rms;
  private readonly route: Route | undefined;
  private readonly methods = new Map<string, MethodCounters>();

  constructor(rms: Rms, route: Route | undefined) {
    this.rms = rms;
    this.route = route;
  }

  count(called: string, status: number, ms: number): void {
    const method = this.route === undefined ? "" : called;
    const counted = this.methods.get(method) ?? this.begin(method);
    const counter = counted.by.get(status) ?? this.beginStatus(method, counted, status);
    counter.value++;
    counted.all.value++;
    counted.ms.value += ms / 1000;
  }

  private begin(method: string): MethodCounters {
    const labels = { method, route: this.route?.path ?? "" };
    const counted = {
      ms: this.rms.metrics.counter("rms_request_seconds_sum", labels),
      all: this.rms.metrics.counter("rms_request_seconds_count", labels),
      by: new Map<number, Counter>(),
    };
    this.methods.set(method, counted);
    return counted;
  }

  private beginStatus(method: string, { by }: MethodCounters, status: number): Counter {
    const labels = { method, route: this.route?.path ?? "", status: String(status) };
    const counter = this.rms.metrics.counter("rms_requests_total", labels);
    by.set(status, counter);
    return counter;
  }
}

/**
 * `If-Match` on a change of one object, or an act such as its rollback: the tag must be the one that GET of the same address gives; what is
 * not there has `"0"`. `If-None-Match: *` makes it and changes nothing that is there.
 */
async function precondition({ reader }: PreparedRoute, call: Call): Promise<void> {
  const wanted = call.headers["if-match"];
  const fresh = call.headers["if-none-match"]?.trim() === "*";
  if (reader === undefined || (wanted === undefined && !fresh)) return;
  const tag = await tagOf(reader, call);
  if (fresh && tag !== undefined)
    throw new Problem(412, "exists", "The object is there", "If-None-Match allows only to make it; it is there already.");
  if (wanted !== undefined && !matchesTag(wanted, tag))
    throw new Problem(412, "stale", "The object has changed", "It is not what If-Match names; look again before changing it.");
}

/** The tag of the object that a route reads; undefined when it is not there. */
async function tagOf(reader: Route, call: Call): Promise<string | undefined> {
  try {
    return reader.tag === undefined ? tagged(await reader.handle(call), undefined).headers?.["ETag"] : await reader.tag(call);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  }
}

/** True when bytes of a body may still come; a request without one counts as complete only a moment after its headers. */
function hasUnreadBody(request: IncomingMessage): boolean {
  return !request.complete && announcesBody(request);
}

/** Bytes of a refused body that are read and thrown away, and milliseconds in which some of them must come. */
const maxDiscarded = 128 * mebibyte;
const discardIdleMs = 2000;

/**
 * Reads on for a client that sends a body which was refused before it was read: closing the connection with bytes on the way would
 * cut off the answer that says why.
 */
function discardBody(request: IncomingMessage): void {
  let left = maxDiscarded;
  const close = (): void => {
    request.socket.destroy();
  };
  const idle = setTimeout(close, discardIdleMs);
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    idle.refresh();
    if (left < 0) close();
  });
  for (const over of ["end", "close"]) request.once(over, () => clearTimeout(idle));
  request.resume();
}

/** True for what SQLite or the file system says when no space is left, also when a worker met it. */
function isDiskFull(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ENOSPC" || /ENOSPC|database or disk is full/.test(String(error));
}

/** Bytes that the body may have, by its type. */
function maxBodyOf({ maxBody = mebibyte, maxOther = maxBody, consumes = [] }: Route, { headers }: Incoming): number {
  const type = (headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
  return consumes.includes(type) ? maxOther : maxBody;
}

/** True when an `If-Match` names the tag; what is not there has `"0"`. */
function matchesTag(header: string, tag: string | undefined): boolean {
  return header.split(",").some((one) => (one.trim() === "*" ? tag !== undefined : one.trim() === (tag ?? '"0"')));
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

const nothing = Buffer.alloc(0);

const anonymous: Principal = { token: "", subject: "", domains: [], scopes: new Set() };
