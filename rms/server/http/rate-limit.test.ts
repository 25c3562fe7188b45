// Token buckets: a burst, then so many a second; a domain's bucket is shared by its tokens.
import { expect, test } from "vitest";
import { RateLimits } from "./rate-limit.ts";

test("a burst passes, then so many a second; others are not touched", () => {
  let now = 0;
  const limits = new RateLimits({ token: { perSecond: 2, burst: 3 }, domain: { perSecond: 100, burst: 100 } }, () => now);
  const calls = (token: string, count: number): readonly (number | undefined)[] =>
    Array.from({ length: count }, () => limits.refuse(token, "orders"));
  expect(calls("a", 4)).toEqual([undefined, undefined, undefined, 1]);
  expect(calls("b", 1)).toEqual([undefined]);
  now = 500;
  expect(calls("a", 2)).toEqual([undefined, 1]);
  now = 60_000;
  expect(calls("a", 4)).toEqual([undefined, undefined, undefined, 1]);
});

test("the tokens of a domain share its bucket, and a refused call takes nothing from the others", () => {
  const limits = new RateLimits({ token: { perSecond: 1, burst: 10 }, domain: { perSecond: 0.1, burst: 2 } }, () => 0);
  expect(["a", "b", "c"].map((token) => limits.refuse(token, "orders"))).toEqual([undefined, undefined, 10]);
  expect(limits.refuse("c", "billing")).toBeUndefined();
});
