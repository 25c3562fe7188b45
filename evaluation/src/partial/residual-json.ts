// What is left of a query as trees, in the form of OPA's Compile API.
import { bodyToJson, ruleToJson, termToJson } from "#analysis/rego/ast-json.ts";
import type { Partial } from "./partial.ts";
import type { SupportModule } from "./support.ts";

export interface ResidualJson {
  readonly queries: readonly unknown[];
  readonly support: readonly unknown[];
}

export function residualJson({ queries, support }: Pick<Partial, "queries" | "support">): ResidualJson {
  return { queries: queries.map(bodyToJson), support: support.map(moduleJson) };
}

function moduleJson({ package: path, rules }: SupportModule): unknown {
  return { package: { path: [{ type: "var", value: "data" }, ...path.map(termToJson)] }, rules: rules.map(ruleToJson) };
}
