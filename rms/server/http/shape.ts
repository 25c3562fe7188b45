// Reads the members of a request body, whose shape was checked against the route table before.
import { invalid } from "./problem.ts";

export type Body = Readonly<Record<string, unknown>>;

/** The body; an empty one where none was sent. */
export function bodyOf({ body }: { readonly body: unknown }): Body {
  if (body === undefined) return {};
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw invalid("The body must be an object.");
  return body as Body;
}

export function textField(body: Body, name: string): string {
  const value = optionalText(body, name);
  if (value === undefined) throw invalid(`${name} is missing.`);
  return value;
}

export function optionalText(body: Body, name: string): string | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw invalid(`${name} must be a text.`);
  return value;
}

export function textList(body: Body, name: string): readonly string[] {
  const value = body[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string"))
    throw invalid(`${name} must be a list of texts.`);
  return value;
}

export function optionalNumber(body: Body, name: string): number | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number") throw invalid(`${name} must be a number.`);
  return value;
}

export function optionalTruth(body: Body, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== "boolean") throw invalid(`${name} must be true or false.`);
  return value;
}

/** Why a change is made, from the body or the query; empty when nobody says. */
export function reasonOf(call: { readonly body: unknown; readonly query: URLSearchParams }): string {
  const given = typeof call.body === "object" && call.body !== null ? optionalText(bodyOf(call), "reason") : undefined;
  return given ?? call.query.get("reason") ?? "";
}

/** An RFC 3339 time as seconds since 1970. */
export function optionalTime(body: Body, name: string): number | undefined {
  const text = optionalText(body, name);
  if (text === undefined) return undefined;
  const millis = Date.parse(text);
  if (Number.isNaN(millis)) throw invalid(`${name} is no time.`);
  return Math.floor(millis / 1000);
}
