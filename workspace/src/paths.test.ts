// Paths and the folders around them.
import { expect, test } from "vitest";
import { nearestFolder } from "./paths.ts";

test("of nested folders the innermost is the nearest; a name that begins alike is another folder", () => {
  expect(nearestFolder("/w/lib/a.rego", ["/w", "/w/lib", "/"])).toBe("/w/lib");
  expect(nearestFolder("/w/library/a.rego", ["/w", "/w/lib"])).toBe("/w");
  expect(nearestFolder("/w/a.rego", ["/v"])).toBeUndefined();
});
