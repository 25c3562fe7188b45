// Annotations as OPA writes them in JSON: in manifests and in what `inspect` prints.
import type { Annotations } from "#analysis/rego/annotations.ts";
import { termToJson } from "#analysis/rego/types/term-json.ts";

/** The members that are written, keys sorted. */
export function annotationJson(one: Annotations): Readonly<Record<string, unknown>> {
  const filled = (items: object): boolean => Object.keys(items).length > 0;
  return {
    ...(one.authors.length === 0
      ? {}
      : { authors: one.authors.map(({ name, email }) => ({ name, ...(email === "" ? {} : { email }) })) }),
    ...(filled(one.custom) ? { custom: one.custom } : {}),
    ...(one.description === "" ? {} : { description: one.description }),
    ...(one.entrypoint ? { entrypoint: true } : {}),
    ...(filled(one.labels) ? { labels: one.labels } : {}),
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

function schemaJson({ path, schema, definition }: Annotations["schemas"][number]): object {
  return {
    path: path.map((part) => termToJson(part)),
    ...(schema === undefined ? {} : { schema: schema.map((part) => termToJson(part)) }),
    ...(definition === undefined ? {} : { definition }),
  };
}
