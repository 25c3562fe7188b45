// Sample inputs: which there are, which is chosen, which is pinned.
import type { Range } from "./places.ts";

export interface SamplesParams {
  /** Any file of the project; its root otherwise. */
  readonly uri: string;
  /** Inputs that were chosen before, the latest first: of those that are equally near they come first. */
  readonly recent?: readonly string[];
}

export interface SampleInfo {
  readonly uri: string;
  readonly label: string;
  readonly folder: string;
  readonly kind: "hocon" | "json" | "yaml";
  readonly chosen: boolean;
}

export interface SamplesResult {
  readonly root: string;
  readonly samples: readonly SampleInfo[];
  readonly profiles: readonly string[];
  readonly profile: string | undefined;
  /** What `rw.conf` pins to rules and packages: `data.storage.allow` → the input. */
  readonly pins: readonly { readonly rule: string; readonly uri: string }[];
}
export const samples = "rw/samples";

/** Client → server: always ask a rule with one input, from now on and for everybody: it is written into `rw.conf`. */
export interface PinSampleParams {
  /** Any file of the project. */
  readonly uri: string;
  /** The rule, `data.storage.allow`; else the one at `range`; else the package. */
  readonly path?: string;
  readonly range?: Range;
  /** The input; null takes the pin out. */
  readonly sample: string | null;
}

/** The text that `rw.conf` has to get, as for accepted decisions; as a command the server sends the edit itself. */
export interface PinSampleResult {
  readonly rule?: string;
  readonly uri?: string;
  readonly before?: string;
  readonly after?: string;
  readonly problem?: string;
}
export const pinSample = "rw/pinSample";

export interface SelectSampleParams {
  /** Any file of the project. */
  readonly uri: string;
  /** The sample to use from now on; null for no input. Left out: unchanged. */
  readonly sample?: string | null;
  /** Input as JSON text, instead of a sample. */
  readonly inline?: string;
  readonly profile?: string | null;
}
export const selectSample = "rw/selectSample";
