// What is hidden of an input may stand in the decision, too: there it is hidden as well.
import { type Json, NumberText } from "#bundles/canonical-json.ts";

/** A decision without what is hidden, and where something stood in its place: at these paths anything is expected. */
export interface Hidden {
  readonly value: Json;
  readonly ignore: readonly (readonly string[])[];
}

/** A shorter text or number is found where it stands alone, for it is in many others by chance. */
const shortest = 4;

/** Hides what repeats a text or a number of the hidden values; undefined where that is the decision as a whole. */
export function hideRepeated(decision: Json, hidden: readonly Json[], by: string): Hidden | undefined {
  const texts = [...new Set(hidden.flatMap(textsIn))];
  const repeats = (text: string): boolean => texts.some((one) => text === one || (one.length >= shortest && text.includes(one)));
  const ignore: (readonly string[])[] = [];
  const hide = (value: Json, path: readonly string[]): Json => {
    if (typeof value === "string" || value instanceof NumberText) {
      if (!repeats(textOf(value))) return value;
      ignore.push(path);
      return by;
    }
    if (Array.isArray(value)) return value.map((item: Json, at) => hide(item, [...path, String(at)]));
    if (!(value instanceof Map)) return value;
    // A key cannot be ignored by itself, and neither can what stands below one that a path cannot name.
    const before = ignore.length;
    const members = new Map([...value].map(([key, member]) => [key, hide(member, [...path, key])] as const));
    const isUnnamed = ignore.slice(before).some((found) => /[.*]/u.test(found[path.length] ?? ""));
    if (!isUnnamed && ![...value.keys()].some(repeats)) return members;
    ignore.splice(before, Number.POSITIVE_INFINITY, path);
    return by;
  };
  const value = hide(decision, []);
  return ignore.some((path) => path.length === 0) ? undefined : { value, ignore };
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === "string" || value instanceof NumberText) return textOf(value) === "" ? [] : [textOf(value)];
  if (Array.isArray(value)) return value.flatMap((item: Json) => textsIn(item));
  return value instanceof Map ? [...value].flatMap(([key, member]) => [key, ...textsIn(member)]) : [];
}

const textOf = (value: string | NumberText): string => (typeof value === "string" ? value : value.text);
