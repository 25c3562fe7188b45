// What `rw capabilities --current` says of a builtin beside its types.
import { expect, test } from "vitest";
import { builtin } from "#analysis/rego/builtins/index.ts";
import { builtinsJson } from "./capabilities-json.ts";

function categories(name: string): unknown {
  const [json] = builtinsJson([builtin(name)!]);
  return (json as { categories?: unknown }).categories;
}

test("categories stand where OPA names some", () => {
  expect(categories("count")).toEqual(["aggregates"]);
  expect(categories("minus")).toEqual(["sets", "numbers"]);
  expect(categories("time.now_ns")).toBeUndefined();
});
