// Fragments: what goes in comes out, and anything else is nothing, quickly.
import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { fragmentOf, textsOf } from "./share.ts";

const texts = { policy: "package p\n\n# ünï 🦉\nallow if true\n", tests: "", input: "a = ${b}\n", data: '{"a": [1]}' };
const packed = (value: unknown): string => `#1.${deflateRawSync(JSON.stringify(value)).toString("base64url")}`;

test("texts come back as they were", async () => {
  const fragment = (await fragmentOf(texts)) ?? "";
  expect(fragment).toMatch(/^#1\.[\w-]+$/u);
  expect(await textsOf(fragment)).toEqual(texts);
});

test("texts that are too long for an address have none", async () => {
  const random = Array.from({ length: 100_000 }, (_, at) => String.fromCharCode(33 + ((at * at * 7919) % 90))).join("");
  expect(await fragmentOf({ ...texts, policy: "x".repeat(300_000) })).toBe(undefined);
  const fragment = await fragmentOf({ ...texts, policy: random });
  expect((fragment?.length ?? 0) <= 64_000).toBe(true);
});

test.each([
  ["", "nothing"],
  ["#", "an empty one"],
  ["#policy", "a name of the page"],
  ["#1.", "no bytes"],
  ["#1.%%%", "no base64"],
  ["#1.AAAA", "nothing compressed"],
  [`#1.${"A".repeat(70_000)}`, "a long one"],
  [packed(null), "null"],
  [packed([1, 2]), "a list"],
  [packed({ ...texts, policy: 1 }), "a number for a text"],
  [packed({ policy: "package p" }), "a text alone"],
  [packed({ ...texts, more: "x" }), "a text too many"],
  [`#1.${deflateRawSync('{"__proto__": {"policy": "x"}, "policy": "p"}').toString("base64url")}`, "a prototype"],
  [`#1.${deflateRawSync(Buffer.from([0xff, 0xfe])).toString("base64url")}`, "no UTF-8"],
])("%s is nothing: %s", async (fragment) => {
  expect(await textsOf(fragment)).toBe(undefined);
});

test("a small fragment of a large text is given up on the way", async () => {
  const bomb = `#1.${deflateRawSync(Buffer.alloc(40_000_000, "a")).toString("base64url")}`;
  expect(bomb.length).toBeLessThan(64_000);
  const before = performance.now();
  expect(await textsOf(bomb)).toBe(undefined);
  expect(performance.now() - before).toBeLessThan(1_000);
});
