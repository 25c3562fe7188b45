// What a lookup learns of a value while its path crosses it: the value at the end of the path, and how lower layers of a merge would add to
// it. Only the crossed part is resolved, and that shows: an object with unresolved fields over something that is no object cannot tell yet
// what it is, and gives away only fields that are certain.
import { hidesBelow, mergeOver } from "./merge.ts";
import type { Value } from "./value.ts";

/** The values from the root down to one that is being resolved, innermost first. */
export interface Chain {
  readonly value: Value;
  readonly up: Chain | undefined;
}

export interface Crossing {
  /** What stands at the end of the path, unresolved. */
  readonly value: Value | undefined;
  /** The values around `value`. */
  readonly chain: Chain | undefined;
  /**
   * What was crossed: no value at all, an object, something else, or (`mixed`) an object with unresolved fields over something else.
   */
  readonly shape: "none" | "object" | "mixed" | "other";
  /** Nothing below counts any more. */
  readonly hides: boolean;
  /** Layers below count, but cannot add to `value`. */
  readonly opaque: boolean;
  /** Some field of the crossed object is unresolved. */
  readonly pending: boolean;
  /** The first field on the path hides what is below it: it stays visible in a mixed object. */
  readonly certain: boolean;
}

/** The crossing of a reference without a value. */
export const NOTHING: Crossing = {
  value: undefined,
  chain: undefined,
  shape: "none",
  hides: false,
  opaque: false,
  pending: false,
  certain: false,
};

/** The crossing of something that has no fields. */
export function crossOther(value: Value): Crossing {
  return {
    value: value.kind === "failed" ? value : undefined,
    chain: undefined,
    shape: "other",
    hides: hidesBelow(value),
    opaque: true,
    pending: false,
    certain: false,
  };
}

/** `above` over `below`, as far as the path goes. */
export function crossOver(above: Crossing, below: Crossing): Crossing {
  if (above.shape === "none") return below;
  if (below.shape === "none") return above;
  const added = above.opaque ? undefined : below.value;
  const value = above.value === undefined ? added : added === undefined ? above.value : mergeOver(above.value, added);
  const merged: Crossing = {
    value,
    chain: above.value === undefined ? below.chain : above.chain,
    shape: above.shape,
    hides: below.hides,
    opaque: above.opaque || below.opaque,
    pending: above.pending || below.pending,
    certain:
      above.certain || (!above.opaque && (below.certain || (value !== undefined && value !== above.value && hidesBelow(value)))),
  };
  if (above.shape === "other") return { ...merged, value: above.value, opaque: true };
  if (above.shape === "object" && below.shape === "object") return merged;
  if (above.shape === "object" && below.shape === "other" && !above.pending) return { ...merged, hides: true, opaque: true };
  return { ...merged, shape: "mixed", opaque: true };
}

/** What a lookup sees of a merge in the end. */
export function settle(crossing: Crossing): Crossing {
  return crossing.shape === "mixed" && !crossing.certain ? { ...crossing, value: undefined } : crossing;
}
