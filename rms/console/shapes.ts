// What the API answers, as far as pages show it; the API's document has the whole of each.

import type { AffectedPeople, Impact } from "../impact/impact.ts";

export interface DomainItem {
  readonly id: string;
  readonly title: string;
  readonly package: string;
  readonly owners: readonly string[];
  readonly maxDataAge: number;
  readonly state: string;
  readonly snapshot: number;
}

/** How many people may gain or lose by a version without an approval. */
export interface ImpactGate {
  readonly channel: string;
  readonly otherwise?: string;
  readonly gain?: PeopleBound;
  readonly lose?: PeopleBound;
  readonly changed?: PeopleBound;
  readonly never?: readonly string[];
  readonly refusals?: readonly string[];
}

export interface PeopleBound {
  readonly people?: number;
  readonly percent?: number;
}

export interface PolicyItem {
  readonly id: string;
  readonly entrypoints: readonly string[];
  readonly gates: {
    readonly coverage?: number;
    readonly builtins?: readonly string[];
    readonly systemLog?: boolean;
    readonly approval?: boolean;
    readonly approvals?: number;
    readonly impact?: ImpactGate;
  };
}

export interface VersionItem {
  readonly version: string;
  readonly digest: string;
  readonly state: string;
  readonly author: string;
  readonly at: string;
  readonly message: string;
  readonly approvedBy?: readonly string[];
}

export interface DiagnosticItem {
  readonly file?: string;
  readonly row?: number;
  readonly col?: number;
  readonly code: string;
  readonly message: string;
}

export interface VersionDetail extends VersionItem {
  readonly library: string;
  readonly gates: readonly {
    readonly gate: string;
    readonly ok: boolean;
    readonly diagnostics: readonly DiagnosticItem[];
    readonly notes?: readonly string[];
  }[];
  readonly diff?: { readonly against: string; readonly added: number; readonly removed: number; readonly changed: number };
}

export interface VersionDiff {
  readonly against: string;
  readonly files: readonly { readonly path: string; readonly change: string; readonly text: string }[];
}

export interface ChannelItem {
  readonly channel: string;
  readonly version: string;
  readonly seq: number;
  readonly revision: string;
  readonly history: readonly {
    readonly seq: number;
    readonly version: string;
    readonly at: string;
    readonly actor: string;
    readonly reason: string;
  }[];
  readonly pinned?: { readonly snapshot: number; readonly freshUntil: string; readonly until?: string };
}

export interface RolloutItem {
  readonly channel: string;
  readonly revision: string;
  readonly state: string;
  readonly since: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly p50Seconds?: number;
  readonly p95Seconds?: number;
}

export interface ActivationItem {
  readonly instance: string;
  readonly revision: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly opaVersion: string;
  readonly activatedAt: string;
  readonly lastSeen: string;
  readonly state: string;
  readonly lagSeconds?: number;
  readonly error?: string;
}

export interface ResponsibilityItem {
  readonly action: string;
  readonly resource: string;
  readonly constraints?: unknown;
}

export interface RoleItem {
  readonly id: string;
  readonly title?: string;
  readonly owner?: string;
  readonly risk?: string;
  readonly includes: readonly string[];
  readonly responsibilities: readonly ResponsibilityItem[];
  readonly memberCount: number;
}

export interface MemberItem {
  readonly subject: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
  readonly source?: string;
}

export interface KnownSubjectItem {
  readonly subject: string;
  readonly suspended: boolean;
  readonly roles: readonly string[];
}

export interface MembershipRecord extends Omit<MemberItem, "subject"> {
  readonly role: string;
  readonly recordedFrom: string;
  readonly recordedTo?: string;
  readonly actor: string;
  readonly reason: string;
}

export interface SubjectItem extends KnownSubjectItem {
  readonly responsibilities: readonly (ResponsibilityItem & { readonly role: string })[];
  readonly sources: readonly {
    readonly source: string;
    readonly status: string;
    readonly manager?: string;
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly groups: readonly string[];
  }[];
  readonly history: readonly MembershipRecord[];
}

