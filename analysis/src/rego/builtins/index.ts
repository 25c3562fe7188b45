// The one table of builtins: every family in one list, found by name.
import { aggregates } from "./aggregates.ts";
import { arrays } from "./arrays.ts";
import { bits } from "./bits.ts";
import type { Builtin, BuiltinRow } from "./builtin.ts";
import { comparison } from "./comparison.ts";
import { conversions } from "./conversions.ts";
import { crypto } from "./crypto.ts";
import { encoding } from "./encoding.ts";
import { glob } from "./glob.ts";
import { graph } from "./graph.ts";
import { graphql } from "./graphql.ts";
import { http } from "./http.ts";
import { internal } from "./internal.ts";
import { net } from "./net.ts";
import { numbers } from "./numbers.ts";
import { objects } from "./objects.ts";
import { regex } from "./regex.ts";
import { rego } from "./rego.ts";
import { semver } from "./semver.ts";
import { sets } from "./sets.ts";
import { strings } from "./strings.ts";
import { time } from "./time.ts";
import { tokens } from "./tokens.ts";
import { tracing } from "./tracing.ts";
import { units } from "./units.ts";
import { uri } from "./uri.ts";

const families: Readonly<Record<string, readonly BuiltinRow[]>> = {
  aggregates,
  arrays,
  bits,
  comparison,
  conversions,
  crypto,
  encoding,
  glob,
  graph,
  graphql,
  http,
  internal,
  net,
  numbers,
  objects,
  regex,
  rego,
  semver,
  sets,
  strings,
  time,
  tokens,
  tracing,
  units,
  uri,
};

/** All builtins of OPA 1.22.2, sorted by name. */
export const builtins: readonly Builtin[] = Object.entries(families)
  .flatMap(([family, rows]) => rows.map((row): Builtin => ({ ...row, family })))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const byName: ReadonlyMap<string, Builtin> = new Map(builtins.map((row) => [row.name, row]));

/** The builtin of this dotted name, `time.now_ns`; infix operators are found by their name, `plus`. */
export function builtin(name: string): Builtin | undefined {
  return byName.get(name);
}

/** True for names that no rule head `f(x) { … }` may have, whatever builtins a capabilities file leaves; the parser asks. */
export function isBuiltinName(name: string): boolean {
  // The one operator that is a word is in OPA's table too.
  return byName.has(name) || name === "in";
}

/** The whole table by name. */
export function builtinsByName(): ReadonlyMap<string, Builtin> {
  return byName;
}
