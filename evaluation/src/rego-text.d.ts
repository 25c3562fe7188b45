import { type Value } from "./value.ts";
/** Reads one value; throws SyntaxError on other text, which only a broken module can give. Nesting is bounded by the runtime (10,000 levels). */
export declare function readRegoText(text: string): Value;
/** UTF-8 to text; a byte that is no UTF-8 becomes the lone surrogate U+DC00 + byte. */
export declare function decodeBytes(bytes: Uint8Array): string;
/** The bytes of a value's string, the inverse of `decodeBytes`. */
export declare function encodeBytes(text: string): Uint8Array;
/** Writes a value as Rego text: keys and members in order, `set()` for the empty set. */
export declare function writeRegoText(value: Value): string;
/** Writes a value as JSON text: sets as arrays, other keys than strings as their JSON text; of equal texts the later key wins. */
export declare function writeJson(value: Value): string;
