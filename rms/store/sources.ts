// Sources of people: their settings, what each says of whom, the memberships that follow from it, and its runs.
import type { Page } from "./page.ts";
import type { ReviewDecision } from "./reviews.ts";
import type { Recording } from "./roles.ts";

/** Whose groups policies ask for: `rms.ldap`, `rms.ad` or `rms.mail`. */
export type Directory = "ldap" | "ad" | "mail";

/** Where a field of a subject stands: a column, a JSON Pointer or an attribute of an entry. */
export type Field = string;

export interface GroupField {
  readonly from: Field;
  /** What parts several names in one text. */
  readonly split?: string;
  /** In each item of a list of objects: the JSON Pointer of the name. */
  readonly name?: string;
}

/** From rows of a source to subjects. */
export interface Mapping {
  readonly subject: Field;
  /** Values that say that somebody is there, or is suspended; with any other one the person has left. */
  readonly status?: { readonly from: Field; readonly active: readonly string[]; readonly suspended?: readonly string[] };
  readonly manager?: Field;
  readonly attributes?: Readonly<Record<string, Field>>;
  readonly groups?: GroupField;
  /** Ids of subjects and managers are folded: mail addresses often differ in nothing but case. */
  readonly lowercase?: boolean;
}

/** Who gets a role: members of a group, those with a value of an attribute, or everybody who is there. */
export interface RoleRule {
  readonly role: string;
  readonly group?: string;
  readonly attribute?: string;
  readonly is?: string;
}

export type Paging =
  | { readonly next: string }
  | { readonly cursor: string; readonly parameter: string }
  | { readonly parameter: string; readonly first?: number };

/** Where the groups of a directory are, with those in groups. */
export interface GroupSearch {
  readonly base?: string;
  readonly filter?: string;
  /** The attribute that policies know a group by; `dn` for the whole name. */
  readonly name?: string;
  /** Whether groups tell their members, or members their groups. */
  readonly by?: "member" | "memberOf";
}

/** OAuth 2.0 client credentials; `send` says where user and secret stand in the request: in its header unless given. */
export interface ClientCredentials {
  readonly url: string;
  readonly scope?: string;
  readonly audience?: string;
  readonly send?: "header" | "body";
}

export interface SourceSettings {
  readonly kind: "csv" | "rest" | "scim" | "ldap" | "ad";
  readonly title?: string;
  readonly file?: string;
  readonly url?: string;
  readonly separator?: string;
  /** JSON Pointer of the list in each page. */
  readonly rows?: string;
  readonly paging?: Paging;
  /** JSON Pointer of the number of all rows, which must have come. */
  readonly total?: string;
  /** Where a directory is searched, and for whom. */
  readonly base?: string;
  readonly filter?: string;
  readonly groupSearch?: GroupSearch;
  /** A reference that the operator allows: `env:NAME` or `file:PATH`. */
  readonly secret?: string;
  /** With the secret as password; without it the secret is a bearer token. */
  readonly user?: string;
  /** Where user and secret are exchanged for the token that the service is asked with. */
  readonly oauth?: ClientCredentials;
  readonly map: Mapping;
  readonly directory?: Directory;
  readonly rules?: readonly RoleRule[];
  /** Seconds between two syncs; only by hand where missing. */
  readonly every?: number;
  /** Times in UTC at which it syncs, in place of a pause. */
  readonly cron?: string;
  readonly thresholds?: { readonly percent?: number; readonly count?: number; readonly above?: number };
  /** The whole data of the domain are as old as this source's. */
  readonly required?: boolean;
  /** Seconds after a good read for which its data are fresh. */
  readonly maxAge?: number;
  /** Attributes whose change makes a mover, beside the manager. */
  readonly unit?: readonly string[];
  /** Seconds that a mover keeps what the old unit gave. */
  readonly grace?: number;
  /** Roles of movers are reviewed; what becomes of those that nobody decided about by the end of the grace. */
  readonly review?: ReviewDecision;
  /** What becomes of a subject that two good syncs did not see: the memberships of the source end, or it is suspended, too. */
  readonly absent?: "end" | "suspend";
}

export interface Source {
  readonly id: string;
  readonly settings: SourceSettings;
  /** Microseconds since 1970: from when it has these settings. */
  readonly at: number;
  /** Who gave them. */
  readonly actor: string;
}

export type SubjectStatus = "active" | "suspended" | "left";

