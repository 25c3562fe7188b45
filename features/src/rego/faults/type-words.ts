// Types in the reader's words: `{"name": string}`, `list of numbers`, instead of OPA's `object<name: string>`.
import { typeToJson } from "#analysis/rego/types/print.ts";
import type { Maybe } from "#analysis/rego/types/type.ts";

/** A type in the JSON form of OPA's error details. */
export interface TypeJson {
  readonly type?: string;
  readonly name?: string;
  readonly of?: TypeJson | readonly TypeJson[];
  readonly static?: readonly (TypeJson & { readonly key?: unknown; readonly value?: TypeJson })[];
  readonly dynamic?: TypeJson & { readonly key?: TypeJson; readonly value?: TypeJson };
}

const deepest = 4;

/** What a type of the checker is called. */
export const typeText = (type: Maybe): string => typeWords(typeToJson(type) as TypeJson);

/** What a type is called; the depth keeps great types short. */
export function typeWords(type: TypeJson | null | undefined, depth = 0): string {
  if (type === null || type === undefined) return "unknown";
  if (depth > deepest) return "…";
  const inner = (one: TypeJson | null | undefined): string => typeWords(one, depth + 1);
  switch (type.type) {
    case "array":
      if (type.static !== undefined)
        return `[${[...type.static.map(inner), ...(type.dynamic === undefined ? [] : [`${inner(type.dynamic)}…`])].join(", ")}]`;
      return isAny(type.dynamic) ? "array" : `array of ${inner(type.dynamic)}`;
    case "set":
      return Array.isArray(type.of) || isAny(type.of as TypeJson | undefined) ? "set" : `set of ${inner(type.of as TypeJson)}`;
    case "object": {
      const fields = (type.static ?? []).map(({ key, value }) => `${JSON.stringify(key)}: ${inner(value)}`);
      if (fields.length > 0) return `{${[...fields, ...(type.dynamic === undefined ? [] : ["…"])].join(", ")}}`;
      return type.dynamic === undefined || isAny(type.dynamic.value) ? "object" : `object of ${inner(type.dynamic.value)}`;
    }
    case "any":
      return Array.isArray(type.of) && type.of.length > 0 ? type.of.map(inner).join(" or ") : "any";
    default:
      return type.type ?? "unknown";
  }
}

function isAny(type: TypeJson | null | undefined): boolean {
  return type === null || type === undefined || (type.type === "any" && (!Array.isArray(type.of) || type.of.length === 0));
}

/** True when a value of one type is of the other one's kind; what is not known fits. */
export function fitsKind(have: TypeJson | null | undefined, want: TypeJson | null | undefined): boolean {
  if (isAny(have) || isAny(want)) return true;
  const kinds = (type: TypeJson): readonly TypeJson[] =>
    type.type === "any" ? (Array.isArray(type.of) ? type.of : []).flatMap(kinds) : [type];
  return kinds(have!).some((a) => kinds(want!).some((b) => fitsOne(a, b)));
}

function fitsOne(have: TypeJson, want: TypeJson): boolean {
  if (have.type !== want.type) return isAny(want);
  if (have.type === "array" && have.static === undefined && want.static === undefined)
    return fitsKind(have.dynamic, want.dynamic);
  if (have.type === "array" && want.static === undefined)
    return (have.static ?? []).every((item) => fitsKind(item, want.dynamic));
  return true;
}
