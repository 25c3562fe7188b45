// The role service's facts: roles, memberships, suspensions. Bitemporal: a change ends what was recorded and records anew.
import type { DomainFacts, Membership, RoleFacts } from "#bundles/rms-data.ts";
import type { Snapshot } from "./domains.ts";
import type { Page } from "./page.ts";

export interface Role extends Omit<RoleFacts, "members"> {
  /** Who answers for the role. */
  readonly owner?: string;
}

export interface Member {
  readonly subject: string;
  /** Seconds since 1970; a membership holds from `from` up to, not at, `until`. */
  readonly from: number | undefined;
  readonly until: number | undefined;
  /** The source that made it; by hand where missing. */
  readonly origin?: string | undefined;
}

/** Who records a fact, why, and when (microseconds since 1970). */
export interface Recording {
  readonly at: number;
  readonly actor: string;
  readonly reason: string;
}

/** A recorded fact of the past or present; `recordedTo` is undefined while it stands. Microseconds since 1970. */
export interface Recorded<Fact> {
  readonly fact: Fact;
  readonly recordedFrom: number;
  readonly recordedTo: number | undefined;
  readonly actor: string;
  readonly reason: string;
}

/**
 * A time that is asked about, and the time whose knowledge answers (microseconds since 1970). A membership without a beginning counts from when
 * it was recorded, and one that was ended or replaced counts until then; one that was recorded with a beginning in the past corrects
 * what was known from that beginning on.
 */
export interface Moment {
  readonly at: number;
  readonly knownAt: number;
}

/** A membership to be made, or one to be ended. */
export interface MemberChange {
  readonly subject: string;
  readonly member: Pick<Member, "from" | "until" | "origin"> | undefined;
  readonly reason: string;
}

export interface RoleReads {
  get(domain: string, id: string): Promise<Role | undefined>;
  /** In the order of their ids. */
  list(domain: string, page?: Page<string>): Promise<readonly Role[]>;
  memberCount(domain: string, role: string): Promise<number>;
  member(domain: string, role: string, subject: string): Promise<Member | undefined>;
  /** Those of the subjects that are members, by subject. */
  membersNamed(domain: string, role: string, subjects: readonly string[]): Promise<ReadonlyMap<string, Member>>;
  /** In the order of the subjects' bytes. */
  members(domain: string, role: string, page?: Page<string>): Promise<readonly Member[]>;
  /** Since when each membership of a role is recorded as it is (microseconds since 1970), by subject. */
  recordedSince(domain: string, role: string): Promise<ReadonlyMap<string, number>>;
  /** The roles that a subject is recorded in, with the bounds of each. */
  heldBy(domain: string, subject: string): Promise<readonly (Member & { readonly role: string })[]>;
  /** Every membership ever recorded of a subject, newest first. */
  historyOf(domain: string, subject: string): Promise<readonly Recorded<Member & { readonly role: string }>[]>;
  /** Everybody with a membership, ever, or a suspension, or whom a source tells of; `q` is in their id, in either case of its letters. */
  subjects(domain: string, page: Page<string> & { readonly q?: string | undefined }): Promise<readonly string[]>;
  /** Those that a source suspended. */
  suspendedBySources(domain: string): Promise<ReadonlySet<string>>;
  /** In the order of the subjects' bytes. */
  suspended(domain: string): Promise<readonly string[]>;
  isSuspended(domain: string, subject: string): Promise<boolean>;
  /** Everything that a build needs, of one moment: the facts and the snapshot that they are. */
  facts(domain: string): Promise<{ readonly snapshot: number; readonly facts: DomainFacts }>;
  /** The facts that a snapshot had. */
  factsOf(domain: string, snapshot: Snapshot): Promise<DomainFacts>;
  /** What held at another time, as it was known at one: roles and suspensions as recorded then, memberships as `Moment` says. */
  factsAt(domain: string, moment: Moment): Promise<DomainFacts>;
  /** The roles and suspensions of that, without members. */
  rolesAt(domain: string, moment: Moment): Promise<DomainFacts>;
  /** The memberships of that: of one subject, or of some roles. */
  membersAt(
    domain: string,
    moment: Moment,
    only: { readonly subject: string } | { readonly roles: readonly string[] },
  ): Promise<readonly (Membership & { readonly role: string })[]>;
}

export interface RoleWrites extends RoleReads {
  put(domain: string, role: Role, by: Recording): Promise<void>;
  /** Ends the role and its memberships. */
  end(domain: string, id: string, by: Recording): Promise<void>;
  putMember(domain: string, role: string, member: Member, by: Recording): Promise<void>;
  endMember(domain: string, role: string, subject: string, by: Recording): Promise<void>;
  /** Many of both at once; no subject comes twice. What ends by hand, a source does not make again; `bySource` does what a source wants. */
  changeMembers(
    domain: string,
    role: string,
    changes: readonly MemberChange[],
    by: Pick<Recording, "at" | "actor">,
    bySource?: boolean,
  ): Promise<void>;
  /** Does nothing for one who is; `origin` is the source that says so. */
  suspend(domain: string, subject: string, by: Recording, origin?: string): Promise<void>;
  restore(domain: string, subject: string, by: Recording): Promise<void>;
}
