// Numbers that OPA refuses; the results are those of `opa eval 'json.unmarshal("…")'`.
import { expect, test } from "vitest";
import { numberFault, refusedNumber } from "./number-limits.ts";

test.each([
  ["1e30102", undefined],
  ["9.9900209e30102", undefined],
  ["9.9900210e30102", "number too big"],
  ["1e30103", "number too big"],
  ["5.005e-30104", undefined],
  ["5.0049e-30104", "number too big"],
  ["-1e400000", "number too big"],
  ["1e646456993", "number too big"],
  ["1e-646456993", "number too big"],
  ["1e-646456994", undefined],
  ["5.00499e2147483606", "number too big"],
  ["1e2147483647", "invalid float"],
  ["1e-99999999999", "invalid float"],
  ["0e99999999999", undefined],
  ["0.0e99999999999999999999", "invalid float"],
  ["1".repeat(30_103), undefined],
  ["1".repeat(30_104), "number too big"],
])("%s", (text, fault) => {
  expect(numberFault(text)).toBe(fault);
});

test("only numbers of a document count", () => {
  expect(refusedNumber('{"a1e400000": "\\"1e400000", "b": [1e5, 1E300]}')).toBeUndefined();
  expect(refusedNumber('{"a": [1, 1e400000, 1e99999999999]}')).toEqual({ fault: "number too big", offset: 10 });
});
