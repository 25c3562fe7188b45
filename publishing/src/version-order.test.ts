import { expect, test } from "vitest";
import { isOlder } from "./version-order.ts";

test("versions in the order of semver's own example, each older than the next and not the other way", () => {
  const order = [
    "0.9.10",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.2.0",
    "1.10.0",
  ];
  for (const [at, version] of order.slice(1).entries())
    expect([isOlder(order[at]!, version), isOlder(version, order[at]!)], version).toEqual([true, false]);
  expect([isOlder("1.0.0", "1.0.0"), isOlder("1.0.0+a", "1.0.0+b"), isOlder("nothing", "1.0.0")]).toEqual([false, false, false]);
});
