// Annotations as OPA writes them in JSON: in manifests and in what `inspect` prints.
import type { Annotations } from "#analysis/rego/annotations.ts";
import { termToJson } from "#analysis/rego/types/term-json.ts";
import { compareStrings } from "#evaluation/value.ts";

/** The members that are written, keys sorted. */
export function annotationJson(one: Annotations): Readonly<Record<string, unknown>> {
  const filled = (items: object): boolean => Object.keys(items).length > 0;
  return {
    ...(one.authors.length === 0
      ? {}
      : { authors: one.authors.map(({ name, email }) => ({ name, ...(email === "" ? {} : { email }) })) }),
    ...(one.compile === undefined ? {} : { compile: compileJson(one.compile) }),
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
    ...(one.schemas.length === 0 ? {} : { schemas: one.schemas.map(schemaJson) }),
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

function compileJson({ unknowns, maskRule }: NonNullable<Annotations["compile"]>): object {
  return {
    ...(unknowns.length === 0 ? {} : { unknowns: unknowns.map((parts) => parts.map((part) => termToJson(part))) }),
    ...(maskRule === undefined ? {} : { mask_rule: maskRule.map((part) => termToJson(part)) }),
  };
}

function schemaJson({ path, schema, definition }: Annotations["schemas"][number]): object {
  return {
    path: path.map((part) => termToJson(part)),
    ...(schema === undefined ? {} : { schema: schema.map((part) => termToJson(part)) }),
    ...(definition === undefined ? {} : { definition: sortedKeys(definition) }),
  };
}
