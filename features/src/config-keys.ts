// Keys of `rw.conf` that nothing reads: a misspelt one would change nothing, and nobody would know why.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { configSchema } from "#workspace/config-schema.ts";
import { basename } from "#workspace/paths.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { writtenKeys } from "#workspace/written-keys.ts";
import { closestNames } from "./edit-distance.ts";
import { nameFixes } from "./name-fixes.ts";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
}

/** Warnings about the keys that `rw.conf` does not have; keys that its own substitutions use are the author's. */
export function unknownConfigKeys(file: SourceFile): readonly Diagnostic[] {
  if (basename(file.path) !== "rw.conf") return [];
  const used = new Set([...file.text.matchAll(/\$\{\??\s*"?([\w-]+)/gu)].map(([, name]) => name));
  return writtenKeys(file).flatMap(({ path, range }): readonly Diagnostic[] => {
    const name = path.at(-1)!;
    const known = keysBelow(path.slice(0, -1));
    if (known === undefined || known.includes(name) || used.has(path[0])) return [];
    const near = closestNames(name, known);
    const of = path.length === 1 ? "rw.conf" : `\`${path.slice(0, -1).join(".")}\``;
    return [
      {
        file: file.path,
        range,
        severity: "warning",
        code: "rw_config_unknown_key",
        message: `${of} has no key \`${name}\`: ${near.length > 0 ? `did you mean \`${near[0]}\`?` : `it has ${known.join(", ")}`}`,
        fixes: nameFixes(range, near),
      },
    ];
  });
}

/** The keys that an object of `rw.conf` may have; undefined where any key may stand, and below unknown ones. */
function keysBelow(path: readonly string[]): readonly string[] | undefined {
  let at: Schema | undefined = configSchema as Schema;
  for (const name of path) {
    const inside: Schema | undefined = at.items ?? at;
    at = inside.properties?.[name] ?? inside.additionalProperties;
    if (at === undefined) return undefined;
  }
  const { properties } = at.items ?? at;
  return properties === undefined ? undefined : Object.keys(properties);
}
