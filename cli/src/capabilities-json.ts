// Capabilities in OPA's JSON form, from the table of builtins.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import { categoriesOf } from "#analysis/rego/builtins/categories.ts";
import type { Release } from "#analysis/rego/releases.ts";
import { functionType } from "#analysis/rego/types/details.ts";
import { typeToJson } from "#analysis/rego/types/print.ts";

/** All that this version has; with Rego v0 its keywords are imported from `future`. */
export function currentCapabilities(builtins: readonly Builtin[], v0: boolean): object {
  return {
    builtins: builtinsJson(builtins),
    future_keywords: v0 ? ["and", "contains", "every", "if", "in", "not", "or"] : ["and", "not", "or"],
    features: v0
      ? [
          "keywords_in_refs",
          "rego_v1",
          "rego_v1_import",
          "rego_v2",
          "rego_v2_import",
          "rule_head_ref_string_prefixes",
          "rule_head_refs",
          "template_strings",
        ]
      : ["keywords_in_refs", "rego_v1", "rego_v2", "rego_v2_import", "template_strings"],
  };
}

/** As OPA keeps those of a release. */
export function releaseCapabilities({ builtins, futureKeywords, wasmAbi, features }: Release): object {
  return {
    builtins: builtinsJson([...builtins.values()], false),
    ...(futureKeywords.length === 0 ? {} : { future_keywords: futureKeywords }),
    ...(wasmAbi.length === 0 ? {} : { wasm_abi_versions: wasmAbi.map((minor) => ({ version: 1, minor_version: minor })) }),
    ...(features.size === 0 ? {} : { features: [...features] }),
  };
}

/** Rows by name. */
export function builtinsJson(builtins: readonly Builtin[], described = true): readonly object[] {
  return [...builtins]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((row) => ({
      name: row.name,
      ...(described && row.description !== "" ? { description: row.description } : {}),
      ...(described && categoriesOf(row.name).length > 0 ? { categories: categoriesOf(row.name) } : {}),
      decl: sortedKeys(typeToJson(functionType(described ? row : nameless(row)))),
      ...(row.deprecated === true ? { deprecated: true } : {}),
      ...(row.infix === undefined ? {} : { infix: row.infix }),
      ...(row.nondeterministic === true ? { nondeterministic: true } : {}),
      ...(row.relation === true ? { relation: true } : {}),
    }));
}

function nameless(row: Builtin): Builtin {
  const { result } = row;
  return {
    ...row,
    args: row.args.map(({ type }) => ({ name: undefined, type })),
    result: result === undefined ? undefined : { name: undefined, type: result.type },
  };
}

/** Objects with their keys in order. */
export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortedKeys(item)]));
}
