// What a decision log hides: its events name by JSON pointer what was erased and what was masked of `/input` and `/result`
// (OPA's documentation, "Masking Sensitive Data"). A decision that is made again must not show it.
import type { Json } from "./canonical-json.ts";
import { pathBelow, replacedAt, valueAt, without } from "./json-pointers.ts";

/** JSON pointers of an event. */
export interface Hidden {
  readonly erased: readonly string[];
  readonly masked: readonly string[];
}

/** Stands for what is nobody else's business. */
export const maskedValue = "***";

/** True when something of the document is hidden. */
export function hidesOf({ erased, masked }: Hidden, document: "/input" | "/result"): boolean {
  return [...erased, ...masked].some((pointer) => pathBelow(pointer, document) !== undefined);
}

/** The result as the log would hold it; undefined for nothing. What is masked stands as in the result that was `logged`, where it does. */
export function resultAsLogged(result: Json, { erased, masked }: Hidden, logged?: Json): Json | undefined {
  const hide = (value: Json): Json =>
    pathsOf(masked).reduce((rest, path) => {
      const stood = logged === undefined ? undefined : valueAt(logged, path);
      return replacedAt(rest, path, stood ?? maskedValue);
    }, value);
  // What is erased of an array moves what stands behind it, and the log does not tell which came first.
  const left = pathsOf(erased).reduce<Json | undefined>(
    (rest, path) => (rest === undefined ? rest : without(rest, path)),
    hide(result),
  );
  return left === undefined ? undefined : hide(left);
}

const pathsOf = (pointers: readonly string[]): readonly (readonly string[])[] =>
  pointers.flatMap((pointer) => {
    const path = pathBelow(pointer, "/result");
    return path === undefined ? [] : [path];
  });
