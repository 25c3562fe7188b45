// Decisions that `rw.conf` and expected decisions name: led to, told about, and said to be missing.
import { expect, test } from "vitest";
import { diagnosticsOf } from "./diagnostics.ts";
import { dedent, draw, open } from "./fixture.test-helper.ts";
import { definitionsIn, referencesIn } from "./navigation.ts";
import { hoverIn } from "./reading.ts";

const policy = `
#- policy/cart.rego
package shop.cart

# May the cart be paid?
allow if input.paid

total[item] := 1 if some item in input.items
`;

const at = (config: string) => open(`#- rw.conf\n${dedent(config)}\n${policy.trimStart()}`);

test.each([
  ["an entrypoint", "entrypoints = [shop/car$0t/allow]", 'policy/cart.rego:4:1 "allow"'],
  ["with its dots", 'entrypoints = ["data.shop.cart.allow$0"]', 'policy/cart.rego:4:1 "allow"'],
  ["a pin", "inputs.pins { shop/ca$0rt/allow = inputs/a.conf }", 'policy/cart.rego:4:1 "allow"'],
  ["a package", "entrypoints = [shop/ca$0rt]", 'policy/cart.rego:1:1 "package shop.cart"'],
])("%s leads to its policy", async (_, config, places) => {
  const { project, file, offset } = await at(config);
  expect(draw(project, definitionsIn(project, file, offset))).toBe(places);
});

test("an expected decision leads to its rule", async () => {
  const expected = '{"decisions": {"data.shop.cart.al$0low": {"value": true}}}';
  const { project, file, offset } = await open(
    `#- inputs/a.json\n{}\n#- inputs/a.expected.json\n${expected}\n${policy.trimStart()}`,
  );
  expect(draw(project, definitionsIn(project, file, offset))).toBe('policy/cart.rego:4:1 "allow"');
});

test("hover and references are those of the rule", async () => {
  const { project, file, offset } = await at("entrypoints = [shop/cart/al$0low]");
  expect(hoverIn(project, file, offset)?.markdown).toContain("May the cart be paid?");
  expect(draw(project, referencesIn(project, file, offset, true))).toBe('policy/cart.rego:4:1 "allow"\nrw.conf:1:26 "allow"');
});

test.each([
  ["entrypoints = [shop/cart/alow]", "no policy of this project defines `shop/cart/alow`: did you mean `shop/cart/allow`?"],
  [
    "entrypoints = [data.shop.cart.alow]",
    "no policy of this project defines `data.shop.cart.alow`: did you mean `data.shop.cart.allow`?",
  ],
  ["entrypoints = [shop/cart/refund]", "no policy of this project defines `shop/cart/refund`"],
  ["entrypoints = [other/root/thing]", ""],
  ["entrypoints = [shop/cart/allow, shop, shop/cart, shop/cart/total/x]", ""],
])("%s", async (config, message) => {
  const { project } = await at(config);
  const found = diagnosticsOf(project, () => 0).byFile.get("/p/rw.conf") ?? [];
  expect(found.map((one) => one.message).join("\n")).toBe(message);
});
