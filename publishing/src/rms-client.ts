// The typed client of RMS's API over a fetch port. Every failure is a value with one sentence for the author.
import type { Access, RoleFacts } from "#bundles/rms-data.ts";
import { CampaignRequests } from "./campaign-requests.ts";
import { HookRequests } from "./hook-requests.ts";
import { type ImpactRequest, type ImpactVerdict, impactBody, type KnownImpact, type VersionImpact } from "./known-impact.ts";
import type { KnownReview } from "./known-reviews.ts";
import type { KnownRun, KnownSource, SourceSync, SourceTest } from "./known-sources.ts";
import type { Failure, Reply, ServerProblem } from "./reply.ts";
import type { Sender } from "./sender.ts";

export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly signal?: AbortSignal;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

export interface RmsTarget {
  /** `https://rms.example`, without a path. */
  readonly url: string;
  /** Used for requests only; never kept or shown. */
  readonly token: string;
}

export interface Channel {
  readonly channel: string;
  readonly version: string;
  readonly seq: number;
  readonly revision: string;
  /** Its last moves, the newest first. */
  readonly history?: readonly Move[];
}

/** One move of a channel. */
export interface Move {
  readonly seq: number;
  readonly version: string;
  /** RFC 3339. */
  readonly at: string;
  readonly actor: string;
  readonly reason: string;
}

/** A question to a channel or to a version; the input as JSON, or as HOCON text that may include the domain's includes. */
export interface Question {
  readonly channel?: string | undefined;
  readonly version?: string | undefined;
  readonly entrypoint?: string | undefined;
  /** JSON text, sent as it is written: its numbers may have more digits than JavaScript keeps. */
  readonly input?: string | undefined;
  readonly hocon?: string | undefined;
  readonly explain?: "notes" | "fails" | "full" | undefined;
  /** RFC 3339: another time, as it was known at one. */
  readonly at?: string | undefined;
  readonly knownAt?: string | undefined;
}

export interface Answered {
  /** Not there when the decision is undefined. */
  readonly result?: unknown;
  readonly revision: string;
  readonly snapshot: number;
  readonly fresh: boolean;
  /** Lines as those of `opa eval --explain`. */
  readonly explanation?: readonly string[];
}

/** Who can do something, or what somebody can. */
export interface AccessQuestion {
  /** RFC 3339: another time, as it was known at one. */
  readonly at?: string | undefined;
  readonly knownAt?: string | undefined;
  readonly subject?: string | undefined;
  readonly action?: string | undefined;
  readonly resource?: string | undefined;
}

/** A role as RMS lists it. */
export interface KnownRole extends Omit<RoleFacts, "members"> {
  readonly owner?: string;
  readonly memberCount: number;
}

/** A membership as RMS lists it; times as RFC 3339 writes them. */
export interface KnownMember {
  readonly subject: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
  /** The source that made it; by hand where missing. */
  readonly source?: string;
}

/** What is sent of a version. */
export interface NewVersion {
  readonly version: string;
  /** Text by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly message: string;
}

export interface PublishedVersion {
  readonly version: string;
  readonly digest: string;
  readonly state: "published" | "awaiting_approval" | "rejected" | "withdrawn";
  /** Of an answer to a publish. */
  readonly gates?: readonly { readonly gate: string; readonly ok: boolean; readonly diagnostics: readonly ServerProblem[] }[];
}

/** A version as RMS lists it. */
export interface KnownVersion extends PublishedVersion {
  readonly author: string;
  /** RFC 3339. */
  readonly at: string;
  readonly message: string;
  /** Of one that waits for more. */
  readonly approvedBy?: readonly string[];
  /** Where the policy has the gate impact. */
  readonly impact?: ImpactVerdict;
}

/** What becomes of a version after its publish. */
export type VersionAct = "approve" | "reject" | "withdraw";