export interface CampaignItem {
  readonly campaign: number;
  readonly title: string;
  readonly state: string;
  readonly at: string;
  readonly openedBy: string;
  readonly due: string;
  readonly reviewers: string;
  readonly reviewer: string;
  readonly undecided: string;
  readonly scope: Readonly<Record<string, unknown>>;
  readonly counts: Readonly<Record<"items" | "keep" | "end" | "undecided" | "gone", number>>;
  readonly signed?: string;
  readonly signedBy?: string;
  readonly digest?: string;
}

export interface CampaignMembership {
  readonly role: string;
  readonly subject: string;
  readonly state: string;
  readonly reviewer?: string;
  readonly since?: string;
  readonly givenBy?: string;
  readonly givenFor?: string;
  readonly validUntil?: string;
  readonly source?: string;
  readonly by?: string;
  readonly reason?: string;
  readonly decided?: string;
}

export interface SignedCampaign extends CampaignItem {
  readonly ended: number;
  readonly kept: number;
  readonly byDefault: number;
  readonly losing: number;
  readonly losers: readonly { readonly subject: string; readonly loses: readonly ResponsibilityItem[] }[];
}

export interface ReviewItem {
  readonly review: number;
  readonly subject: string;
  readonly source: string;
  readonly state: string;
  readonly at: string;
  readonly due: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly manager?: string;
  readonly undecided: string;
  readonly closed?: string;
  readonly roles: readonly {
    readonly role: string;
    readonly decision?: string;
    readonly by?: string;
    readonly reason?: string;
    readonly at?: string;
  }[];
}

export interface SourceRunItem {
  readonly run: number;
  readonly at: string;
  readonly ended: string;
  readonly result: string;
  readonly actor: string;
  readonly reason: string;
  readonly message?: string;
  readonly consent?: string;
  readonly counts?: Readonly<Record<string, number>>;
  readonly drops?: readonly { readonly what: string; readonly before: number; readonly after: number }[];
  readonly missingRoles?: readonly string[];
}

export interface SourceItem {
  readonly id: string;
  readonly settings: {
    readonly kind: string;
    readonly title?: string;
    readonly every?: number;
    readonly cron?: string;
    readonly required?: boolean;
  };
  readonly since: string;
  readonly by: string;
  readonly lastRun?: SourceRunItem;
  readonly asOf?: string;
  readonly freshUntil?: string;
}

export interface ActivationDetail extends ActivationItem {
  readonly history: readonly { readonly revision: string; readonly at: string }[];
}

export interface AuditItem {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly domain: string;
  readonly object: string;
  readonly requestId: string;
  readonly reason: string;
  readonly hash: string;
}

export interface DecisionItem {
  readonly result?: unknown;
  readonly revision: string;
  readonly snapshot: number;
  readonly fresh: boolean;
  readonly explanation?: readonly string[];
  readonly basis: {
    readonly kind: string;
    readonly at: string;
    readonly knownAt?: string;
    readonly version: string;
    readonly digest: string;
  };
}

export interface AccessItem extends ResponsibilityItem {
  readonly subject: string;
  readonly role: string;
  readonly validUntil?: string;
}

export type AffectedItem = AffectedPeople;

export interface ImpactItem
  extends Pick<Impact, "people" | "requests" | "withoutSubject" | "gained" | "lost" | "changed" | "unclear" | "strangers"> {
  readonly against: string;
  readonly basis: string;
  readonly lackingSamples?: readonly string[];
  readonly entrypoints: readonly string[];
  readonly refusals?: readonly string[];
  readonly clock?: readonly string[];
  readonly recorded: Readonly<Record<"read" | "gained" | "lost" | "changed", number>>;
  readonly digest: string;
  readonly gate?: {
    readonly ok: boolean;
    readonly otherwise: string;
    readonly exceeds: readonly string[];
    readonly consents: readonly string[];
  };
}