/** What a source says of a subject. */
export interface SourcedSubject {
  readonly status: SubjectStatus;
  readonly manager?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** In their order, each once. */
  readonly groups: readonly string[];
  /** The last good sync did not see it. */
  readonly absent?: true;
}

/** A membership that a source wants; `withheld` while somebody ended it by hand. */
export interface Wish {
  readonly role: string;
  readonly subject: string;
  readonly withheld: boolean;
}

export type RunResult = "changed" | "unchanged" | "refused" | "failed";

export interface SourceRun {
  readonly number: number;
  /** Seconds since 1970: when reading began, and when the run ended. */
  readonly at: number;
  readonly ended: number;
  readonly result: RunResult;
  readonly actor: string;
  readonly reason: string;
  /** Why it was refused or failed. */
  readonly message: string;
  /** Of what was read; empty where reading failed. */
  readonly digest: string;
  /** Who wants a refused one forced, where a second person must want it too. */
  readonly consent: string | undefined;
  /** Counts, and what was too much. */
  readonly delta: unknown;
}

/** How old what a source says is. */
export interface Freshness {
  readonly asOf: number;
  readonly freshUntil: number;
  readonly required: boolean;
}

/** Seconds for which the data of a source are fresh unless it says otherwise: three tries, or a day where nothing comes by itself. */
export function maxAgeOf({ maxAge, every }: SourceSettings): number {
  return maxAge ?? (every === undefined ? 86_400 : Math.max(900, 3 * every));
}

export interface SourceReads {
  get(domain: string, id: string): Promise<Source | undefined>;
  /** In the order of their ids. */
  list(domain: string, page?: Page<string>): Promise<readonly Source[]>;
  /** Every source of every domain that has not ended. */
  all(): Promise<readonly (Source & { readonly domain: string })[]>;
  /** What the source says now, in the order of the subjects' bytes. */
  subjects(domain: string, source: string, page?: Page<string>): Promise<ReadonlyMap<string, SourcedSubject>>;
  /** What the domain's sources say of a subject, by source. */
  sayings(domain: string, subject: string): Promise<ReadonlyMap<string, SourcedSubject>>;
  /** Everybody of whom a source of the domain says that they have not left, with the manager; of two that differ the last by id counts. */
  people(domain: string): Promise<ReadonlyMap<string, string | undefined>>;
  /** What it wants, of one role unless all are asked for. */
  wishes(domain: string, source: string, role?: string): Promise<readonly Wish[]>;
  /** The roles in which there are memberships that the source made, or wants. */
  rolesOf(domain: string, source: string): Promise<readonly string[]>;
  /** Another source that wants a membership, and may. */
  otherWisher(domain: string, source: string, role: string, subject: string): Promise<string | undefined>;
  lastRun(domain: string, source: string): Promise<SourceRun | undefined>;
  /** The last run that took what it read. */
  lastGoodRun(domain: string, source: string): Promise<SourceRun | undefined>;
  /** How many of the last runs failed or were refused one after the other. */
  misses(domain: string, source: string): Promise<number>;
  /** The newest first. */
  runs(domain: string, source: string, page: Page<number>): Promise<readonly SourceRun[]>;
  /** Of each source that was ever read well, by its id; of a time in the past (seconds) what was known then. */
  freshness(domain: string, at?: number): Promise<Readonly<Record<string, Freshness>>>;
  /** What does not fit together in the tables, in words. */
  faults(): Promise<readonly string[]>;
}

export interface SourceWrites extends SourceReads {
  put(domain: string, id: string, settings: SourceSettings, by: Recording): Promise<void>;
  /** Ends the source, what it said and the memberships that it made; what it suspended stays so. Gives how many memberships ended. */
  end(domain: string, id: string, by: Recording): Promise<number>;
  /** Records what the source says from now on; undefined for a subject of which it says nothing more. */
  record(domain: string, source: string, changes: ReadonlyMap<string, SourcedSubject | undefined>, at: number): Promise<void>;
  wish(domain: string, source: string, wishes: readonly Pick<Wish, "role" | "subject">[]): Promise<void>;
  unwish(domain: string, source: string, wishes: readonly Pick<Wish, "role" | "subject">[]): Promise<void>;
  /** Gives the run the next number. */
  addRun(domain: string, source: string, run: Omit<SourceRun, "number">): Promise<SourceRun>;
  /** Forgets runs before that time (seconds) that changed nothing, but the last good one of each source and what came after it. */
  thinRuns(before: number): Promise<void>;
}
