// Roles, responsibilities and members → `data.rms`: the indexed layout that the rms.* library reads, and the freshness stamp.
import { byUtf8, type Json, toJson } from "./canonical-json.ts";

export interface Constraints {
  readonly max?: Readonly<Record<string, number>>;
  readonly min?: Readonly<Record<string, number>>;
  readonly in?: Readonly<Record<string, readonly unknown[]>>;
}

export interface Responsibility {
  readonly action: string;
  /** Exact, or `prefix/*` for everything below. */
  readonly resource: string;
  readonly constraints?: Constraints;
}

/** What somebody may do by a role, as questions about access are answered. */
export interface Access {
  readonly subject: string;
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly constraints?: unknown;
  /** RFC 3339; without an end where missing. */
  readonly validUntil?: string;
}

export interface Membership {
  readonly subject: string;
  /** Seconds since 1970; unbounded where missing. */
  readonly from?: number;
  readonly until?: number;
}

export interface RoleFacts {
  readonly id: string;
  readonly title?: string;
  readonly risk?: string;
  /** Roles whose responsibilities this one has as well. */
  readonly includes: readonly string[];
  readonly responsibilities: readonly Responsibility[];
  readonly members: readonly Membership[];
}

export interface DomainFacts {
  readonly domain: string;
  readonly roles: readonly RoleFacts[];
  readonly suspended: readonly string[];
  /** Whether `roles` names the members of each role; users are indexed by themselves in any case. */
  readonly includeMembers?: boolean;
  /** Source kind (`ldap`, `ad`, `mail`) → group → members; attributes per user. What no source gave is absent. */
  readonly directories?: Readonly<Record<string, { readonly groups: Readonly<Record<string, readonly string[]>> }>>;
  readonly attributes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Stamp {
  readonly asOf: number;
  readonly freshUntil: number;
  readonly snapshot: number;
  /** Of each source of people that was read: how old what it says is. */
  readonly sources?: Readonly<Record<string, SourceStamp>>;
}

/** Seconds since 1970; what a source must be there for makes all of the data as old as it is. */
export interface SourceStamp {
  readonly asOf: number;
  readonly freshUntil: number;
  readonly required: boolean;
}

/** The role and every role that it includes, each once; cycles end. */
export function includedRoles(id: string, roles: ReadonlyMap<string, RoleFacts>): readonly string[] {
  const found = new Set<string>();
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...(roles.get(next)?.includes ?? []));
  }
  return [...found].sort();
}

/** The document at `data.rms`. Times are whole seconds, since nanoseconds lose digits in JSON. */
export function rmsDocument(facts: DomainFacts, stamp: Stamp): Json {
  const byId = new Map(facts.roles.map((role) => [role.id, role]));
  const users = new Map<string, string[]>();
  const timed = new Map<string, Map<string, Json>>();
  const grants = new Map<string, Map<string, Map<string, Json>>>();
  const roles = new Map<string, Json>();
  // In the order of the roles, so that what a user holds is in their order, too.
  for (const role of [...facts.roles].sort((a, b) => byUtf8(a.id, b.id))) {
    const withIncluded = includedRoles(role.id, byId);
    const includes = withIncluded.filter((id) => id !== role.id && byId.has(id));
    roles.set(
      role.id,
      toJson({
        title: role.title ?? role.id,
        risk: role.risk,
        includes: includes.length === 0 ? undefined : includes,
        responsibilities: role.responsibilities,
        members: facts.includeMembers === true ? standingMembers(role, facts.suspended) : undefined,
      }),
    );
    const byAction = new Map<string, Map<string, Json>>();
    for (const included of withIncluded) {
      for (const one of byId.get(included)?.responsibilities ?? []) addGrant(byAction, one);
    }
    grants.set(role.id, byAction);
    for (const { subject, from, until } of role.members) {
      if (from === undefined && until === undefined) {
        const held = users.get(subject);
        if (held === undefined) users.set(subject, [role.id]);
        else if (held.at(-1) !== role.id) held.push(role.id);
      } else {
        const held = timed.get(subject) ?? new Map<string, Json>();
        timed.set(subject, held.set(role.id, toJson({ from_s: from, until_s: until })));
      }
    }
  }
  const data = new Map<string, Json>([
    ["users", users],
    ["timed", timed],
    ["grants", grants],
    ["suspended", new Map(facts.suspended.map((subject) => [subject, true]))],
    ["roles", roles],
    ...Object.entries(facts.directories ?? {}).map(
      ([kind, { groups }]) => [kind, new Map([["groups", foldedGroups(groups)]])] as const,
    ),
    ["attrs", new Map(Object.entries(facts.attributes ?? {}).map(([subject, said]) => [subject, toJson(said)]))],
  ]);
  return new Map<string, Json>([
    ["data", data],
    [
      "stamp",
      toJson({
        as_of_s: stamp.asOf,
        fresh_until_s: stamp.freshUntil,
        snapshot: stamp.snapshot,
        domain: facts.domain,
        sources: Object.fromEntries(Object.entries(stamp.sources ?? {}).map(([id, one]) => [id, sourceStamp(one)])),
      }),
    ],
  ]);
}

