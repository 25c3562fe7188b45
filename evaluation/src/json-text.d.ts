import { type Value } from "./value.ts";
export type JsonRead =
  | {
      readonly value: Value;
    }
  | {
      readonly fault: string;
    };
/** One document; bytes and surrogates that are no text become U+FFFD. */
export declare function readJsonText(text: string): JsonRead;
/** Compact, keys sorted, sets as arrays; keys that are no strings as their JSON text. */
export declare function writeJsonText(value: Value): string;
