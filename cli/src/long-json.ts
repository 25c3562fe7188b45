// JSON that is longer than a text can be, or nests deeper than the engine's own writer goes: written in portions.
import { goJson } from "./errors.ts";
import { inPortions } from "./portions.ts";

interface Open {
  readonly items: readonly (readonly [key: string, value: unknown])[];
  readonly isArray: boolean;
  next: number;
}

/** Writes what `goJson` gives, with two spaces for each level. */
export function writeLongJson(value: unknown, write: (text: string) => void): void {
  const open: Open[] = [];
  const { add, end } = inPortions(write);
  const line = (): void => add(`\n${"  ".repeat(open.length)}`);
  const begin = (one: unknown): void => {
    // A number that keeps its text is an object, too.
    if (typeof one !== "object" || one === null || "rawJSON" in one) {
      add(goJson(one));
      return;
    }
    const items = Object.entries(one).filter(([, item]) => item !== undefined);
    const isArray = Array.isArray(one);
    add(isArray ? "[" : "{");
    open.push({ items, isArray, next: 0 });
  };
  begin(value);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const item = top.items[top.next++];
    if (item === undefined) {
      open.pop();
      if (top.items.length > 0) line();
      add(top.isArray ? "]" : "}");
      continue;
    }
    if (top.next > 1) add(",");
    line();
    if (!top.isArray) add(`${goJson(item[0])}: `);
    begin(item[1]);
  }
  end();
}
