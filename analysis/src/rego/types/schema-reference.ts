// References inside of a JSON schema: `#/definitions/a%20b`, as JSON pointers in the fragment of a URI (RFC 6901, section 6).

type Json = Readonly<Record<string, unknown>>;

export type Referenced = { readonly value: unknown; readonly path: readonly string[] } | { readonly problem: string };

/** What a reference of a schema points at, with the keys that lead there from the root. */
export function referenced(root: unknown, reference: string): Referenced {
  if (!reference.startsWith("#")) return { problem: `remote reference loading disabled: ${reference}` };
  const path: string[] = [];
  let value = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    const decoded = unescaped(part);
    if (decoded === undefined) return { problem: `invalid escape in the reference ${reference}` };
    const key = decoded.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(value)) value = value[Number(key)];
    else if (typeof value === "object" && value !== null && Object.hasOwn(value, key)) value = (value as Json)[key];
    else return { problem: `Object has no key '${key}'` };
    path.push(key);
  }
  return { value, path };
}

function unescaped(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