/** Who changed what, when and why. */
export interface AuditEvent {
  readonly seq: number;
  /** RFC 3339. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly domain: string;
  readonly object: string;
  readonly reason: string;
}

/** What an event must be to be told; times as RFC 3339 writes them. */
export interface AuditFilter {
  readonly domain?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly object?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface Activation {
  readonly instance: string;
  readonly bundle: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly opaVersion: string;
  readonly activatedAt: string;
  readonly lastSeen: string;
  readonly revision: string;
  readonly state: "active" | "lagging" | "failed" | "gone";
  readonly error?: string;
}

/** Those that may run what a channel serves: its own, and those that do not say which is theirs. */
export function onChannel(items: readonly Activation[], channel: string | undefined): readonly Activation[] {
  return items.filter(({ labels: { channel: own } }) => channel === undefined || own === undefined || own === channel);
}

/** How far a channel's present build has come among its sidecars. */
export interface Rollout {
  readonly channel: string;
  readonly revision: string;
  readonly state: "rolling" | "active" | "failed" | "idle";
  /** RFC 3339: from when the channel serves it. */
  readonly since: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly p50Seconds?: number;
  readonly p95Seconds?: number;
}

/** Why nobody runs what a channel serves. */
export function noneRuns(items: readonly Activation[], channel: string | undefined): string {
  const of = channel === undefined ? "" : ` of ${channel}`;
  const gone = onChannel(items, channel).filter(({ state }) => state === "gone").length;
  if (gone === 0) return `no sidecar${of} has reported yet`;
  return `no sidecar${of} reports any more: ${gone === 1 ? "1 is" : `${gone} are`} gone`;
}

export interface Activations {
  readonly items: readonly Activation[];
  readonly counts: Readonly<Record<string, number>>;
  readonly channels: readonly Rollout[];
}

export class RmsClient {
  private readonly target: RmsTarget;
  private readonly fetch: Fetch;
  private readonly sender: Sender = {
    send: (method, path, body) => this.send(method, path, body),
    list: (path, filter, most) => this.list(path, filter, most),
  };
  readonly campaigns = new CampaignRequests(this.sender);
  readonly hooks = new HookRequests(this.sender);

  constructor(target: RmsTarget, fetch: Fetch) {
    this.target = target;
    this.fetch = fetch;
  }

  createDomain(id: string, package_: string): Promise<Reply<unknown>> {
    return this.send("POST", "/domains", { id, package: package_ });
  }

  createPolicy(domain: string, id: string, entrypoints: readonly string[]): Promise<Reply<unknown>> {
    return this.send("POST", `/domains/${encodeURIComponent(domain)}/policies`, { id, entrypoints });
  }

  /** Fails where it is not there, or the token may not see it. */
  knownPolicy(domain: string, policy: string): Promise<Reply<{ readonly entrypoints?: readonly string[] }>> {
    return this.send("GET", this.policy(domain, policy));
  }

  domain(domain: string): Promise<Reply<{ readonly id: string; readonly package: string }>> {
    return this.send("GET", `/domains/${encodeURIComponent(domain)}`);
  }

  versions(domain: string, policy: string): Promise<Reply<{ readonly items: readonly KnownVersion[] }>> {
    return this.list(`${this.policy(domain, policy)}/versions`);
  }

  /** With the digest of who gains and loses that was looked at, an approval is of just these. */
  actOnVersion(
    domain: string,
    policy: string,
    version: string,
    act: VersionAct,
    { reason, impact }: { readonly reason: string; readonly impact?: string | undefined },
  ): Promise<Reply<KnownVersion>> {
    const body = { reason, ...(impact === undefined ? {} : { impact }) };
    return this.send("POST", `${this.policy(domain, policy)}/versions/${encodeURIComponent(version)}/${act}`, body);
  }

  /** Against what the channel serves now; that of the gate unless given. */
  versionImpact(domain: string, policy: string, version: string, channel?: string): Promise<Reply<VersionImpact>> {
    const path = `${this.policy(domain, policy)}/versions/${encodeURIComponent(version)}/impact`;
    return this.send("GET", `${path}${queryOf({ channel })}`);
  }

  files(
    domain: string,
    policy: string,
    version: string,
  ): Promise<Reply<{ readonly items: readonly { readonly path: string }[] }>> {
    return this.list(`${this.policy(domain, policy)}/versions/${encodeURIComponent(version)}/files`);
  }

