// Which builtins policies read the clock by.
import { expect, test } from "vitest";
import { clockBuiltins } from "./clock.ts";

test.each<[text: string, found: readonly string[]]>([
  ["allow if time.now_ns() > 5", ["time.now_ns"]],
  ['allow if time["now_ns"]() > 5', ["time.now_ns"]],
  ["allow if f(1) with f as time.now_ns\n\nf(x) := x", ["time.now_ns"]],
  ["allow if { some x in [y | y := time.now_ns()]; x > 5 }", ["time.now_ns"]],
  ["allow if io.jwt.decode_verify(input.token, {})[0]", ["io.jwt.decode_verify"]],
  ["allow if time.parse_rfc3339_ns(input.at) > 5 # time.now_ns()", []],
  ['allow if input.text == "time.now_ns"', []],
])("%j", (rule, found) => {
  expect(clockBuiltins([`package a\n\n${rule}\n`])).toEqual(found);
});
