// Random JSON documents over few keys and values, so that programs find what they look for.
import type { Random } from "../random.ts";

export const KEYS = ["a", "b", "c", "d"] as const;
const NUMBERS = [
  "0",
  "1",
  "2",
  "3",
  "-1",
  "1.5",
  "2.0",
  "10",
  "1e2",
  "0.1",
  "9007199254740993",
  "12345678901234567890",
  "-0",
  "1e-7",
  "9223372036854775807",
  "-9223372036854775809",
  "123456789012345678901234567890",
  "1e30",
  "0.30000000000000004",
  "18446744073709551616",
  "1.0",
  "-2.50",
  "4294967296",
  "1e19",
  "123.456e2",
];
const STRINGS = [
  "",
  "a",
  "b",
  "c",
  "ab",
  "a.b",
  "A",
  "é",
  "1",
  "日本",
  "😀",
  "e\u0301",
  'a\n"b\\',
  "{}",
  "%d",
  "/a~1b",
  "10",
  "1.5",
  "true",
  "[1]",
  "a b",
  "ß",
  "%v",
  "^a",
  "\u0000",
  "10.0.0.1",
  "1.2.4",
  "1h",
];

/** The JSON text of a scalar. */
export function scalar(random: Random): string {
  switch (random.below(8)) {
    case 0:
      return "null";
    case 1:
      return random.pick(["true", "false"]);
    case 2:
    case 3:
    case 4:
      return random.pick(NUMBERS);
    default:
      return JSON.stringify(random.pick(STRINGS));
  }
}

/** Text between the expressions of a template. */
export function scalarIn(random: Random): string {
  return random.pick(["", "-", " ", "é", "\\t", "\\{", "%v", "😀"]);
}

/** The JSON text of a value nested at most `depth` deep. */
export function json(random: Random, depth: number): string {
  const kind = depth === 0 ? 9 : random.below(10);
  if (kind < 3) return `[${Array.from({ length: random.below(4) }, () => json(random, depth - 1)).join(",")}]`;
  if (kind < 6) return object(random, depth);
  return scalar(random);
}

/** The JSON text of an object. */
export function object(random: Random, depth: number): string {
  const keys = KEYS.filter(() => random.below(3) > 0);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${json(random, depth - 1)}`).join(",")}}`;
}

/** An input with fields of known kinds beside arbitrary ones. */
export function document(random: Random): string {
  const list = (one: () => string): string => `[${Array.from({ length: random.below(4) }, one).join(",")}]`;
  return `{"n":${random.pick(NUMBERS)},"m":${random.pick(NUMBERS)},"s":${JSON.stringify(random.pick(STRINGS))},"t":${JSON.stringify(random.pick(STRINGS))},"ns":${list(() => random.pick(NUMBERS))},"ss":${list(() => JSON.stringify(random.pick(STRINGS)))},"o":${object(random, 3)},"os":${list(() => object(random, 2))},"v":${json(random, 3)},"w":${json(random, 2)}}`;
}
