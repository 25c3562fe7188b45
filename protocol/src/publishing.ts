// The requests and notifications about RMS: publish, where a project stands there, back to an earlier version.

export interface PublishParams {
  /** Any file of the project. */
  readonly uri: string;
  /** The token of RMS; it is used for this request only and never kept. */
  readonly token: string | undefined;
  readonly url?: string;
  readonly domain?: string;
  readonly policy?: string;
  readonly channel?: string;
  readonly version?: string;
  readonly message?: string;
  /** Says which decision diff the author has seen and accepted; without it the server stops after the diff. */
  readonly accepted?: string;
  /** `always`: stop there also when no decision changes, for samples or for people. */
  readonly ask?: "always" | "changes";
}
export interface PublishStep {
  readonly name: "check" | "test" | "diff" | "impact" | "publish" | "channel" | "activation";
  readonly state: "waiting" | "running" | "ok" | "failed" | "skipped";
  readonly summary: string;
  readonly detail?: string;
  readonly ms?: number;
}
/** Server → client while a publish runs. */
export interface PublishProgressParams {
  readonly root: string;
  readonly steps: readonly PublishStep[];
}
/** One decision that a publish would change, for all samples that see the same change. */
export interface ChangedDecision {
  /** Names of samples, with the profile in parentheses where it makes another input of one. */
  readonly samples: readonly string[];
  /** `storage.allow`. */
  readonly entrypoint: string;
  readonly group: "true" | "noLongerTrue" | "error" | "undefined" | "other";
  /** The values as JSON text, `undefined`, or `error: …`. */
  readonly before: string;
  readonly after: string;
  /** Of sets and objects: who is in it no longer, who is now, and which keys have another value. */
  readonly members?: {
    readonly lost: readonly string[];
    readonly gained: readonly string[];
    readonly changed: readonly string[];
  };
}
/** Somebody who may do more, or less, than before. */
export interface AffectedPerson {
  readonly subject: string;
  readonly roles: readonly string[];
  /** What they may do now, or no longer. */
  readonly requests: readonly string[];
}
/** Who gains and who loses by a publish, of those whom RMS knows. */
export interface PublishImpact {
  /** How many, and the first of them. */
  readonly gained: { readonly people: number; readonly subjects: readonly AffectedPerson[] };
  readonly lost: { readonly people: number; readonly subjects: readonly AffectedPerson[] };
  /** Of whose decision nobody can tell whether it lets them in. */
  readonly unclear: { readonly people: number; readonly subjects: readonly AffectedPerson[] };
  /** Requests that anybody may make now, known or not. */
  readonly open: readonly string[];
  /** The whole, as Markdown. */
  readonly document: string;
}
/** The number that a version gets unless its author takes another one. */
export interface ProposedVersion {
  /** `1.2.0` */
  readonly version: string;
  /** Why it is this one: `minor: the rule orders.deny is new`. */
  readonly reason: string;
  /** The next number by each kind of change; empty where only one can be taken. */
  readonly choices: readonly { readonly version: string; readonly kind: "major" | "minor" | "patch" }[];
}
export interface PublishResult {
  readonly outcome: "published" | "confirm" | "failed";
  readonly steps: readonly PublishStep[];
  /** With `confirm`: what to send as `accepted`. */
  readonly accept?: string;
  /** With `confirm`, where RMS can tell which versions there are. */
  readonly proposed?: ProposedVersion;
  /** With `confirm`: how many decisions change. */
  readonly changes?: number;
  readonly diff?: readonly ChangedDecision[];
  readonly impact?: PublishImpact;
  readonly revision?: string;
  readonly problem?: string;
  /** True when RMS does not know the token. */
  readonly unauthorized?: boolean;
  /** The project's roles file, where RMS has none of its roles. */
  readonly unknownRoles?: string;
}
export const publish = "rw/publish";
export const publishProgress = "rw/publishProgress";

export interface RmsStatusParams {
  readonly uri: string;
  readonly token: string | undefined;
}
export interface RmsStatusResult {
  /** `orders/main dev`. */
  readonly target?: string;
  /** Address of RMS, as settings or `rw.conf` name it. */
  readonly url?: string;
  readonly revision?: string;
  /** The move that brought the channel there, and where a rollback leads. */
  readonly seq?: number;
  readonly previous?: string;
  readonly active?: number;
  readonly sidecars?: number;
  readonly instances?: readonly {
    readonly name: string;
    readonly state: "active" | "lagging" | "failed" | "gone";
    readonly error?: string;
  }[];
  readonly detail: string;
  readonly problem?: string;
  /** With a problem: RMS was reached and does not know the token, or holds nothing there yet. */
  readonly reason?: "unauthorized" | "empty";
}
export const rmsStatus = "rw/rmsStatus";

export interface RollbackParams {
  readonly uri: string;
  /** Address that the token is for. */
  readonly url: string;
  readonly token: string;
  /** The move that the author saw: nothing is done when somebody moved the channel meanwhile. */
  readonly seq: number;
  readonly reason: string;
}
export interface RollbackResult {
  readonly revision?: string;
  readonly problem?: string;
}
export const rollback = "rw/rollback";

export interface RollbackDiffParams {
  readonly uri: string;
  readonly url: string;
  readonly token: string;
  /** The versions that the channel has, and would have. */
  readonly from: string;
  readonly to: string;
}
export interface RollbackDiffResult {
  readonly diff: readonly ChangedDecision[];
  /** How many decisions were compared. */
  readonly decided: number;
  readonly problem?: string;
}
export const rollbackDiff = "rw/rollbackDiff";

/** Client → server: what of the project's files differs from the version that its channel has. The token is used for this request only. */
export interface ComparePublishedParams {
  readonly uri: string;
  readonly token: string;
  readonly url?: string;
}
export type ComparePublishedResult =
  | {
      /** `orders/main prod`. */
      readonly target: string;
      readonly version: string;
      readonly files: readonly {
        readonly path: string;
        /** As it is published; absent for a new file. */
        readonly before?: string;
        /** As a publish would send it; absent for one that is gone. */
        readonly after?: string;
        /** The file of the project that has that text. */
        readonly uri?: string;
      }[];
    }
  /** Why nothing could be compared. */
  | { readonly problem: string };
export const comparePublished = "rw/comparePublished";

/** Client → server: what putting the project's roles file into RMS changes; with `accepted` it is put there. The token is used for this request only. */
export interface ApplyRolesParams {
  readonly uri: string;
  readonly token: string;
  readonly url?: string;
  /** The changes that the author has seen: nothing is done when there are others by now. */
  readonly accepted?: readonly string[];
}
export type ApplyRolesResult =
  | {
      readonly domain: string;
      /** The roles file, as `rw.conf` names it. */
      readonly file: string;
      /** Each change: `+ eve in auditor`. */
      readonly lines: readonly string[];
      /** What RMS has beside the file, and keeps. */
      readonly stays: readonly string[];
    }
  /** Why nothing was told or done, or what was done of it. */
  | { readonly problem: string };
export const applyRoles = "rw/applyRoles";
