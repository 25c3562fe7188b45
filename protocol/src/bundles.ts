// The requests about bundle archives: what is in one, its files, what two hold and decide otherwise, whether a key verifies one.
import type { ChangedDecision } from "./publishing.ts";

export interface BundleFile {
  readonly path: string;
  readonly size: number;
  readonly kind: "manifest" | "policy" | "data" | "wasm" | "plan" | "signatures" | "other";
  /** Of a policy that can be read: `storage`. */
  readonly package?: string;
}

/** Client → server: what is in the archive at an address. */
export interface BundleParams {
  readonly uri: string;
}
export interface BundleContents {
  readonly files: readonly BundleFile[];
  readonly revision?: string;
  readonly roots: readonly string[];
  readonly signature?: {
    readonly algorithm: string;
    readonly keyId?: string;
    readonly scope?: string;
    readonly files: number;
    /** What is not as it was signed. */
    readonly faults: readonly string[];
  };
  /** What OPA would refuse it for. */
  readonly problems: readonly { readonly path?: string; readonly row?: number; readonly text: string }[];
}
/** Or why it is no archive. */
export type BundleResult = BundleContents | { readonly problem: string };
export const bundle = "rw/bundle";

/** Client → server: the bytes of a file in the archive; null when there is none. */
export interface BundleFileParams extends BundleParams {
  readonly path: string;
  /** JSON is wanted with a line for each value, to be read and compared. */
  readonly indented?: boolean;
}
export type BundleFileResult = { readonly base64: string } | null;
export const bundleFile = "rw/bundleFile";

/** Client → server: what two archives hold otherwise, and what of it the samples of a project see. */
export interface CompareBundlesParams {
  readonly before: string;
  readonly after: string;
  /** Any file of the project; without one no decisions are compared. */
  readonly project?: string;
}
export type CompareBundlesResult =
  | {
      readonly changes: readonly { readonly path: string; readonly kind: "added" | "removed" | "changed" }[];
      readonly decisions?:
        | { readonly diff: readonly ChangedDecision[]; readonly decided: number }
        /** Why none could be compared. */
        | { readonly problem: string };
    }
  | { readonly problem: string };
export const compareBundles = "rw/compareBundles";

/** Client → server: the archive with a signature of a private key (RSA or ECDSA, PEM), which is used for this request only and never kept. */
export interface SignBundleParams extends BundleParams {
  readonly key: string;
  readonly keyId: string;
  /** Empty for none. */
  readonly scope: string;
}
export type SignBundleResult = { readonly base64: string; readonly algorithm: string } | { readonly problem: string };
export const signBundle = "rw/signBundle";

/** Client → server: whether a public key, a certificate or a secret verifies the signature and all files are as they were signed. */
export interface VerifyBundleParams extends BundleParams {
  /** The text of the key: it is used for this request only and never kept. */
  readonly key: string;
}
export interface VerifyBundleResult {
  /** Why not. */
  readonly problem?: string;
}
export const verifyBundle = "rw/verifyBundle";
