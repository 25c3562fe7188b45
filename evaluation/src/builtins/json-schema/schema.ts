// A compiled JSON schema: what each keyword asks of a document.
import type { Value } from "../../value.ts";

/** Keywords of drafts 4, 6 and 7; a keyword that is not there asks nothing. */
export interface Schema {
  /** A schema that is `true` or `false`. */
  pass?: boolean;
  /** The schema that `$ref` names; nothing else counts then. */
  reference?: Schema;
  types: string[];
  properties: (readonly [string, Schema])[];
  patternProperties: (readonly [string, Schema])[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  dependencies: Map<string, readonly string[] | Schema>;
  required: string[];
  minProperties?: number;
  maxProperties?: number;
  items?: Schema | Schema[];
  additionalItems?: boolean | Schema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  contains?: Schema;
  /** Numbers as texts. */
  multipleOf?: string;
  minimum?: string;
  exclusiveMinimum?: string;
  maximum?: string;
  exclusiveMaximum?: string;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  /** The JSON text of the one value. */
  const?: string;
  enum?: string[];
  oneOf: Schema[];
  anyOf: Schema[];
  allOf: Schema[];
  not?: Schema;
  if?: Schema;
  then?: Schema;
  else?: Schema;
}

export function emptySchema(): Schema {
  return {
    types: [],
    properties: [],
    patternProperties: [],
    dependencies: new Map(),
    required: [],
    oneOf: [],
    anyOf: [],
    allOf: [],
  };
}

/** Documents that may be schemas, by absolute address. */
export interface PooledDocument {
  readonly document: Value;
  readonly draft: Draft | undefined;
}

/** `hybrid`: no `$schema` says which; the keywords of all drafts count. */
export type Draft = 4 | 6 | 7 | "hybrid";

export function atLeast(draft: Draft, version: 6 | 7): boolean {
  return draft === "hybrid" || draft >= version;
}
