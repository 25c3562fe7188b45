// The wire form of LSP's base protocol: `Content-Length` headers, a blank line, JSON in UTF-8. A broken frame is reported and skipped.

export type Frame = { readonly message: unknown } | { readonly fault: string };

const blankLine = [13, 10, 13, 10];
const headerName = new TextEncoder().encode("Content-Length:");
const decoder = new TextDecoder("utf-8");

/** Cuts a stream of bytes into messages. */
export class FrameReader {
  #buffer = new Uint8Array(0);
  #start = 0;
  #end = 0;

  /** Takes the next bytes and gives every message that is complete by now. */
  push(bytes: Uint8Array): readonly Frame[] {
    this.#append(bytes);
    const frames: Frame[] = [];
    for (;;) {
      const frame = this.#next();
      if (frame === undefined) return frames;
      frames.push(frame);
    }
  }

  #append(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#buffer.length) {
      const held = this.#buffer.subarray(this.#start, this.#end);
      const grown = new Uint8Array(Math.max(2 * (held.length + bytes.length), 8192));
      grown.set(held);
      this.#buffer = grown;
      this.#start = 0;
      this.#end = held.length;
    }
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #next(): Frame | undefined {
    const data = this.#buffer.subarray(this.#start, this.#end);
    const blank = find(data, blankLine, 0);
    if (blank < 0) return undefined;
    const header = decoder.decode(data.subarray(0, blank));
    const length = /(?:^|\r\n)content-length:[ \t]*(\d+)[ \t]*(?:\r\n|$)/iu.exec(header)?.[1];
    const bodyStart = blank + blankLine.length;
    if (length === undefined) {
      this.#start += bodyStart;
      return { fault: "a message without a Content-Length header was skipped" };
    }
    const bodyEnd = bodyStart + Number(length);
    if (data.length < bodyEnd) return undefined;
    const body = data.subarray(bodyStart, bodyEnd);
    try {
      const message: unknown = JSON.parse(decoder.decode(body));
      this.#start += bodyEnd;
      return { message };
    } catch (error) {
      // A wrong length swallows the start of the next frame: go on at the header found inside, if any.
      const inside = find(body, headerName, 0);
      this.#start += inside > 0 ? bodyStart + inside : bodyEnd;
      return { fault: `a message that is not JSON was skipped: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
}

/** The bytes of one message. */
export function encodeFrame(message: unknown): Uint8Array {
  const encoder = new TextEncoder();
  const body = encoder.encode(JSON.stringify(message));
  const header = encoder.encode(`Content-Length: ${body.length}\r\n\r\n`);
  const out = new Uint8Array(header.length + body.length);
  out.set(header);
  out.set(body, header.length);
  return out;
}

function find(data: Uint8Array, wanted: ArrayLike<number>, from: number): number {
  const first = wanted[0]!;
  for (let at = data.indexOf(first, from); at >= 0; at = data.indexOf(first, at + 1)) {
    let same = 1;
    while (same < wanted.length && data[at + same] === wanted[same]) same += 1;
    if (same === wanted.length) return at;
  }
  return -1;
}
