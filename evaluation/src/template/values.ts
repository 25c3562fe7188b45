// Values inside of templates: those of the policy, where numbers are opaque texts, and the template's own numbers.
import { RegoNumber, RegoObject, type Value } from "../value.ts";

/** A number of the template itself: a constant, a length or an index. */
export class GoNumber {
  readonly value: number | bigint;
  constructor(value: number | bigint) {
    this.value = value;
  }
}

/** Undefined is a missing entry, null an entry that holds nothing. */
export type GoValue = undefined | null | boolean | string | RegoNumber | GoNumber | RegoObject | readonly GoValue[];

export function isList(value: GoValue): value is readonly GoValue[] {
  return Array.isArray(value);
}

/** The name of the type in Go. */
export function goType(value: GoValue): string {
  if (value === undefined || value === null) return "<nil>";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (value instanceof RegoNumber) return "json.Number";
  if (value instanceof GoNumber) return typeof value.value === "bigint" ? "int" : "float64";
  return value instanceof RegoObject ? "map[string]interface {}" : "[]interface {}";
}

/** Empty texts and collections and zero are false; a number of the policy is a text that is never empty. */
export function isTrue(value: GoValue): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value !== "";
  if (value instanceof RegoNumber) return value.text !== "";
  if (value instanceof GoNumber) return Number(value.value) !== 0;
  return value instanceof RegoObject ? value.entries.length > 0 : value.length > 0;
}

export function fromValue(value: Value): GoValue {
  return value as GoValue;
}
