// What is in the editors as the fragment of an address, and back. A fragment comes from anybody: it is read within bounds, and only as four texts.

export interface Texts {
  readonly policy: string;
  readonly tests: string;
  readonly input: string;
  readonly data: string;
}

const names = ["policy", "tests", "input", "data"] as const satisfies readonly (keyof Texts)[];

/** Characters of a fragment, and bytes of what it holds: a small fragment could unfold to a large text. */
const longestFragment = 64_000;
const mostBytes = 256_000;
const mark = "#1.";

/** The fragment of the texts; undefined where they are too long for an address. */
export async function fragmentOf(texts: Texts): Promise<string | undefined> {
  const bytes = new TextEncoder().encode(JSON.stringify(Object.fromEntries(names.map((name) => [name, texts[name]]))));
  if (bytes.length > mostBytes) return undefined;
  const packed = await through(bytes, new CompressionStream("deflate-raw"));
  const fragment = mark + base64(packed ?? bytes);
  return fragment.length > longestFragment ? undefined : fragment;
}

/** The texts of a fragment; undefined for one that is not of this page. */
export async function textsOf(fragment: string): Promise<Texts | undefined> {
  if (!fragment.startsWith(mark) || fragment.length > longestFragment) return undefined;
  try {
    const bytes = await through(bytesOf(fragment.slice(mark.length)), new DecompressionStream("deflate-raw"));
    if (bytes === undefined) return undefined;
    const found: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof found !== "object" || found === null || Array.isArray(found)) return undefined;
    const own = new Map(Object.entries(found));
    const [policy, tests, input, data] = names.map((name) => own.get(name));
    const isText = (one: unknown): one is string => typeof one === "string";
    if (own.size !== names.length || !isText(policy) || !isText(tests) || !isText(input) || !isText(data)) return undefined;
    return { policy, tests, input, data };
  } catch {
    // Not base64, not compressed, not UTF-8, or no JSON.
    return undefined;
  }
}

/** What a stream makes of bytes; undefined where that is too much. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > mostBytes) {
      await reader.cancel();
      return undefined;
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/u, "");
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const found = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(found, (char) => char.charCodeAt(0));
}
