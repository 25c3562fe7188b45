// JSON Pointers (RFC 6901) into parsed JSON.

export const isPointer = (text: string): boolean => text === "" || /^(?:\/(?:[^~/]|~[01])*)+$/.test(text);

/** The value there; undefined where there is none. */
export function atPointer(value: unknown, pointer: string): unknown {
  let found = value;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}
