// What the runner knows of a kit's format: how to recognise a file of it and how to judge each of its cases.
import type { ExactJson } from "./exact-json.ts";

export interface CaseResult {
  readonly id: string;
  /** `unsupported`: we said clearly that something is not there yet; `failed`: a wrong answer. Both fail a run. */
  readonly outcome: "passed" | "failed" | "unsupported";
  readonly why?: string;
}

export interface CaseFile {
  readonly path: string;
  /** The whole document, or one entry per line for JSON lines. */
  readonly content: ExactJson;
  readonly lines: boolean;
}

export interface Format {
  readonly name: string;
  recognises(file: CaseFile): boolean;
  /** One result per case of the file. */
  run(file: CaseFile): AsyncIterable<CaseResult> | Iterable<CaseResult>;
}

export type ExactObject = { readonly [key: string]: ExactJson };

export function isObject(value: ExactJson | undefined): value is ExactObject {
  return (
    value !== null &&
    typeof value === "object" &&
    !Array.isArray(value) &&
    !("text" in value && Object.keys(value).length === 1 && value.constructor !== Object)
  );
}

/** The cases of a document `{…, [key]: [...]}`; undefined when it has none. */
export function casesOf(file: CaseFile, key: string): readonly ExactObject[] | undefined {
  if (file.lines || !isObject(file.content)) return undefined;
  const cases = file.content[key];
  return Array.isArray(cases) && cases.every((one) => isObject(one)) ? (cases as readonly ExactObject[]) : undefined;
}

export const text = (value: ExactJson | undefined): string => (typeof value === "string" ? value : "");
