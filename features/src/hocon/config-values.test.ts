// Completion in `rw.conf` of the decisions, folders and files that it names.
import { expect, test } from "vitest";
import { sortText } from "../completion-item.ts";
import { open } from "../fixture.test-helper.ts";
import { hoconCompletion } from "./completion.ts";
import { hoconHover } from "./hover.ts";

const others = `
#- policy/shop/cart.rego
package shop.cart
allow if input.x
deny contains "x"
helper(x) := x
#- policy/shop/cart_test.rego
package shop.cart_test
test_allow if true
#- inputs/a.conf
x = 1
#- inputs/a.expected.json
{}
#- overlays/two words.conf
x = 2
#- schema.json
{}
`;

async function items(config: string): Promise<string[]> {
  const fixture = await open(`#- rw.conf\n${config}\n${others.trimStart()}`);
  const { items: found, range } = hoconCompletion(fixture.project, fixture.file, fixture.offset);
  const replaced = fixture.file.text.slice(range.start, range.end);
  return found
    .toSorted((a, b) => (sortText(a) < sortText(b) ? -1 : 1))
    .map(({ label, insert }) => (replaced === "" ? "" : `${replaced} → `) + (insert ?? label));
}

test("decisions are offered where they are named, without functions and tests", async () => {
  expect(await items("entrypoints = [$0")).toEqual(["shop/cart/allow", "shop/cart/deny"]);
  expect(await items("entrypoints = [\n  shop/$0\n]")).toEqual(["shop/ → shop/cart/allow", "shop/ → shop/cart/deny"]);
  expect(await items('entrypoints: ["shop/c$0art"]')).toEqual(["shop/cart → shop/cart/allow", "shop/cart → shop/cart/deny"]);
});

test("a decision that is in the list comes behind the others", async () => {
  expect(await items("entrypoints = [shop/cart/allow, $0]")).toEqual(["shop/cart/deny", "shop/cart/allow"]);
});

test("rules and packages are pinned to samples", async () => {
  expect(await items("inputs { pins { $0 } }")).toEqual(["shop/cart/allow", "shop/cart/deny", "shop/cart", "shop/cart_test"]);
  expect(await items("inputs.pins { shop/cart/allow = $0 }")).toEqual(["inputs/a.conf"]);
});

test("folders and files", async () => {
  expect(await items("roots = [$0]")).toEqual(["inputs", "overlays", "policy", "policy/shop"]);
  expect(await items("roots = [{ path = po$0 }]")).toContain("po → policy");
  expect(await items("profiles { uat { overlays = [$0] } }")).toContain('"overlays/two words.conf"');
  expect(await items('schemas { "inputs/**" = $0 }')).toEqual(["schema.json"]);
  expect(await items("roles = $0")).toEqual(["inputs/a.conf", '"overlays/two words.conf"']);
});

test("keys are still keys", async () => {
  expect(await items("$0")).toContain("entrypoints");
  expect(await items("inputs {\n  $0\n}")).toContain("pins");
  expect(await items("entrypoints = [a]\n$0")).toContain("roots");
});

test("keys and levels of lint rules, with what each is for", async () => {
  const labels = async (config: string): Promise<readonly string[]> => {
    const { project, file, offset } = await open(`#- rw.conf\n${config}\n#- policy/a.rego\npackage a\n`);
    return hoconCompletion(project, file, offset).items.map(({ label }) => label);
  };
  expect((await labels("lint { $0 }")).slice(0, 3)).toEqual(["rules", "ignore", "capabilities"]);
  expect(await labels("lint.rules { $0 }")).toContain("decision");
  expect(await labels("lint.rules.decision { hot$0 }")).toContain("hot-loop");
  expect((await labels("lint.rules.decision.hot-loop { $0 }")).slice(0, 3)).toEqual(["level", "ignore", "max-count"]);
  expect(await labels("lint.rules.decision.hot-loop.level = $0")).toEqual(["error", "warning", "ignore"]);
  const { project, file, offset } = await open("#- rw.conf\nlint.rules.decision.hot-l$0oop.level = error\n");
  expect(hoconHover(project, file, offset)?.markdown).toContain("Loop is evaluated too often");
});

test("keys of mocks, of a profile too, the files of requests, and what each key is for", async () => {
  const keys = ["clock", "seed", "http", "net", "opa"];
  const labels = async (config: string): Promise<readonly string[]> => {
    const { project, file, offset } = await open(`#- rw.conf\n${config}\n#- policy/a.rego\npackage a\n`);
    return hoconCompletion(project, file, offset).items.map(({ label }) => label);
  };
  expect((await labels("mocks { $0 }")).slice(0, 5)).toEqual(keys);
  expect((await labels("profiles { uat { mocks { $0 } } }")).slice(0, 5)).toEqual(keys);
  expect(await items("mocks { http = $0 }")).toContain("schema.json");
  const { project, file, offset } = await open("#- rw.conf\nmocks.clo$0ck = x\n");
  expect(hoconHover(project, file, offset)?.markdown).toContain("time.now_ns");
});
