// Campaigns as RMS tells of them.
import type { Responsibility } from "#bundles/rms-data.ts";

/** Times as RFC 3339 writes them. */
export interface KnownCampaign {
  readonly campaign: number;
  readonly title: string;
  readonly state: "open" | "overdue" | "signed";
  readonly openedBy: string;
  readonly at: string;
  readonly due: string;
  readonly reviewers: "manager" | "owner" | "named";
  /** Who reviews where the rule names nobody. */
  readonly reviewer: string;
  /** What becomes of memberships that nobody decided about in time. */
  readonly undecided: "keep" | "end";
  readonly scope: CampaignScopeText;
  readonly counts: Readonly<Record<"items" | "keep" | "end" | "undecided" | "gone", number>>;
  readonly signed?: string;
  readonly signedBy?: string;
  readonly digest?: string;
}

export interface CampaignScopeText {
  readonly roles?: readonly string[];
  readonly risks?: readonly string[];
  readonly manager?: string;
  readonly subject?: string;
  readonly before?: string;
  readonly orphans?: boolean;
}

export interface NewCampaignText {
  readonly title: string;
  readonly due: string;
  readonly reviewers: string;
  readonly reviewer: string;
  readonly undecided: string;
  readonly scope: CampaignScopeText;
  readonly reason: string;
}

export interface KnownCampaignItem {
  readonly role: string;
  readonly subject: string;
  readonly state: "undecided" | "keep" | "end" | "gone";
  readonly reviewer?: string;
  readonly since?: string;
  readonly givenBy?: string;
  readonly givenFor?: string;
  readonly validUntil?: string;
  readonly source?: string;
  readonly by?: string;
  readonly reason?: string;
}

export interface SignedCampaignText extends KnownCampaign {
  readonly ended: number;
  readonly kept: number;
  readonly byDefault: number;
  /** How many people can no longer do something, and the first of them. */
  readonly losing: number;
  readonly losers: readonly { readonly subject: string; readonly loses: readonly Responsibility[] }[];
}
