import { expect, test } from "vitest";
import { jsonFault } from "./json-fault.ts";

test.each([
  ['{"a": }', "invalid character '}' looking for beginning of value"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ["{a: 1}", "invalid character 'a' looking for beginning of object key string"],
  ["[1 2]", "invalid character '2' after array element"],
  ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
  ["trux", "invalid character 'x' in literal true (expecting 'e')"],
  ["1.x", "invalid character 'x' after decimal point in numeric literal"],
  ["[1, 'a']", "invalid character '\\'' looking for beginning of value"],
  ['{"a":"\\x"}', "invalid character 'x' in string escape code"],
  ['{"a":"\\u12g4"}', "invalid character 'g' in \\u hexadecimal character escape"],
  ['"b\tc"', "invalid character '\\t' in string literal"],
  ["1 23 4", "error: invalid character '23' after top-level value"],
  ["[] -01", "error: invalid character '-0' after top-level value"],
  ['{} "a\\n"', "error: invalid character 'a\n' after top-level value"],
  ["1 true", "error: invalid character '%!s(bool=true)' after top-level value"],
  ["1 tru", "unexpected EOF"],
  ["{} {}", "error: invalid character '{' after top-level value"],
  ["{}}", "invalid character '}' looking for beginning of value"],
  ['{"a": [1, 2', "unexpected EOF"],
  [" ", "EOF"],
  ["\ufeff", "invalid character 'ï' looking for beginning of value"],
  ["\u00a0", "invalid character 'Â' looking for beginning of value"],
  ["é", "invalid character 'Ã' looking for beginning of value"],
  ["\udcff\udcfe{", "invalid character 'ÿ' looking for beginning of value"],
  ["\u0001", "invalid character '\\x01' looking for beginning of value"],
  ["[".repeat(1_000_000), "unexpected EOF"],
])("%.30s", (text, fault) => {
  expect(jsonFault(text)).toBe(fault);
});
