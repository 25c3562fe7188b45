// JSON pointers in schemas.
import { parseUri } from "#grammars/text/go-url.ts";
import { RegoObject, type Value } from "../../value.ts";
import { failure } from "../builtin.ts";

/** What a JSON pointer, written as a fragment, points at; a fragment that is no pointer means the whole document. */
export function pointedAt(document: Value, fragment: string): Value {
  const parsed = parseUri(`#${fragment}`);
  const pointer = "value" in parsed ? parsed.value.fragment : fragment;
  if (!pointer.startsWith("/")) return document;
  let node = document;
  for (const token of pointer.slice(1).split("/")) {
    if (node instanceof RegoObject) {
      const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
      const next = node.get(key);
      if (next === undefined) throw failure(`Object has no key '${key}'`);
      node = next;
    } else if (Array.isArray(node)) {
      const items = node as readonly Value[];
      if (!/^[+-]?[0-9]+$/u.test(token)) throw failure(`Invalid array index '${token}'`);
      const index = Number(token);
      if (index < 0 || index >= items.length) throw failure(`Out of bound array[0,${items.length}] index '${index}'`);
      node = items[index]!;
    } else throw failure(`Invalid token reference '${token}'`);
  }
  return node;
}
