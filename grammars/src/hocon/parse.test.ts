// The parser: lossless on every text, precise about what is wrong, and on the line that the reference names.
import fc from "fast-check";
import { expect, test } from "vitest";
import { lineAt } from "./lines.ts";
import { parseHocon, printHocon } from "./parse.ts";

/** `line: code "text" (reference line n)` for each error. */
function errors(text: string, file = "a.conf"): string[] {
  const { diagnostics, firstError } = parseHocon(text, { file });
  return [
    ...diagnostics.map(
      ({ range, code }) => `${lineAt(text, range.start)}: ${code} ${JSON.stringify(text.slice(range.start, range.end))}`,
    ),
    ...(firstError === undefined ? [] : [`reference: ${firstError.line}`]),
  ];
}

test("names an open string up to the end of its line, and goes on behind it", () => {
  expect(errors('a = "abc\nb = 1\nc = @\n')).toEqual([
    '1: hocon_open_string "\\"abc"',
    '3: hocon_reserved_character "@"',
    "reference: 1",
  ]);
});

test("names the bracket that is not closed; the reference stops at the end", () => {
  expect(errors("a {\n  b = [1, 2\n}\n")).toEqual(['2: hocon_open_bracket "["', "reference: 3"]);
  expect(errors("a {\n  b = 1\n")).toEqual(['1: hocon_open_bracket "{"', "reference: 3"]);
});

test("strict JSON has one string for a key", () => {
  for (const key of ['"a""b"', '"a" "b"', '"a" 11', '"a" true'])
    expect(errors(`{\n${key}:1}`, "a.json")).toEqual([`2: hocon_not_strict_json ${JSON.stringify(key)}`, "reference: 2"]);
  expect(errors('{"a" : 1}', "a.json")).toEqual([]);
});

test("for the reference a string of several lines is on its last one", () => {
  expect(errors('a\n"""\n\n"""\n{')).toContain("reference: 4");
});

test("a line break behind a key or an include counts for the reference wherever the key began", () => {
  for (const text of [
    'a"""x\ny"""\n: [,]',
    'a"""x\ny"""//c\n{ , }',
    'a"""x\ny""" c\n',
    'include """x\ny"""\n}',
    '{include file("""x\ny""")\n]',
  ])
    expect(errors(text).at(-1)).toBe("reference: 3");
  for (const text of ['a: b"""x\ny"""\n]', 'a: {b: b"""x\ny"""\n]']) expect(errors(text).at(-1)).toBe("reference: 2");
  expect(errors('a: [b"""x\ny"""\n}').at(-1)).toBe("reference: 2");
});

test("behind a bracket of a concatenation the lines of strings do not count for the reference", () => {
  expect(errors('[{} """\n""" x').at(-1)).toBe("reference: 1");
  expect(errors('[a [\n1\n] """\n"""\n').at(-1)).toBe("reference: 4");
  expect(errors('a: a {x: """\n"""\n} """\n"""\n]').at(-1)).toBe("reference: 4");
  expect(errors('[x,\n{}\n"""\n"""').at(-1)).toBe("reference: 4");
});

test("names an open substitution", () => {
  expect(errors("a = ${b\nc = 1\n")).toEqual(['1: hocon_open_substitution "${b"', "reference: 1"]);
});

test("a word with a reserved character can be quoted, unless it is too long to be a word", () => {
  const fixes = (text: string) => parseHocon(text, { file: "a.conf" }).diagnostics[0]?.fixes?.map((fix) => fix.edits[0]?.newText);
  expect(fixes("a = me@home\n")).toEqual(['"me@home"']);
  expect(fixes(`a = ${"@".repeat(5000)}\n`)).toBeUndefined();
});

test("what may not follow a key over several lines stands on its own line", () => {
  expect(errors('a """x\ny""" ${b} 0\n').at(-1)).toBe("reference: 2");
});

test("names a missing value, separator and comma once each", () => {
  expect(errors("a\nb = 1\n")).toEqual(['1: hocon_missing_separator "a"', "reference: 2"]);
  expect(errors("{ a = , b = 2 }")).toEqual(['1: hocon_missing_value "a"', "reference: 1"]);
  expect(errors("a { b = 1 } { c = 2 }")).toEqual(['1: hocon_missing_comma " "', "reference: 1"]);
});

test("strict JSON allows neither comments nor trailing commas nor doubled keys", () => {
  expect(errors('{"a": 1,}', "a.json")).toEqual(['1: hocon_trailing_comma ","', "reference: 1"]);
  expect(errors('{"a": 1, "a": 2}', "a.json")).toEqual(['1: hocon_duplicate_key "\\"a\\""', "reference: 1"]);
  expect(errors('{"a": tru}', "a.json")).toEqual(['1: hocon_not_strict_json "tru"', "reference: 1"]);
});

test("reads 10,000 nested arrays", () => {
  expect(errors(`a = ${"[".repeat(10_000)}${"]".repeat(10_000)}`)).toEqual([]);
});

const piece = fc.constantFrom(
  ...'{}[],:=+"\\${}?.#/\n\r\t a1e-x',
  "${",
  "${?",
  '"""',
  "+=",
  "include ",
  "required(",
  "file(",
  "//",
  "null",
  "\uFEFF",
  "😀",
  "\ud800",
);

test("every text has a tree that prints it back", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom("a.conf", "a.json", "a.properties"), (pieces, file) => {
      const text = pieces.join("");
      const parsed = parseHocon(text, { file });
      expect(printHocon(parsed)).toBe(text);
      expect(parsed.diagnostics.length > 0 || parsed.firstError === undefined).toBe(true);
      for (const { range } of parsed.diagnostics) {
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeLessThanOrEqual(text.length);
        expect(range.start).toBeLessThanOrEqual(range.end);
      }
    }),
    { numRuns: 2000 },
  );
});
