// Which built-in functions completion offers, and in which order.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import { commonBuiltins } from "./common-builtins.ts";
import { unseen } from "./match.ts";
import type { Around } from "./read-around.ts";

/** True for what Rego v1 took away. */
export function isOld(row: Builtin, { parsed }: Around): boolean {
  return row.deprecated === true && parsed.module.version !== "v0";
}

/** Built-ins that the text does not use come in the order of how common they are. */
export function orderOf(name: string): number | undefined {
  const place = commonBuiltins.get(name);
  return place === undefined ? undefined : unseen - commonBuiltins.size + place;
}
