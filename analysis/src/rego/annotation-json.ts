// Annotations as OPA writes them in JSON: in manifests and in what `inspect` prints.

import type { Term } from "#grammars/rego/ast.ts";
import { compareStrings } from "#grammars/text/compare-strings.ts";
import type { Annotations } from "./annotations.ts";
import { base64Of } from "./base64.ts";
import { termToJson } from "./types/term-json.ts";

/** The members that are written, keys sorted; with `places` as `opa parse --json-include locations` writes them. */
export function annotationJson(one: Annotations, places = false): Readonly<Record<string, unknown>> {
  const filled = (items: object): boolean => Object.keys(items).length > 0;
  return {
    ...(one.authors.length === 0
      ? {}
      : { authors: one.authors.map(({ name, email }) => ({ name, ...(email === "" ? {} : { email }) })) }),
    ...(one.compile === undefined ? {} : { compile: compileJson(one.compile, places) }),
    ...(filled(one.custom) ? { custom: sortedKeys(one.custom) } : {}),
    ...(one.description === "" ? {} : { description: one.description }),
    ...(one.entrypoint ? { entrypoint: true } : {}),
    ...(filled(one.labels) ? { labels: sortedKeys(one.labels) } : {}),
    ...(one.organizations.length === 0 ? {} : { organizations: one.organizations }),
    ...(one.relatedResources.length === 0
      ? {}
      : {
          related_resources: one.relatedResources.map(({ ref, description }) => ({
            ...(description === "" ? {} : { description }),
            ref,
          })),
        }),
    ...(one.schemas.length === 0 ? {} : { schemas: one.schemas.map((schema) => schemaJson(schema, places)) }),
    scope: one.scope,
    ...(one.title === "" ? {} : { title: one.title }),
  };
}

/** Keys in the order in which Go writes them. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => compareStrings(a, b))
      .map(([key, item]) => [key, sortedKeys(item)]),
  );
}

/** A ref of a block; its places are those in its own text, which has no file. */
function refJson(parts: readonly Term[], places: boolean): readonly unknown[] {
  return parts.map((part) => {
    const tree = termToJson(part);
    const text = places ? textOf(part) : undefined;
    return text === undefined
      ? tree
      : { location: { file: "", row: 1, col: part.start + 1, text: base64Of(text) }, ...(tree as object) };
  });
}

/** Of a part that is no collection, the text that it has in its own text. */
function textOf(part: Term): string | undefined {
  switch (part.kind) {
    case "var":
      return part.name;
    case "string":
      return part.end - part.start === part.value.length ? part.value : JSON.stringify(part.value);
    case "number":
      return part.text;
    case "boolean":
      return String(part.value);
    case "null":
      return "null";
    default:
      return undefined;
  }
}

function compileJson({ unknowns, maskRule }: NonNullable<Annotations["compile"]>, places: boolean): object {
  return {
    ...(unknowns.length === 0
      ? {}
      : { unknowns: unknowns.map((parts) => (parts === undefined ? null : refJson(parts, places))) }),
    ...(maskRule === undefined ? {} : { mask_rule: refJson(maskRule, places) }),
  };
}

function schemaJson({ path, schema, definition }: Annotations["schemas"][number], places: boolean): object {
  return {
    path: path.map((part) => termToJson(part)),
    // The word `schema` alone has no place in OPA's tree.
    ...(schema === undefined ? {} : { schema: refJson(schema, places && schema.length > 1) }),
    ...(definition === undefined ? {} : { definition: sortedKeys(definition) }),
  };
}
