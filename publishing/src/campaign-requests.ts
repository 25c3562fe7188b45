// What is asked of RMS about campaigns.
import type { KnownCampaign, KnownCampaignItem, NewCampaignText, SignedCampaignText } from "./known-campaigns.ts";
import type { Reply } from "./reply.ts";
import type { Sender } from "./sender.ts";

export interface MembershipName {
  readonly role: string;
  readonly subject: string;
}

export class CampaignRequests {
  private readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /** The newest first. */
  all(domain: string, state: string | undefined, most: number): Promise<Reply<{ readonly items: readonly KnownCampaign[] }>> {
    return this.sender.list(path(domain), { state }, most);
  }

  open(domain: string, campaign: NewCampaignText, dryRun: boolean): Promise<Reply<KnownCampaign>> {
    return this.sender.send("POST", `${path(domain)}${dryRun ? "?dryRun=true" : ""}`, campaign);
  }

  get(domain: string, id: string): Promise<Reply<KnownCampaign>> {
    return this.sender.send("GET", path(domain, id));
  }

  items(
    domain: string,
    id: string,
    filter: { readonly reviewer: string | undefined; readonly state: string | undefined },
  ): Promise<Reply<{ readonly items: readonly KnownCampaignItem[] }>> {
    return this.sender.list(`${path(domain, id)}/items`, filter, Number.POSITIVE_INFINITY);
  }

  /** At most a thousand memberships at once. */
  decide(
    domain: string,
    id: string,
    body: { readonly decision: "keep" | "end"; readonly reason: string; readonly items: readonly MembershipName[] },
  ): Promise<Reply<KnownCampaign>> {
    return this.sender.send("POST", `${path(domain, id)}/decide`, body);
  }

  /** At most a thousand memberships at once. */
  delegate(
    domain: string,
    id: string,
    body: { readonly to: string; readonly reason: string; readonly items: readonly MembershipName[] },
  ): Promise<Reply<KnownCampaign>> {
    return this.sender.send("POST", `${path(domain, id)}/delegate`, body);
  }

  /** A dry run tells who would lose what by what was decided so far. */
  sign(domain: string, id: string, reason: string, dryRun: boolean): Promise<Reply<SignedCampaignText>> {
    return this.sender.send("POST", `${path(domain, id)}/sign${dryRun ? "?dryRun=true" : ""}`, { reason });
  }
}

const path = (domain: string, id?: string): string =>
  `/domains/${encodeURIComponent(domain)}/campaigns${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;