const sourceStamp = ({ asOf, freshUntil, required }: SourceStamp): unknown => ({
  as_of_s: asOf,
  fresh_until_s: freshUntil,
  required,
});

/** Who holds the role without an end and is not suspended: a list cannot say when a membership begins or ends. */
function standingMembers({ members }: RoleFacts, suspended: readonly string[]): readonly string[] {
  const out = new Set(suspended);
  const standing = members.filter(({ subject, from, until }) => from === undefined && until === undefined && !out.has(subject));
  return [...new Set(standing.map(({ subject }) => subject))].sort(byUtf8);
}

/** Groups under their folded names with `true` for each member: one lookup per question. Names that fold alike are one group. */
function foldedGroups(groups: Readonly<Record<string, readonly string[]>>): Json {
  const folded = new Map<string, Map<string, Json>>();
  for (const [name, members] of Object.entries(groups)) {
    const key = lower(name);
    const all = folded.get(key) ?? new Map<string, Json>();
    folded.set(key, all);
    for (const member of members) all.set(member, true);
  }
  return folded;
}

/** As OPA's `lower` does it, by which names of groups are compared: each code point by itself and to one code point. */
export function lower(text: string): string {
  return Array.from(text, (point) => Array.from(point.toLowerCase())[0] ?? point).join("");
}

/** Several grants of one action on one resource are alternatives; an unconstrained one makes the others pointless. */
function addGrant(byAction: Map<string, Map<string, Json>>, { action, resource, constraints }: Responsibility): void {
  const byResource = byAction.get(action) ?? new Map<string, Json>();
  byAction.set(action, byResource);
  const before = byResource.get(resource);
  if (before === true) return;
  if (constraints === undefined || Object.keys(constraints).length === 0) byResource.set(resource, true);
  else byResource.set(resource, [...((before as readonly Json[] | undefined) ?? []), toJson(constraints)]);
}

/** A fault names the path of what is wrong, `roles.clerk.titel`; for items of a list that of the list; empty for the document. */
export type ReadFacts = { readonly facts: DomainFacts } | { readonly fault: string; readonly at: string };

/** Reads the readable form, as in `roles.conf`: roles by id with responsibilities and members. Unknown names are faults. A document that names no domain is of the one given. */
export function readDomainFacts(value: unknown, domain?: string): ReadFacts {
  try {
    return { facts: factsOf(record(value, document), domain) };
  } catch (error) {
    if (error instanceof Shape) return { fault: `${error.what} ${error.message}`, at: error.at };
    throw error;
  }
}

class Shape extends Error {
  readonly what: string;
  /** Where it is written. */
  readonly at: string;
  constructor(what: string, why: string, at = what) {
    super(why);
    this.what = what;
    this.at = at === document ? "" : at;
  }
}

const document = "the document";

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Shape(what, "must be an object");
  return value as Readonly<Record<string, unknown>>;
}

function list(value: unknown, what: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Shape(what, "must be a list");
  return value;
}

function text(value: unknown, what: string): string {
  if (typeof value !== "string" || value === "") throw new Shape(what, "must be a text");
  return value;
}

function only(value: Readonly<Record<string, unknown>>, names: readonly string[], what: string): void {
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Shape(
      what,
      `has the unknown name ${JSON.stringify(unknown)}; known are ${names.join(", ")}`,
      what === document ? unknown : `${what}.${unknown}`,
    );
}

