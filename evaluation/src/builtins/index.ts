// The host builtins by name: one list of families.
import { aws } from "./aws.ts";
import type { BuiltinFunction, Family } from "./builtin.ts";
import { chance } from "./chance.ts";
import { globsMatch } from "./globs-match.ts";
import { graphql } from "./graphql.ts";
import { host } from "./host.ts";
import { http } from "./http.ts";
import { jsonSchema } from "./json-schema/index.ts";
import { jwt } from "./jwt.ts";
import { output } from "./output.ts";
import { rego } from "./rego.ts";
import { templates } from "./templates.ts";
import { time } from "./time.ts";
import { uri } from "./uri.ts";
import { x509 } from "./x509.ts";
import { yaml } from "./yaml.ts";

const families: readonly Family[] = [
  aws,
  chance,
  globsMatch,
  graphql,
  host,
  http,
  jsonSchema,
  jwt,
  output,
  rego,
  templates,
  time,
  uri,
  x509,
  yaml,
];

export const hostBuiltins: ReadonlyMap<string, BuiltinFunction> = new Map(families.flatMap((family) => Object.entries(family)));
