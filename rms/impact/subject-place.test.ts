// Where a request says who asks, and the request with somebody else there.
import { expect, test } from "vitest";
import { subjectPlace, withSubject } from "./subject-place.ts";

const known = new Set(["ann", "bob"]);

test.each<[input: unknown, place: string | undefined]>([
  [{ user: "ann", action: "read" }, "/user"],
  [{ owner: "bob", request: { user: { id: "ann" } } }, "/request/user/id"],
  [{ order: { owner: "bob" }, who: "ann" }, "/who"],
  [{ user_id: "ann", a: ["bob"] }, "/user_id"],
  [{ approvers: ["bob"] }, "/approvers/0"],
  [{ "a/b": { "~": "ann" } }, "/a~1b/~0"],
  ["ann", ""],
  [{ user: "eve" }, undefined],
  [{ user: 1, more: null }, undefined],
])("%j says so at %s", (input, place) => {
  expect(subjectPlace(input, (id) => known.has(id))).toBe(place);
  if (place !== undefined) {
    const changed = withSubject(input, place, "eve");
    expect(subjectPlace(changed, (id) => id === "eve")).toBe(place);
    expect(JSON.stringify(changed).length).toBe(JSON.stringify(input).length);
  }
});

test("a place that a request does not have", () => {
  expect(withSubject({ user: "ann" }, "/principal", "eve")).toBeUndefined();
});
