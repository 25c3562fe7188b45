// Which calls of one rule are told.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { timeNowNsTwice } from "./time-now-ns-twice.ts";

const found = (text: string) => foundIn(timeNowNsTwice, `package p\n\n${text}`);

test("else branches and comprehensions are of the rule", () => {
  const text = "a if {\n\tcount([t | t := time.now_ns()]) == 1\n} else := time.now_ns()";
  expect(found(text)).toEqual(["5: time.now_ns"]);
});

test("places are put in order as text: row 10 comes before row 9", () => {
  expect(found("\n\n\n\n\na if {\n\ttime.now_ns() > 1\n\ttime.now_ns() > 2\n}")).toEqual(["9: time.now_ns"]);
});

test("each rule may ask once", () => {
  expect(found("a := time.now_ns()\nb := time.now_ns()")).toEqual([]);
});
