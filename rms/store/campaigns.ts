// Campaigns: memberships that are certified again, who looks at each, what was decided, and when it was signed.
import type { ReviewDecision } from "./reviews.ts";

/** Who looks at a membership: the subject's manager, who answers for the role, or one person for all. */
export type ReviewerRule = "manager" | "owner" | "named";

/** Which memberships a campaign is about; each part that is given narrows it. */
export interface CampaignScope {
  readonly roles?: readonly string[];
  readonly risks?: readonly string[];
  /** Of subjects who have this manager. */
  readonly manager?: string;
  readonly subject?: string;
  /** Only memberships that stand since before this time, in seconds since 1970. */
  readonly before?: number;
  /** Only of subjects that no source of people knows. */
  readonly orphans?: boolean;
}

/** Times are seconds since 1970. */
export interface NewCampaign {
  readonly title: string;
  readonly scope: CampaignScope;
  readonly reviewers: ReviewerRule;
  /** Who looks where the rule names nobody, or the subject itself; with `named` the one person. */
  readonly fallback: string;
  readonly at: number;
  readonly openedBy: string;
  readonly due: number;
  /** What becomes of memberships that nobody decided about in time. */
  readonly undecided: ReviewDecision;
}

/** What a signed campaign came to; `digest` is of all of its decisions. */
export interface Signed {
  readonly at: number;
  readonly actor: string;
  readonly digest: string;
}

export interface CampaignCounts {
  readonly items: number;
  readonly keep: number;
  readonly end: number;
  readonly undecided: number;
  /** Memberships that are no more, by other hands. */
  readonly gone: number;
}

export interface Campaign extends NewCampaign {
  readonly number: number;
  readonly signed: Signed | undefined;
  readonly counts: CampaignCounts;
}

/** Names a membership. */
export interface MembershipKey {
  readonly role: string;
  readonly subject: string;
}

/** Microseconds since 1970. */
export interface CampaignDecision {
  readonly decision: ReviewDecision;
  readonly actor: string;
  readonly reason: string;
  readonly at: number;
}

export interface CampaignItem extends MembershipKey {
  /** Undefined where only those who answer for the domain can decide: everybody else would decide about themselves. */
  readonly reviewer: string | undefined;
  /** The membership by now, or of a signed campaign as it was decided about: since when it is recorded (microseconds), by whom and why, its bounds (seconds) and its source. */
  readonly member:
    | {
        readonly since: number;
        readonly by: string;
        readonly reason: string;
        readonly from: number | undefined;
        readonly until: number | undefined;
        readonly origin: string | undefined;
      }
    | undefined;
  /** Undefined also where the membership was made anew since: it is to be looked at again. */
  readonly decided: CampaignDecision | undefined;
}

export type ItemState = "undecided" | "keep" | "end" | "gone";

export interface ItemFilter {
  readonly reviewer?: string | undefined;
  readonly state?: ItemState | undefined;
  readonly after?: MembershipKey | undefined;
  readonly limit: number;
}

export interface CampaignReads {
  get(domain: string, number: number): Promise<Campaign | undefined>;
  /** The newest first. */
  list(domain: string, page: { readonly after?: number | undefined; readonly limit: number }): Promise<readonly Campaign[]>;
  /** In the order of roles and subjects. */
  items(domain: string, number: number, filter: ItemFilter): Promise<readonly CampaignItem[]>;
  /** Those of the memberships that are in the campaign. */
  itemsNamed(domain: string, number: number, keys: readonly MembershipKey[]): Promise<readonly CampaignItem[]>;
  /** How many of a domain are not signed. */
  unsigned(domain: string): Promise<number>;
  /** Campaigns of every domain that are not signed, due by then, whose undecided memberships end. */
  overdue(now: number): Promise<readonly { readonly domain: string; readonly number: number }[]>;
}

export interface CampaignWrites extends CampaignReads {
  /** Gives the campaign the next number. */
  open(domain: string, campaign: NewCampaign): Promise<number>;
  add(
    domain: string,
    number: number,
    items: readonly (MembershipKey & { readonly reviewer: string | undefined })[],
  ): Promise<void>;
  /** Until it is signed a decision may be made again. */
  decide(domain: string, number: number, keys: readonly MembershipKey[], decision: CampaignDecision): Promise<void>;
  assign(domain: string, number: number, keys: readonly MembershipKey[], reviewer: string): Promise<void>;
  sign(domain: string, number: number, signed: Signed): Promise<void>;
}
