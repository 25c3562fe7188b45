// Many items, few of which tell something: after an edit only new ones are asked, and the answers stay those of a first look.
import { expect, test } from "vitest";
import { finish } from "#grammars/text/steps.ts";
import { Telling } from "./telling.ts";

test("items that come, go, change and move", () => {
  const asked: string[] = [];
  const telling = new Telling((item: string) => {
    asked.push(item);
    return item.startsWith("bad") ? `${item}!` : undefined;
  });
  const look = (...items: string[]) => [finish(telling.of(items)).join(" "), asked.splice(0).join(" ")];
  expect(look("a", "bad1", "b")).toEqual(["bad1!", "a bad1 b"]);
  expect(look("a", "bad1", "b")).toEqual(["bad1!", ""]);
  expect(look("a", "bad1", "bad2")).toEqual(["bad1! bad2!", "bad2"]);
  expect(look("bad2", "bad1")).toEqual(["bad2! bad1!", ""]);
  expect(look("bad1", "bad2")).toEqual(["bad1! bad2!", "bad1 bad2"]);
  expect(look("c", "bad1", "bad2")).toEqual(["bad1! bad2!", "c"]);
  expect(look()).toEqual(["", ""]);
});
