// Parsing while typing gives what a fresh parse gives, whatever is typed where.
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseHocon } from "./parse.ts";
import { reparseHocon } from "./reparse.ts";
import type { ArrayNode, ObjectNode, ParsedHocon } from "./tree.ts";

const LINES = [
  "a = 1",
  "a.b : x y  # note",
  'b = "text" ${a} tail',
  "c { d = [1, 2", // broken on purpose
  "]}",
  "}",
  "{",
  "list = [",
  "  one, two",
  "  { k = v, l = [3] }",
  "]",
  "e { f = 1, g = 2 }",
  "e {",
  "  nested { deep = ${?X} }",
  '  text = """one',
  'two"""',
  "lone",
  "lone =",
  "= 5",
  'include "x.conf"',
  'include file("y"',
  "include",
  ", comma = first",
  "trailing = comma,",
  'open = "abc',
  "sub = ${open",
  'sub = ${ "open',
  'sub = ${ """open',
  'y"""}, q = """z',
  "bad.. = 1",
  "bad = ${a..b}",
  "at = @",
  "",
  "// comment",
  "p += 1",
  "q",
  "{ r = 2 }",
  "s = 1+1",
];

const TYPED = [
  "",
  "x",
  "=",
  " = ",
  "{",
  "}",
  "[",
  "]",
  '"',
  '"""',
  "${",
  "}",
  "\n",
  "\n\n",
  ",",
  "#",
  ".",
  "+=",
  "1",
  "include ",
  "${y}",
  "k = v\n",
  "é",
];

/** Long enough to be read on its own. */
const FILLER = Array.from({ length: 60 }, (_, index) => `  filler-${index} = ${index}, more = [x, y]`).join("\n");

const document = fc
  .array(
    fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...LINES) },
      fc.constantFrom(`big {\n${FILLER}\n}`, `items = [\n${FILLER.replaceAll(" = ", " ")}\n]`),
    ),
    { maxLength: 25 },
  )
  .map((lines) => lines.join("\n"));
const braced = document.map((text) => `{\n${text}\n}\n`);

/** Everything that can be read of a tree, whether it was moved or not. */
function spelled(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, part) => {
      if (part?.kind === "object") {
        const { kind, start, end, closed, members } = part as ObjectNode;
        return { kind, start, end, closed, members };
      }
      if (part?.kind !== "array") return part;
      const { kind, start, end, closed, items } = part as ArrayNode;
      return { kind, start, end, closed, items };
    }),
  );
}

function same(text: string, edited: ParsedHocon): void {
  const fresh = parseHocon(text, { file: "a.conf" });
  const { tokens, firstError, ...rest } = edited;
  const { tokens: freshTokens, firstError: freshError, ...freshRest } = fresh;
  expect(spelled(rest)).toEqual(spelled(freshRest));
  expect(firstError).toEqual(freshError);
  const listed = ({ kinds, starts, problems }: ParsedHocon["tokens"]) => ({
    kinds: [...kinds],
    starts: [...starts],
    problems: [...problems].sort((a, b) => a.start - b.start),
  });
  expect(listed(tokens)).toEqual(listed(freshTokens));
}

test("a row of edits ends with the tree, the problems and the tokens of a fresh parse", () => {
  const edit = fc.record({
    at: fc.nat(),
    removed: fc.oneof(fc.constant(0), fc.nat({ max: 12 })),
    typed: fc.constantFrom(...TYPED, ...LINES),
  });
  fc.assert(
    fc.property(fc.oneof(document, braced), fc.array(edit, { minLength: 1, maxLength: 6 }), (start, edits) => {
      let text = start;
      let parsed = parseHocon(text, { file: "a.conf" });
      for (const { at, removed, typed } of edits) {
        const from = at % (text.length + 1);
        text = text.slice(0, from) + typed + text.slice(from + removed);
        parsed = reparseHocon(parsed, text);
        same(text, parsed);
      }
    }),
    { numRuns: 100 },
  );
});

test("a separator that goes lets the next line be read as an include again", () => {
  const parsed = parseHocon("a = 1\n=\ninclude\nb = 2\n", { file: "a.conf" });
  const text = "a = 1\n\ninclude\nb = 2\n";
  same(text, reparseHocon(parsed, text));
});

test("a substitution that a later line closes inside three quotes is read as one again", () => {
  const parsed = parseHocon('p = ${m """x\n# ""x\ny""", q\n', { file: "a.conf" });
  const text = 'p = ${m """x\n# ""x\ny"""}, q\n';
  same(text, reparseHocon(parsed, text));
});

test("entries away from the edit are taken over, not read again", () => {
  const text = `first = 1\nbig {\n${FILLER}\n}\nlast = 2\n`;
  const parsed = parseHocon(text, { file: "a.conf" });
  const at = text.indexOf("filler-30 = 30");
  const edited = reparseHocon(parsed, `${text.slice(0, at)}typed = \${b}\n${text.slice(at)}`);
  const members = ({ tree: { body } }: ParsedHocon) => (body.kind === "object" ? body.members : []);
  const inner = (whole: ParsedHocon) => {
    const big = members(whole)[1];
    return big?.kind === "field" && big.value?.kind === "object" ? big.value.members : [];
  };
  expect(members(edited)[0]).toBe(members(parsed)[0]);
  expect(inner(edited)[0]).toBe(inner(parsed)[0]);
  expect(inner(edited)).toHaveLength(inner(parsed).length + 1);
});
