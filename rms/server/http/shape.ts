// Reads request bodies by shape: unknown names are refused, since a typo in `validUntil` must not grant for ever.
import { invalid } from "./problem.ts";

export type Body = Readonly<Record<string, unknown>>;

export function objectBody(value: unknown, names: readonly string[]): Body {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid("The body must be a JSON object.");
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw invalid(`The body has the unknown name ${JSON.stringify(unknown)}; known are ${names.join(", ")}.`);
  return value as Body;
}

export function textField(body: Body, name: string, options: { readonly pattern?: RegExp; readonly max?: number } = {}): string {
  const value = optionalText(body, name, options);
  if (value === undefined) throw invalid(`${name} is missing.`);
  return value;
}

export function optionalText(
  body: Body,
  name: string,
  options: { readonly pattern?: RegExp; readonly max?: number } = {},
): string | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw invalid(`${name} must be a text.`);
  if (value.length > (options.max ?? 4096)) throw invalid(`${name} is longer than ${options.max ?? 4096} characters.`);
  if (options.pattern !== undefined && !options.pattern.test(value))
    throw invalid(`${name} must match ${options.pattern.source}.`);
  return value;
}

export function textList(body: Body, name: string): readonly string[] {
  const value = body[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string"))
    throw invalid(`${name} must be a list of texts.`);
  return value;
}

/** An RFC 3339 time as seconds since 1970. */
export function optionalTime(body: Body, name: string): number | undefined {
  const text = optionalText(body, name, { pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)$/ });
  if (text === undefined) return undefined;
  const millis = Date.parse(text);
  if (Number.isNaN(millis)) throw invalid(`${name} is no time.`);
  return Math.floor(millis / 1000);
}
