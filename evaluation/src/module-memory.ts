// The memory of a module as the host reads and writes it: texts in UTF-8, records of numbers.
import { OUT_OF_MEMORY } from "#compiler/wasm/abi.ts";
import { Abort } from "./abort.ts";

export const pageBytes = 65_536;

/** Bytes that always fit into a string. */
const longestText = 1 << 28;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** JavaScript sees the upper half of the memory at negative numbers. */
export function address(value: number): number {
  return value >>> 0;
}

export class ModuleMemory {
  readonly memory: WebAssembly.Memory;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
  }

  get size(): number {
    return this.memory.buffer.byteLength;
  }

  view(from = 0): DataView {
    return new DataView(this.memory.buffer, from);
  }

  put(at: number, bytes: Uint8Array): void {
    new Uint8Array(this.memory.buffer).set(bytes, at);
  }

  clear(end: number): void {
    new Uint8Array(this.memory.buffer, 0, end).fill(0);
  }

  /** Writes a text, growing the memory where it must; gives its bytes. Aborts when it may not grow so far. */
  write(at: number, text: string): number {
    const most = text.length * 3 + 64;
    const missing = at + most - this.size;
    if (missing > 0) {
      try {
        this.memory.grow(Math.ceil(missing / pageBytes));
      } catch {
        throw new Abort(OUT_OF_MEMORY);
      }
    }
    return encoder.encodeInto(text, new Uint8Array(this.memory.buffer, at)).written;
  }

  text(at: number, length: number): string {
    const bytes = new Uint8Array(this.memory.buffer, address(at), address(length));
    try {
      return decoder.decode(bytes);
    } catch (error) {
      // A string has fewer characters than the memory has bytes.
      if (bytes.length < longestText) throw error;
      throw new Abort(OUT_OF_MEMORY);
    }
  }

  /** The text up to the next zero. */
  cString(at: number): string {
    const bytes = new Uint8Array(this.memory.buffer);
    return this.text(at, bytes.indexOf(0, address(at)) - address(at));
  }
}
