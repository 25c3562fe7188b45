// The JSON Schema of what was seen: kinds, keys that all objects have, few values that come again, formats. It takes every value that was seen.
import { formats, type Kind, kinds, type Seen } from "./seen-values.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Of an object with more keys, none of which is always there, the keys are data. */
const mostKeys = 40;

/** As a document of its own. */
export function inferredSchema(seen: Seen): Schema {
  return { $schema: "http://json-schema.org/draft-07/schema#", ...schemaOf(seen) };
}

function schemaOf(seen: Seen): Schema {
  return { ...typeOf(seen), ...valuesOf(seen), ...objectOf(seen), ...arrayOf(seen) };
}

function typeOf({ kinds: found }: Seen): Schema {
  // Whole numbers are numbers.
  const named = kinds.filter((kind) => found.has(kind) && !(kind === "integer" && found.has("number")));
  if (named.length === 0) return {};
  return { type: named.length === 1 ? named[0] : named };
}

/** What strings are written like; else, few that come twice on the average are all that there are. One alone says nothing of others. */
function valuesOf({ kinds: found, scalars, formats: held }: Seen): Schema {
  const strings = found.get("string") ?? 0;
  const others = [...found.keys()].filter((kind: Kind) => kind !== "string" && kind !== "null");
  if (strings === 0 || others.length > 0) return {};
  const format = formats.find((one) => held.has(one));
  if (format !== undefined) return { format };
  if (scalars === undefined || scalars.size < 2 || scalars.size * 2 > strings) return {};
  const values = [...scalars].sort().map((json): unknown => JSON.parse(json));
  return { enum: found.has("null") ? [...values, null] : values };
}

function objectOf({ kinds: found, properties }: Seen): Schema {
  const objects = found.get("object") ?? 0;
  if (objects === 0) return {};
  const sorted = [...properties].sort(([one], [other]) => (one < other ? -1 : 1));
  const required = sorted.filter(([, seen]) => countOf(seen) === objects).map(([name]) => name);
  if (sorted.length > mostKeys && required.length === 0) return {};
  return {
    properties: Object.fromEntries(sorted.map(([name, seen]) => [name, schemaOf(seen)])),
    ...(required.length === 0 ? {} : { required }),
  };
}

function arrayOf({ items }: Seen): Schema {
  return items === undefined || items.kinds.size === 0 ? {} : { items: schemaOf(items) };
}

const countOf = ({ kinds: found }: Seen): number => [...found.values()].reduce((sum, count) => sum + count, 0);
