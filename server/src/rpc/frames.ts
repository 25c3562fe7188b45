// The wire form of LSP's base protocol: `Content-Length` headers, a blank line, JSON in UTF-8. A broken frame is reported and skipped.

export type Frame = { readonly message: unknown } | { readonly fault: string };

const blankLine = [13, 10, 13, 10];
const headerName = new TextEncoder().encode("Content-Length:");
/** A longer message cannot be a JSON text that JavaScript holds. */
const maxBody = 512 * 1024 * 1024;
/** What waits for a blank line is no header beyond this. */
const maxHeader = 16 * 1024;
const keptOfHeader = 64;
const maxHeaderLine = 64;
const decoder = new TextDecoder("utf-8");

/** Cuts a stream of bytes into messages. */
export class FrameReader {
  #buffer = new Uint8Array(0);
  #start = 0;
  #end = 0;
  /** Bytes of the unfinished body that hold no header. */
  #searched = 0;

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
    if (blank < 0) {
      if (data.length <= maxHeader) return undefined;
      this.#start += data.length - keptOfHeader;
      return { fault: "bytes that are no message were skipped" };
    }
    const header = decoder.decode(data.subarray(0, blank));
    const length = /(?:^|\r\n)content-length:[ \t]*(\d+)[ \t]*(?:\r\n|$)/iu.exec(header)?.[1];
    const bodyStart = blank + blankLine.length;
    if (length === undefined) {
      // Behind bytes that are no message there may be a header all the same.
      const behind = /content-length:[ \t]*\d+[ \t]*(?:\r\n[^\n]*)*$/iu.exec(header);
      const skipped = behind === null ? bodyStart : blank - new TextEncoder().encode(behind[0]).length;
      this.#start += Math.max(skipped, 1);
      return { fault: "a message without a Content-Length header was skipped" };
    }
    if (Number(length) > maxBody) {
      this.#start += bodyStart;
      return { fault: `a message of ${length} bytes was skipped: ${maxBody} are the most` };
    }
    const bodyEnd = bodyStart + Number(length);
    if (data.length < bodyEnd) return this.#cutShort(data, bodyStart);
    this.#searched = 0;
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

  /** A message whose length is too great holds the header of the next one, which no JSON text can: go on there. */
  #cutShort(data: Uint8Array, bodyStart: number): Frame | undefined {
    const from = bodyStart + Math.max(this.#searched - maxHeaderLine, 0);
    for (let at = find(data, headerName, from); at >= 0; at = find(data, headerName, at + 1)) {
      const line = decoder.decode(data.subarray(at, at + maxHeaderLine));
      if (!/^content-length:[ \t]*\d+[ \t]*\r\n/iu.test(line)) continue;
      this.#start += at;
      this.#searched = 0;
      return { fault: "a message that ends before its Content-Length was skipped" };
    }
    this.#searched = data.length - bodyStart;
    return undefined;
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
