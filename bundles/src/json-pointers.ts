// JSON pointers (RFC 6901), as decision logs name what was hidden: values without what they lead to, or with something else in its place.
import type { Json } from "#bundles/canonical-json.ts";

/** `/result/user/name` below `/result` is `["user", "name"]`; undefined elsewhere. */
export function pathBelow(pointer: string, document: "/input" | "/result"): readonly string[] | undefined {
  if (pointer !== document && !pointer.startsWith(`${document}/`)) return undefined;
  return pointer
    .slice(document.length)
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What stands at the path; undefined for nothing. */
export function valueAt(value: Json, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, part) => {
    if (Array.isArray(at)) return at[Number(part)];
    return at instanceof Map ? at.get(part) : undefined;
  }, value);
}

/** The value without what stands at the path; undefined where nothing is left. */
export function without(value: Json, path: readonly string[]): Json | undefined {
  return changed(value, path, () => undefined);
}

/** The value with another one at the path, where there is one. */
export function replacedAt(value: Json, path: readonly string[], by: Json): Json {
  return changed(value, path, () => by) ?? by;
}

function changed(value: Json, [first, ...rest]: readonly string[], change: () => Json | undefined): Json | undefined {
  if (first === undefined) return change();
  if (Array.isArray(value)) {
    const items = value.map((item: Json, at) => (String(at) === first ? changed(item, rest, change) : item));
    return items.filter((item) => item !== undefined);
  }
  if (!(value instanceof Map) || !value.has(first)) return value;
  const inner = changed(value.get(first)!, rest, change);
  const entries = [...value].flatMap(([key, item]): readonly (readonly [string, Json])[] =>
    key !== first ? [[key, item]] : inner === undefined ? [] : [[key, inner]],
  );
  return new Map(entries);
}