  file(domain: string, policy: string, version: string, path: string): Promise<Reply<string>> {
    const name = path.split("/").map(encodeURIComponent).join("/");
    return this.send(
      "GET",
      `${this.policy(domain, policy)}/versions/${encodeURIComponent(version)}/files/${name}`,
      undefined,
      {},
      (text) => text,
    );
  }

  /** With `dryRun` what a publish would come to: nothing is kept. */
  publish(
    domain: string,
    policy: string,
    version: NewVersion,
    { signal, dryRun = false }: { readonly signal?: AbortSignal | undefined; readonly dryRun?: boolean } = {},
  ): Promise<Reply<PublishedVersion>> {
    const path = `${this.policy(domain, policy)}/versions${dryRun ? "?dryRun=true" : ""}`;
    return this.send("POST", path, version, {}, undefined, signal);
  }

  /** Who gains and who loses against what a channel serves. */
  impact(domain: string, policy: string, question: ImpactRequest): Promise<Reply<KnownImpact>> {
    return this.send("POST", `${this.policy(domain, policy)}/impact`, impactBody(question));
  }

  channels(domain: string, policy: string): Promise<Reply<{ readonly items: readonly Channel[] }>> {
    return this.list(`${this.policy(domain, policy)}/channels`);
  }

  channel(domain: string, policy: string, channel: string): Promise<Reply<Channel>> {
    return this.send("GET", `${this.policy(domain, policy)}/channels/${encodeURIComponent(channel)}`);
  }

  /** Moves a channel; `seq` is the sequence number that the author saw, so that two authors cannot overwrite each other. */
  moveChannel(
    domain: string,
    policy: string,
    channel: string,
    version: string,
    reason: string,
    seq: number,
  ): Promise<Reply<Channel>> {
    return this.send(
      "PUT",
      `${this.policy(domain, policy)}/channels/${encodeURIComponent(channel)}`,
      { version, reason },
      { "if-match": `"${seq}"` },
    );
  }

  /** To the last different version, or to that of a sequence number; with `seq` only from the move that the author saw. */
  rollback(
    domain: string,
    policy: string,
    channel: string,
    reason: string,
    options: { readonly toSeq?: number | undefined; readonly withData?: boolean; readonly seq?: number } = {},
  ): Promise<Reply<Channel>> {
    const path = `${this.policy(domain, policy)}/channels/${encodeURIComponent(channel)}/rollback`;
    const { toSeq, withData = false, seq } = options;
    const body = { reason, ...(toSeq === undefined ? {} : { toSeq }), ...(withData ? { withData } : {}) };
    return this.send("POST", path, body, seq === undefined ? {} : { "if-match": `"${seq}"` });
  }

  activations(
    domain: string,
    policy: string,
    filter: {
      readonly channel?: string | undefined;
      readonly revision?: string | undefined;
      readonly state?: string | undefined;
    } = {},
  ): Promise<Reply<Activations>> {
    return this.list(`${this.policy(domain, policy)}/activations`, filter);
  }

  decide(domain: string, policy: string, { input, ...question }: Question): Promise<Reply<Answered>> {
    const text = JSON.stringify(question);
    const body = input === undefined ? text : `${text.slice(0, -1)}${text === "{}" ? "" : ","}"input":${input}}`;
    return this.send("POST", `${this.policy(domain, policy)}/decide`, body);
  }

  access(domain: string, question: AccessQuestion): Promise<Reply<{ readonly items: readonly Access[] }>> {
    return this.list("/access", { domain, ...question });
  }

  putRole(domain: string, role: string, body: unknown): Promise<Reply<unknown>> {
    return this.send("PUT", `/domains/${encodeURIComponent(domain)}/roles/${encodeURIComponent(role)}`, body);
  }

  putMember(domain: string, role: string, subject: string, body: unknown): Promise<Reply<unknown>> {
    return this.send(
      "PUT",
      `/domains/${encodeURIComponent(domain)}/roles/${encodeURIComponent(role)}/members/${encodeURIComponent(subject)}`,
      body,
    );
  }

