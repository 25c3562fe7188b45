// Constants as ready values in static memory: the layouts are those of compiler/runtime/word.ts and collection.ts.
import { ByteWriter } from "./bytes.ts";

export const UNDEFINED = 0n;
export const NULL = 1n;
export const FALSE = 2n;
export const TRUE = 0x12n;
/** What a memo slot holds for a rule that was evaluated and is undefined. */
export const MEMO_UNDEFINED = 15n;

export const TAG_INTEGER = 3;
export const TAG_NUMBER = 4;
export const TAG_STRING = 5;
export const TAG_ARRAY = 6;
export const TAG_OBJECT = 7;
export const TAG_SET = 8;

const SORTED = 0x80000000;
const STALE = 0x40000000;
/** Collections up to this size are searched without an index. */
const LINEAR = 8;
const SMALLEST = -(1n << 59n);
const LARGEST = (1n << 59n) - 1n;

/** The word of an integer, when it fits. */
function integerWord(n: bigint): bigint | undefined {
  return n >= SMALLEST && n <= LARGEST ? BigInt.asIntN(64, (n << 4n) | BigInt(TAG_INTEGER)) : undefined;
}

const encoder = new TextEncoder();

export class Constants {
  readonly #out = new ByteWriter();
  readonly #base: number;
  /** Whether one of the numbers is not spelled as others of its value are; see `unusual_spellings`. */
  unusualSpellings = false;
  readonly #texts = new Map<string, { address: number; length: number }>();

  constructor(base: number) {
    this.#base = base;
  }

  get length(): number {
    return this.#out.length;
  }

  get bytes(): Uint8Array {
    return this.#out.finish();
  }

  #align(): number {
    while (this.#out.length % 8 !== 0) this.#out.byte(0);
    return this.#base + this.#out.length;
  }

  #text(text: string): { address: number; length: number } {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const bytes = encoder.encode(text);
    const place = { address: this.#base + this.#out.length, length: bytes.length };
    this.#out.bytes(bytes);
    this.#texts.set(text, place);
    return place;
  }

  #slice(text: string, tag: number): bigint {
    const { address, length } = this.#text(text);
    return BigInt.asIntN(64, (BigInt(address) << 32n) | BigInt(length * 16 + tag));
  }

  string(text: string): bigint {
    return this.#slice(text, TAG_STRING);
  }

  /** A number by its spelling, which is kept unless it is that of a small integer. */
  number(text: string): bigint {
    const small = /^(0|-?[1-9][0-9]{0,17})$/.test(text) ? integerWord(BigInt(text)) : undefined;
    if (/e|E|\.\d*0$|^-0$/.test(text)) this.unusualSpellings = true;
    return small ?? this.#slice(text, TAG_NUMBER);
  }

  integer(n: bigint): bigint {
    return integerWord(n) ?? this.#slice(n.toString(), TAG_NUMBER);
  }

  /** Address of a text that ends in NUL; other characters than ASCII become `?` since hosts read it as bytes. */
  terminated(text: string): number {
    const ascii = text.replace(/[^ -~]/g, "?");
    return this.#text(`${ascii}\0`).address;
  }

  /** Address of words in a row. */
  words(words: readonly bigint[]): number {
    const address = this.#align();
    for (const word of words) this.#out.word(word);
    return address;
  }

  /** Address of zeroed bytes that the module writes to. */
  room(bytes: number): number {
    return this.words(Array.from({ length: (bytes + 7) >> 3 }, () => 0n));
  }

  #collection(tag: number, items: readonly bigint[], count: number, sorted: boolean): bigint {
    const itemsAt = this.words(items);
    let index = 0;
    if (tag !== TAG_ARRAY && count > LINEAR) {
      // Room for the index, which the runtime fills at the first look-up.
      let slots = 16;
      while (slots < count + (count >> 1)) slots *= 2;
      index = this.words([BigInt(slots - 1), ...Array.from({ length: slots / 2 }, () => 0n)]);
    }
    const flags = count + (sorted ? SORTED : 0) + (index === 0 ? 0 : STALE);
    const header = this.words([(BigInt(itemsAt) << 32n) | BigInt(count), (BigInt(index) << 32n) | BigInt(flags)]);
    return BigInt.asIntN(64, (BigInt(header) << 32n) | BigInt(tag));
  }

  array(items: readonly bigint[]): bigint {
    return this.#collection(TAG_ARRAY, items, items.length, true);
  }

  /** A set of different members. */
  set(members: readonly bigint[]): bigint {
    return this.#collection(TAG_SET, members, members.length, members.length < 2);
  }

  /** An object with different keys. */
  object(entries: readonly (readonly [bigint, bigint])[]): bigint {
    return this.#collection(TAG_OBJECT, entries.flat(), entries.length, entries.length < 2);
  }
}
