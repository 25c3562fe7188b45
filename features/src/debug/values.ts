// Values as a debugger shows them: a short text, and what is inside in pages.
import { readRegoText, writeTerm } from "#evaluation/rego-text.ts";
import { RegoObject, RegoSet, typeOf, type Value } from "#evaluation/value.ts";
import { isPlainName } from "#grammars/rego/print-terms.ts";

/** A variable, or something inside one. */
export interface Shown {
  readonly name: string;
  readonly text: string;
  readonly type: string;
  /** How many members and elements it has. */
  readonly named: number;
  readonly indexed: number;
  /** An expression that gives it; none where there is none. */
  readonly path: string | undefined;
  /** What it is; without it there is nothing inside that could be looked at. */
  readonly value: Value | undefined;
}

const longestText = 200;

/** A value given as Rego text. */
export function shownText(name: string, text: string, path?: string): Shown {
  return shown(name, readRegoText(text), path);
}

export function shown(name: string, value: Value, path?: string): Shown {
  const isList = Array.isArray(value);
  const items = isList ? value.length : value instanceof RegoSet ? value.items.length : 0;
  const entries = value instanceof RegoObject ? value.entries.length : 0;
  return { name, text: shortText(value), type: typeOf(value), named: entries, indexed: items, path, value };
}

/** A value that is not there. */
export function shownAbsence(name: string, text = "undefined"): Shown {
  return { name, text, type: "undefined", named: 0, indexed: 0, path: undefined, value: undefined };
}

/** What is inside a value: `count` of them from `start` on, all without them. */
export function inside({ value, path }: Pick<Shown, "value" | "path">, start = 0, count = 0): readonly Shown[] {
  const end = count > 0 ? start + count : undefined;
  if (value instanceof RegoObject)
    return value.entries.slice(start, end).map(([key, one]) => shown(keyName(key), one, path && `${path}${step(key)}`));
  if (value instanceof RegoSet)
    return value.items.slice(start, end).map((one, at) => shown(String(start + at), one, path && `${path}[${writeTerm(one)}]`));
  if (Array.isArray(value))
    return (value as readonly Value[])
      .slice(start, end)
      .map((one, at) => shown(String(start + at), one, path && `${path}[${start + at}]`));
  return [];
}

function keyName(key: Value): string {
  return typeof key === "string" ? key : writeTerm(key);
}

/** How a key is written behind a reference. */
function step(key: Value): string {
  return typeof key === "string" && isPlainName(key) ? `.${key}` : `[${writeTerm(key)}]`;
}

/** The value on one line; of a long one the beginning. */
export function shortText(value: Value, longest = longestText): string {
  let text = "";
  const isLong = (): boolean => text.length > longest;
  const write = (one: Value): void => {
    if (isLong()) return;
    if (Array.isArray(one)) list("[", one as readonly Value[], "]");
    else if (one instanceof RegoSet && one.items.length > 0) list("{", one.items, "}");
    else if (one instanceof RegoObject) object(one);
    else text += writeTerm(typeof one === "string" ? one.slice(0, longest) : one);
  };
  const list = (open: string, items: readonly Value[], close: string): void => {
    text += open;
    for (const [at, item] of items.entries()) {
      if (isLong()) return;
      if (at > 0) text += ", ";
      write(item);
    }
    text += close;
  };
  const object = ({ entries }: RegoObject): void => {
    text += "{";
    for (const [at, [key, inner]] of entries.entries()) {
      if (isLong()) return;
      if (at > 0) text += ", ";
      write(key);
      text += ": ";
      write(inner);
    }
    text += "}";
  };
  write(value);
  return isLong() ? `${text.slice(0, longest)}…` : text;
}

/** The whole value as Rego text, for the clipboard. */
export function wholeText(value: Value): string {
  return writeTerm(value);
}
