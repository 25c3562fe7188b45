// What the API answers, as far as pages show it; the API's document has the whole of each.

export interface DomainItem {
  readonly id: string;
  readonly title: string;
  readonly package: string;
  readonly owners: readonly string[];
  readonly maxDataAge: number;
  readonly state: string;
  readonly snapshot: number;
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
  readonly gates: readonly { readonly gate: string; readonly ok: boolean; readonly diagnostics: readonly DiagnosticItem[] }[];
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