function factsOf(value: Readonly<Record<string, unknown>>, given: string | undefined): DomainFacts {
  only(value, ["domain", "roles", "suspended", "includeMembers", "directories", "attributes"], document);
  const domain = value["domain"] ?? given;
  if (domain === undefined) throw new Shape(document, "does not say whose roles these are: `domain = …` is missing");
  const includeMembers = value["includeMembers"];
  if (includeMembers !== undefined && typeof includeMembers !== "boolean")
    throw new Shape("includeMembers", "must be true or false");
  const roles = Object.entries(record(value["roles"] ?? {}, "roles")).map(([id, role]) =>
    roleOf(id, record(role, `roles.${id}`)),
  );
  const known = new Set(roles.map((role) => role.id));
  for (const role of roles) {
    const missing = role.includes.find((id) => !known.has(id));
    if (missing !== undefined)
      throw new Shape(`roles.${role.id}`, `includes the role ${missing}, which is not there`, `roles.${role.id}.includes`);
  }
  return {
    domain: text(domain, "domain"),
    roles,
    suspended: list(value["suspended"], "suspended").map((subject) => text(subject, "suspended")),
    ...(includeMembers === undefined ? {} : { includeMembers }),
    ...(value["directories"] === undefined
      ? {}
      : { directories: value["directories"] as NonNullable<DomainFacts["directories"]> }),
    ...(value["attributes"] === undefined ? {} : { attributes: value["attributes"] as NonNullable<DomainFacts["attributes"]> }),
  };
}

function roleOf(id: string, value: Readonly<Record<string, unknown>>): RoleFacts {
  const at = `roles.${id}`;
  only(value, ["title", "risk", "includes", "responsibilities", "members"], at);
  return {
    id,
    ...(value["title"] === undefined ? {} : { title: text(value["title"], `${at}.title`) }),
    ...(value["risk"] === undefined ? {} : { risk: text(value["risk"], `${at}.risk`) }),
    includes: list(value["includes"], `${at}.includes`).map((one) => text(one, `${at}.includes`)),
    responsibilities: list(value["responsibilities"], `${at}.responsibilities`).map((one) =>
      readResponsibility(one, `${at}.responsibilities`),
    ),
    members: list(value["members"], `${at}.members`).map((one) => membershipOf(one, `${at}.members`)),
  };
}

/** Reads one responsibility; throws a Shape fault that `readDomainFacts` turns into a value. */
function readResponsibility(value: unknown, what: string): Responsibility {
  const one = record(value, what);
  only(one, ["action", "resource", "constraints"], what);
  const base = { action: text(one["action"], `${what}.action`), resource: text(one["resource"], `${what}.resource`) };
  if (one["constraints"] === undefined) return base;
  const constraints = record(one["constraints"], `${what}.constraints`);
  only(constraints, ["max", "min", "in"], `${what}.constraints`);
  for (const bound of ["max", "min"] as const) {
    for (const [name, limit] of Object.entries(record(constraints[bound] ?? {}, `${what}.constraints.${bound}`))) {
      if (typeof limit !== "number") throw new Shape(`${what}.constraints.${bound}.${name}`, "must be a number", what);
    }
  }
  for (const [name, choices] of Object.entries(record(constraints["in"] ?? {}, `${what}.constraints.in`)))
    list(choices, `${what}.constraints.in.${name}`);
  return { ...base, constraints: constraints as Constraints };
}

/** A subject alone, or `{ subject, from, until }` with RFC 3339 times. */
function membershipOf(value: unknown, what: string): Membership {
  if (typeof value === "string") return { subject: value };
  const one = record(value, what);
  only(one, ["subject", "from", "until"], what);
  const seconds = (name: "from" | "until"): number | undefined => {
    if (one[name] === undefined) return undefined;
    const millis = Date.parse(text(one[name], `${what}.${name}`));
    if (Number.isNaN(millis)) throw new Shape(`${what}.${name}`, "must be a time such as 2026-03-02T12:00:00Z", what);
    return Math.floor(millis / 1000);
  };
  const from = seconds("from");
  const until = seconds("until");
  return {
    subject: text(one["subject"], `${what}.subject`),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}
