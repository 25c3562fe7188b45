// Sources of people as RMS tells of them.

export type SourceResult = "changed" | "unchanged" | "refused" | "failed";

/** One sync; times as RFC 3339 writes them. */
export interface KnownRun {
  readonly run: number;
  /** When reading began. */
  readonly at: string;
  readonly ended: string;
  readonly result: SourceResult;
  readonly actor: string;
  readonly reason: string;
  /** Why it was refused or failed. */
  readonly message?: string;
  /** Who wants it forced and waits for a second person. */
  readonly consent?: string;
  readonly counts?: Readonly<Record<string, number>>;
  readonly drops?: readonly SourceDrop[];
  readonly missingRoles?: readonly string[];
}

/** Something of which too much is gone: `people`, `group:NAME`, `role:ID` or `attribute:NAME`. */
export interface SourceDrop {
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

export interface KnownSource {
  readonly id: string;
  readonly settings: {
    readonly kind: string;
    readonly file?: string;
    readonly url?: string;
    readonly every?: number;
    readonly cron?: string;
    readonly required?: boolean;
  };
  readonly lastRun?: KnownRun;
  /** When what it says was read, and until when that is fresh. */
  readonly asOf?: string;
  readonly freshUntil?: string;
}

/** What a sync would do; nothing was written. */
export interface SourceTest {
  readonly counts: Readonly<Record<string, number>>;
  readonly drops: readonly SourceDrop[];
  readonly missingRoles: readonly string[];
  readonly refused?: string;
  readonly rows: readonly {
    readonly subject: string;
    readonly status: string;
    readonly manager?: string;
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly groups: readonly string[];
  }[];
  readonly members: readonly {
    readonly role: string;
    readonly subject: string;
    readonly change: "begins" | "ends" | "ends later";
    readonly reason: string;
  }[];
}

export interface SourceSync {
  /** True while it goes on: the run comes later. */
  readonly running: boolean;
  readonly run?: KnownRun;
}