  roles(domain: string): Promise<Reply<{ readonly items: readonly KnownRole[] }>> {
    return this.list(`/domains/${encodeURIComponent(domain)}/roles`);
  }

  members(domain: string, role: string): Promise<Reply<{ readonly items: readonly KnownMember[] }>> {
    return this.list(`/domains/${encodeURIComponent(domain)}/roles/${encodeURIComponent(role)}/members`);
  }

  deleteRole(domain: string, role: string, reason: string): Promise<Reply<unknown>> {
    return this.send("DELETE", `/domains/${encodeURIComponent(domain)}/roles/${encodeURIComponent(role)}${queryOf({ reason })}`);
  }

  deleteMember(domain: string, role: string, subject: string, reason: string): Promise<Reply<unknown>> {
    const path = `/domains/${encodeURIComponent(domain)}/roles/${encodeURIComponent(role)}/members/${encodeURIComponent(subject)}`;
    return this.send("DELETE", `${path}${queryOf({ reason })}`);
  }

  subject(domain: string, subject: string): Promise<Reply<{ readonly suspended: boolean }>> {
    return this.send("GET", `/domains/${encodeURIComponent(domain)}/subjects/${encodeURIComponent(subject)}`);
  }

  suspend(domain: string, subject: string, reason: string): Promise<Reply<unknown>> {
    return this.send("POST", `/domains/${encodeURIComponent(domain)}/subjects/${encodeURIComponent(subject)}/suspend`, {
      reason,
    });
  }

  sources(domain: string): Promise<Reply<{ readonly items: readonly KnownSource[] }>> {
    return this.list(`/domains/${encodeURIComponent(domain)}/sources`);
  }

  source(domain: string, id: string): Promise<Reply<KnownSource>> {
    return this.send("GET", sourcePath(domain, id));
  }

  putSource(domain: string, id: string, body: unknown, dryRun = false): Promise<Reply<KnownSource>> {
    return this.send("PUT", `${sourcePath(domain, id)}${queryOf({ dryRun: dryRun ? "true" : undefined })}`, body);
  }

  /** What a sync would do, with the settings that RMS has or with others. */
  testSource(domain: string, id: string, source?: unknown): Promise<Reply<SourceTest>> {
    return this.send("POST", `${sourcePath(domain, id)}/test`, source === undefined ? {} : { source });
  }

  syncSource(domain: string, id: string, body: { readonly force: boolean; readonly reason: string }): Promise<Reply<SourceSync>> {
    return this.send("POST", `${sourcePath(domain, id)}/sync`, body);
  }

  /** The newest first, at most so many. */
  sourceRuns(domain: string, id: string, most: number): Promise<Reply<{ readonly items: readonly KnownRun[] }>> {
    return this.list(`${sourcePath(domain, id)}/runs`, {}, most);
  }

  /** The newest first, at most so many. */
  reviews(
    domain: string,
    filter: { readonly state: string | undefined; readonly subject: string | undefined },
    most: number,
  ): Promise<Reply<{ readonly items: readonly KnownReview[] }>> {
    return this.list(reviewPath(domain), filter, most);
  }

  review(domain: string, id: string): Promise<Reply<KnownReview>> {
    return this.send("GET", reviewPath(domain, id));
  }

  decideReview(
    domain: string,
    id: string,
    body: { readonly role: string; readonly decision: "keep" | "end"; readonly reason: string },
    dryRun = false,
  ): Promise<Reply<KnownReview>> {
    return this.send("POST", `${reviewPath(domain, id)}/decide${queryOf({ dryRun: dryRun ? "true" : undefined })}`, body);
  }

  /** A dry run tells how many memberships would end. */
  deleteSource(
    domain: string,
    id: string,
    reason: string,
    dryRun = false,
  ): Promise<Reply<{ readonly diff?: { readonly before: { readonly memberships: number } } } | undefined>> {
    return this.send("DELETE", `${sourcePath(domain, id)}${queryOf({ reason, dryRun: dryRun ? "true" : undefined })}`);
  }

  /** The newest first, at most so many; `next` is there where there are more. */
  audit(filter: AuditFilter, most: number): Promise<Reply<{ readonly items: readonly AuditEvent[]; readonly next?: string }>> {
    return this.list("/audit", { ...filter }, most);
  }

