// Values of the runtime seen from outside: reading and writing texts, order, equality.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyModule, run } from "../src/wasm/module-runner.test-helper.ts";

const runner = run(emptyModule());

describe("JSON text", () => {
  test.each([
    ['{"b":1,"a":[true,false,null]}', '{"a":[true,false,null],"b":1}'],
    [' { } ', "{}"],
    ["[ ]", "[]"],
    ["1.50", "1.50"],
    ["-0", "-0"],
    ["1E400", "1E400"],
    ["12345678901234567890123.10", "12345678901234567890123.10"],
    ["576460752303423488", "576460752303423488"],
    ['"\\u00e9\\n\\/\\ud83d\\ude00"', '"é\\n/😀"'],
    ['"\\ud83d"', '"\ufffd"'],
    ['"\\ude00x"', '"\ufffdx"'],
    ['"<&>\u2028"', '"\\u003c\\u0026\\u003e\\u2028"'],
    ['"\\u0000\\u0007\\b\\f\u007f"', '"\\u0000\\u0007\\b\\f\u007f"'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ["1 trailing", "1"],
    ['{"a":{"b":{"c":[[[1]]]}}}', '{"a":{"b":{"c":[[[1]]]}}}'],
  ])("%s", (text, expected) => {
    expect(runner.toJson(text)).toBe(expected);
  });

  test.each(["", " ", "{", "[1,", "[1,]", '{"a"}', '{"a":}', '{"a":1,}', '"abc', '"\\x"', '"\t"', "01", "1.", "-", "nul", "tru", "+1", ".5", "1e", "{1:2}"])(
    "%s is not JSON",
    (text) => {
      expect(runner.jsonToRego(text)).toBeUndefined();
    },
  );

  test("a text that ends inside a value does not read what lies behind it", () => {
    runner.toJson('"0123456789abcdef", true, 1234567890');
    expect(runner.jsonToRego("[12")).toBeUndefined();
    expect(runner.toJson("12")).toBe("12");
  });

  test("nesting of 10,000 levels is read and written, more is refused", () => {
    const deep = "[".repeat(10_000) + "]".repeat(10_000);
    expect(runner.toJson(deep)).toBe(deep);
    expect(runner.toJson(`[${deep}]`)).toBeUndefined();
  });

  test("any JSON value survives a round trip", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(runner.toJson(text)!)).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  test("large documents survive growth in the middle of reading", () => {
    const value = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${(i * 7919) % 20_011}`, [i, `v${i}`, { deep: [i / 7] }]]));
    expect(JSON.parse(run(emptyModule()).toJson(JSON.stringify(value))!)).toEqual(value);
  });
});

describe("Rego text", () => {
  test.each([
    ["{1, 2, 1.0}", "{1, 2}"],
    ["{1.0, 1}", "{1.0}"],
    ["set()", "set()"],
    ['{{"b"}, {"a"}}', '{{"a"}, {"b"}}'],
    ['{[1, 2]: {3}, {"x": 1}: 2, "s": 0, 1: 5, null: 6}', '{null: 6, 1: 5, "s": 0, [1, 2]: {3}, {"x": 1}: 2}'],
    ['{1: "a", 1.0: "b"}', '{1: "b"}'],
    ['"\\x41\\U0001F600\\a"', '"A😀\\u0007"'],
  ])("%s", (text, expected) => {
    expect(runner.toRego(text)).toBe(expected);
  });

  test("keys of any type become texts in JSON, the later of equal ones stays", () => {
    expect(runner.toJson('{1: 2, [1, "a"]: 5}')).toBe('{"1":2,"[1,\\"a\\"]":5}');
    expect(runner.toJson('{1: 2, "1": 3}')).toBe('{"1":3}');
    expect(runner.toJson("{3, 1, {2}}")).toBe("[1,3,[2]]");
  });
});

describe("order", () => {
  // Each line stands before the next one.
  const ascending = [
    "null", "false", "true", "-1e400", "-2", "-1.5", "0", "1e-9", "0.1", "0.10000000000000000000001", "1", "1.5", "2", "10",
    "9007199254740993", "9007199254740993.5", "1e30", "1000000000000000000000000000001", "1e400", '""', '"a"', '"aa"', '"b"', '"\uffff"', '"😀"',
    "[]", "[1]", "[1, 2]", "[2]", "{}", '{"a": 1}', '{"a": 1, "b": 0}', '{"a": 2}', '{"b": 0}', "set()", "{1}", "{1, 2}", "{2}",
  ];

  test("a set of all kinds of values is written in OPA's order, however it was built", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(ascending, { minLength: 1 }), (some) => {
        const expected = ascending.filter((x) => some.includes(x));
        expect(runner.toRego(`{${some.join(", ")}}`)).toBe(`{${expected.join(", ")}}`);
      }),
    );
  });

  test.each([
    ["1", "1.0"],
    ["100", "1e2"],
    ["0", "-0.0"],
    ["123456789012345678901234567890", "1.2345678901234567890123456789e29"],
    ["0.5", "5e-1"],
    ["[1, {2: 3}]", "[1.0, {2.0: 3e0}]"],
  ])("%s equals %s", (a, b) => {
    expect(runner.toRego(`{${a}, ${b}}`)).toBe(`{${a}}`);
    expect(runner.toRego(`{${b}: 1, ${a}: 2}`)).toBe(`{${b}: 2}`);
  });

  test("large sets find their members", () => {
    const members = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? `"s${i % 900}"` : i % 3 === 1 ? `${i % 700}` : `[${i % 500}]`));
    const unique = new Set(members);
    expect(runner.toJson(`[{${members.join(",")}}]`)!.match(/"s\d+"|\[\d+\]|\b\d+\b/g)!.length).toBeGreaterThanOrEqual(unique.size);
    expect(runner.toRego(`{{${members.join(",")}}, {${[...unique].reverse().join(",")}}}`)!.startsWith("{{")).toBe(true);
    expect(runner.toRego(`[{${members.join(",")}}, 1]`)).toBe(runner.toRego(`[{${[...unique].reverse().join(",")}}, 1]`));
  });
});
