// The environment as a document: dots in names split into paths, every value is a string.
import { emptyObject, makeArray, type ObjectNode, type Place, type Source, type StringValue, type Value } from "./value.ts";

/** The file name under which origins show a value of the environment. */
export const ENVIRONMENT_NAME = "env variables";

const SOURCE: Source = { file: ENVIRONMENT_NAME, parsed: undefined, includedBy: undefined };
const PLACE: Place = { source: SOURCE, start: 0, end: 0 };

function stringValue(text: string): StringValue {
  return { kind: "string", ...PLACE, text, quoted: true };
}

/** Builds the document. Where one name is the beginning of another's path, the longer one wins. */
export function environmentObject(variables: ReadonlyMap<string, string>): ObjectNode {
  const root = emptyObject(PLACE);
  for (const [name, text] of variables) {
    const path = name.split(".");
    let object = root;
    for (const element of path.slice(0, -1)) {
      const next = object.fields.get(element);
      if (next?.kind === "object") object = next;
      else {
        const made = emptyObject(PLACE);
        object.fields.set(element, made);
        object = made;
      }
    }
    const last = path.at(-1)!;
    if (object.fields.get(last)?.kind !== "object") object.fields.set(last, stringValue(text));
  }
  return root;
}

/** `${X[]}`: the variables `X_0`, `X_1`, … up to the first gap; undefined without any. */
export function environmentList(variables: ReadonlyMap<string, string>, name: string): Value | undefined {
  const items: Value[] = [];
  for (let index = 0; ; index++) {
    const text = variables.get(`${name}_${index}`);
    if (text === undefined) break;
    items.push(stringValue(text));
  }
  return items.length === 0 ? undefined : makeArray(PLACE, items);
}