  /** The pages of a list as one, until it has at least `most`. */
  private async list<T extends { readonly items: readonly unknown[] }>(
    path: string,
    filter: Readonly<Record<string, string | undefined>> = {},
    most = Number.POSITIVE_INFINITY,
  ): Promise<Reply<T>> {
    const items: unknown[] = [];
    for (let cursor: string | undefined; ; ) {
      const page: Reply<T & { readonly next?: string }> = await this.send(
        "GET",
        `${path}${queryOf({ ...filter, limit: String(Math.min(200, most - items.length)), cursor })}`,
      );
      if (!page.ok) return page;
      items.push(...page.value.items);
      cursor = page.value.next;
      if (cursor === undefined || items.length >= most) return { ...page, value: { ...page.value, items } };
    }
  }

  private policy(domain: string, policy: string): string {
    return `/domains/${encodeURIComponent(domain)}/policies/${encodeURIComponent(policy)}`;
  }

  /** A body that is a string is JSON already. */
  private async send<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
    read: (text: string) => unknown = (text) => (text === "" ? undefined : JSON.parse(text)),
    signal?: AbortSignal,
  ): Promise<Reply<T>> {
    const url = `${this.target.url.replace(/\/+$/, "")}/api/v1${path}`;
    // What cannot stand in a header would be told by the system, with the token in its words.
    if (!/^[\u0021-\u007e]+$/u.test(this.target.token)) return { ok: false, failure: noToken };
    try {
      const answer = await this.fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${this.target.token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
      const text = await answer.text();
      if (answer.status >= 400) return { ok: false, failure: this.failure(answer.status, text) };
      const value = readable(() => read(text));
      if (value === undefined) return { ok: false, failure: this.stranger(answer.status) };
      return { ok: true, status: answer.status, value: value.read as T, tag: answer.headers.get("etag") ?? undefined };
    } catch (error) {
      if (signal?.aborted === true)
        return { ok: false, failure: { status: 0, message: "cancelled; nothing was published", errors: [] } };
      return {
        ok: false,
        failure: {
          status: 0,
          message: `RMS does not answer at ${this.target.url} (${reasonOf(error)}): is it running, and is the address right?`,
          errors: [],
        },
      };
    }
  }

  private failure(status: number, text: string): Failure {
    const problem =
      readable(() => JSON.parse(text) as { detail?: unknown; errors?: readonly ServerProblem[] } | null)?.read ?? {};
    const errors = Array.isArray(problem.errors) ? problem.errors : [];
    if (status === 401)
      return {
        status,
        message: `RMS at ${this.target.url} does not know this token: sign in again, or check that it has not expired`,
        errors,
      };
    if (typeof problem.detail === "string") return { status, message: problem.detail, errors };
    if (status < 500) return this.stranger(status);
    const message = `RMS at ${this.target.url}, or what stands before it, has a fault of its own (status ${status}): try again; its log says why`;
    return { status, message, errors };
  }

  /** An answer that RMS does not give comes from something else. */
  private stranger(status: number): Failure {
    const message = `what answers at ${this.target.url} (status ${status}) does not look like RMS: is the address right?`;
    return { status, message, errors: [] };
  }
}

const noToken: Failure = {
  status: 401,
  message: "what is given as a token is none: a token is one word of ASCII letters, digits and signs",
  errors: [],
};

function readable<T>(read: () => T): { readonly read: T } | undefined {
  try {
    return { read: read() };
  } catch {
    return undefined;
  }
}

const reviewPath = (domain: string, id?: string): string =>
  `/domains/${encodeURIComponent(domain)}/reviews${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;

const sourcePath = (domain: string, id: string): string =>
  `/domains/${encodeURIComponent(domain)}/sources/${encodeURIComponent(id)}`;

/** `?a=b` of what is there. */
function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "no answer for a long time";
  const cause = (error as { cause?: { code?: unknown } }).cause?.code;
  return typeof cause === "string" ? cause : error instanceof Error ? error.message : String(error);
}
