// One look at a page: who looks, what the address and the form say, and what the API answers to that person.
import { may, type Principal, type Scope, seesDomain } from "../server/access.ts";
import type { Answer } from "../server/http/answer.ts";
import { Problem, type ProblemError } from "../server/http/problem.ts";
import { type Call, type InnerCall, param } from "../server/http/route.ts";
import { searchOf } from "./html.ts";
import type { Session } from "./sessions.ts";

export type Query = Readonly<Record<string, string | number | undefined>>;

/** An object with the tag that names this state of it. */
export interface Tagged<T> {
  readonly body: T;
  readonly tag: string;
}

interface Change {
  readonly body?: unknown;
  readonly query?: Query;
  /** What the object must still be. */
  readonly tag?: string | undefined;
}

export class Visit {
  /** Of the page, as routes have it. */
  readonly path: string;
  readonly who: Principal;
  readonly session: Session;
  /** What was sent; undefined for a page that is only looked at. */
  readonly form: URLSearchParams | undefined;
  /** Why what was sent could not be done. */
  readonly fault: Problem | undefined;
  private readonly call: Call;

  constructor(call: Call, path: string, session: Session, who: Principal, form?: URLSearchParams, fault?: Problem) {
    this.call = call;
    this.path = path;
    this.session = session;
    this.who = who;
    this.form = form;
    this.fault = fault;
  }

  /** The same page again, with what went wrong. */
  refused(fault: Problem): Visit {
    return new Visit(this.call, this.path, this.session, this.who, this.form, fault);
  }

  param(name: string): string {
    return param(this.call, name);
  }

  get now(): Date {
    return this.call.rms.now();
  }

  /** Of the address; undefined when it is empty. */
  query(name: string): string | undefined {
    return this.call.query.get(name) || undefined;
  }

  /** Of the form; undefined when it is empty. */
  given(name: string): string | undefined {
    return this.form?.get(name)?.trim() || undefined;
  }

  may(scope: Scope, domain?: string): boolean {
    return may(this.who, scope) && (domain === undefined || seesDomain(this.who, domain));
  }

  async read<T>(parts: readonly string[], query?: Query): Promise<T> {
    return (await this.tagged<T>(parts, query)).body;
  }

  async tagged<T>(parts: readonly string[], query: Query = {}): Promise<Tagged<T>> {
    const { body, headers } = await this.ask({ method: "GET", target: targetOf(parts, query), headers: {} });
    return { body: body as T, tag: headers?.["ETag"] ?? "" };
  }

  /** Undefined for what is not there. */
  async find<T>(parts: readonly string[], query?: Query): Promise<T | undefined> {
    try {
      return await this.read<T>(parts, query);
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return undefined;
      throw error;
    }
  }

  /** A text that is no JSON. */
  async text(parts: readonly string[]): Promise<string> {
    const { body } = await this.ask({ method: "GET", target: targetOf(parts, {}), headers: {} });
    return body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
  }

  /** Does something; the same form sent twice does it once. */
  async change<T>(method: "POST" | "PUT" | "DELETE", parts: readonly string[], { body, query = {}, tag }: Change): Promise<T> {
    const once = this.form?.get("once") ?? "";
    const headers = {
      ...(tag === undefined ? {} : { "if-match": tag }),
      ...(method === "POST" && once !== "" ? { "idempotency-key": once } : {}),
    };
    return (await this.ask({ method, target: targetOf(parts, query), headers, body })).body as T;
  }

  /** Asks what an address alone cannot hold; nothing changes, and nothing is kept. */
  async question<T>(parts: readonly string[], body: unknown): Promise<T> {
    return (await this.ask({ method: "POST", target: targetOf(parts, {}), headers: {}, body })).body as T;
  }

  private async ask({ headers, ...call }: InnerCall): Promise<Answer> {
    const answer = await this.call.within({ ...call, headers: { ...headers, authorization: `Bearer ${this.session.bearer}` } });
    if (answer.status >= 400) throw problemOf(answer);
    return answer;
  }
}

function targetOf(parts: readonly string[], query: Query): string {
  const path = ["/api/v1", ...parts.map(encodeURIComponent)].join("/");
  const search = searchOf(query);
  return search === "" ? path : `${path}?${search}`;
}

function problemOf({ status, body }: Answer): Problem {
  const { type, title, detail, errors } = body as {
    readonly type: string;
    readonly title: string;
    readonly detail: string;
    readonly errors?: readonly ProblemError[];
  };
  return new Problem(status, type.replace("urn:rms:", ""), title, detail, errors === undefined ? {} : { errors });
}
