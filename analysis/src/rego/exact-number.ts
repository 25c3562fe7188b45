// Numbers in JSON with the digits that they were written with.

const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** A number for `JSON.stringify` with every digit it was written with. */
export function exactNumber(text: string): unknown {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? rawJson(text) : Number(text);
}
