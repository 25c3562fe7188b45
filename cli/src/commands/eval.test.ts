// `rw eval`: what is said first where several things are wrong, as OPA says it.
import { expect, test } from "vitest";
import { rw } from "../run-in-memory.test-helper.ts";

test.each([
  [[], "cannot evaluate empty query"],
  [["-O", "1"], "broken.json: unexpected EOF"],
])("an empty query is refused before anything is loaded, but for what is optimised: %j", async (flags, message) => {
  const { code, out } = await rw({ "/w/broken.json": "{" }, "eval", "-d", "broken.json", ...flags, "");
  expect([code, JSON.parse(out).errors[0].message]).toEqual([2, message]);
});
