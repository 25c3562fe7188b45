// References of JSON schemas to other files, `{"$ref": "file:///schemas/user.json"}`: the files are put among the definitions, by their addresses.
import { addressFault, resolveAddress, splitFragment } from "#analysis/rego/types/schema-address.ts";

type Json = Readonly<Record<string, unknown>>;

/** Files that one schema may lead to. */
const most = 200;

/**
 * The schema with all files that it refers to, and those that these refer to. `read` gives the value of the file at an absolute path; undefined
 * leaves the reference as one that leads nowhere.
 */
export function withReferredFiles(schema: unknown, read: (path: string) => unknown): unknown {
  if (!isObject(schema)) return schema;
  const documents = new Map<string, Json>();
  const open: (readonly [unknown, string])[] = [[schema, ""]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const address of filesNamedIn(...next)) {
      if (documents.has(address) || documents.size >= most) continue;
      const path = pathOf(address);
      const value = path === undefined ? undefined : read(path);
      if (!isObject(value)) continue;
      documents.set(address, value);
      open.push([value, address]);
    }
  }
  if (documents.size === 0) return schema;
  const definitions: Record<string, unknown> = { ...(isObject(schema["definitions"]) ? schema["definitions"] : {}) };
  for (const [address, { id: _, ...value }] of documents) definitions[address] = { ...value, $id: address };
  return { ...schema, definitions };
}

/** The addresses of files that a schema refers to, which itself lies at a base address. */
function filesNamedIn(value: unknown, base: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => filesNamedIn(item, base));
  if (!isObject(value)) return [];
  const id = value["id"] ?? value["$id"];
  const own = typeof id === "string" && addressFault(id) === undefined ? resolveAddress(base, id) : base;
  const reference = value["$ref"];
  const address = typeof reference === "string" && addressFault(reference) === undefined ? resolveAddress(own, reference) : "";
  const named = address.startsWith("file:///") ? [splitFragment(address)[0]] : [];
  return [...named, ...Object.values(value).flatMap((item) => filesNamedIn(item, own))];
}

/** The path of `file:///a%20b.json`. */
function pathOf(address: string): string | undefined {
  try {
    return decodeURIComponent(address.slice("file://".length).replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
