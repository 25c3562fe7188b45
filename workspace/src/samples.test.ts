import { expect, test } from "vitest";
import { findSamples, type Nearness, nearestFirst } from "./samples.ts";

const order = (paths: readonly string[], policy: string, nearness: Nearness = {}): string => {
  const files = paths.map((path) => ({ path, kind: "json" as const, text: "{}", version: undefined, unreadable: undefined }));
  return nearestFirst(findSamples("/p", files, ["**/*.json"]), policy, nearness)
    .map(({ file }) => file.path.slice("/p/".length))
    .join(" ");
};

const inputs = ["/p/inputs/a.json", "/p/inputs/b.json", "/p/inputs/cart.json", "/p/inputs/users/c.json", "/p/shop/input.json"];

test.each<[string, string, Nearness, string]>([
  ["by folder", "/p/shop/cart.rego", {}, "shop/input.json inputs/a.json inputs/b.json inputs/cart.json inputs/users/c.json"],
  [
    "then by the package's name, of a file or a folder",
    "/p/policy/cart.rego",
    { packageName: "shop.cart" },
    "inputs/cart.json inputs/a.json inputs/b.json inputs/users/c.json shop/input.json",
  ],
  [
    "a package of tests is named for what it tests",
    "/p/policy/users_test.rego",
    { packageName: "users_test" },
    "inputs/users/c.json inputs/a.json inputs/b.json inputs/cart.json shop/input.json",
  ],
  [
    "then those used lately",
    "/p/policy/cart.rego",
    { packageName: "shop.cart", recent: ["/p/inputs/users/c.json", "/p/inputs/b.json", "/p/gone.json"] },
    "inputs/cart.json inputs/users/c.json inputs/b.json inputs/a.json shop/input.json",
  ],
])("samples are offered %s", (_, policy, nearness, expected) => {
  expect(order(inputs, policy, nearness)).toBe(expected);
});

test("a word of a name is enough, a part of a word is not", () => {
  const paths = ["/p/inputs/carts.json", "/p/inputs/clerk-cart.json", "/p/inputs/shop_cart.json", "/p/inputs/z.json"];
  expect(order(paths, "/p/cart.rego", { packageName: "cart" })).toBe(
    "inputs/clerk-cart.json inputs/shop_cart.json inputs/carts.json inputs/z.json",
  );
  expect(order(paths, "/p/cart.rego", { packageName: "shop_cart" })).toMatch(/^inputs\/shop_cart\.json /u);
});
