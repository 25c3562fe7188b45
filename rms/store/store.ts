// The store of RMS: what every driver must do. Areas read outside a transaction; everything that changes does so inside one.
import type { ActivationReads, ActivationWrites } from "./activations.ts";
import type { AuditReads, AuditWrites } from "./audit.ts";
import type { BuildReads, BuildWrites } from "./builds.ts";
import type { CampaignReads, CampaignWrites } from "./campaigns.ts";
import type { ChannelReads, ChannelWrites } from "./channels.ts";
import type { DecisionReads, DecisionWrites } from "./decisions.ts";
import type { DomainReads, DomainWrites } from "./domains.ts";
import type { HookReads, HookWrites } from "./hooks.ts";
import type { IdempotencyReads, IdempotencyWrites } from "./idempotency.ts";
import type { KeyReads, KeyWrites } from "./keys.ts";
import type { OutboxReads, OutboxWrites } from "./outbox.ts";
import type { PolicyReads, PolicyWrites } from "./policies.ts";
import type { ReviewReads, ReviewWrites } from "./reviews.ts";
import type { RoleReads, RoleWrites } from "./roles.ts";
import type { SourceReads, SourceWrites } from "./sources.ts";
import type { TextReads, TextWrites } from "./texts.ts";
import type { TokenReads, TokenWrites } from "./tokens.ts";
import type { VersionReads, VersionWrites } from "./versions.ts";

/** Each call sees what was committed when it began. */
export interface Reads {
  readonly domains: DomainReads;
  readonly policies: PolicyReads;
  readonly versions: VersionReads;
  readonly channels: ChannelReads;
  readonly roles: RoleReads;
  readonly sources: SourceReads;
  readonly reviews: ReviewReads;
  readonly campaigns: CampaignReads;
  readonly hooks: HookReads;
  readonly texts: TextReads;
  readonly tokens: TokenReads;
  readonly keys: KeyReads;
  readonly builds: BuildReads;
  readonly audit: AuditReads;
  readonly outbox: OutboxReads;
  readonly activations: ActivationReads;
  readonly decisions: DecisionReads;
  readonly idempotency: IdempotencyReads;
}

/** A transaction sees its own writes and nothing that others commit meanwhile. */
export interface Transaction extends Reads {
  readonly domains: DomainWrites;
  readonly policies: PolicyWrites;
  readonly versions: VersionWrites;
  readonly channels: ChannelWrites;
  readonly roles: RoleWrites;
  readonly sources: SourceWrites;
  readonly reviews: ReviewWrites;
  readonly campaigns: CampaignWrites;
  readonly hooks: HookWrites;
  readonly texts: TextWrites;
  readonly tokens: TokenWrites;
  readonly keys: KeyWrites;
  readonly builds: BuildWrites;
  readonly audit: AuditWrites;
  readonly outbox: OutboxWrites;
  readonly activations: ActivationWrites;
  readonly decisions: DecisionWrites;
  readonly idempotency: IdempotencyWrites;
}

export interface Store extends Reads {
  /**
   * Runs `work` in one serializable transaction: all of it is there, on the disk, when the promise resolves, and none of it when
   * `work` throws. `work` awaits nothing but the transaction, so that no writer waits for something slow; it may run again when
   * another writer was faster.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A store that a newer release wrote. */
export class StoreTooNew extends Error {}
