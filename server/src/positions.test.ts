// Offsets and positions: both encodings, every kind of line end, surrogates.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Encoding, Lines } from "./positions.ts";

test("UTF-16 and UTF-8 count characters in their own units", () => {
  const text = "a😀é\r\n漢b\rc\n";
  const drawn = (encoding: Encoding) => {
    const lines = new Lines(text, encoding);
    return [0, 1, 3, 4, 6, 7, 8, 9, 10, 11].map((at) => {
      const { line, character } = lines.positionAt(at);
      return `${line}:${character}`;
    });
  };
  expect(drawn("utf-16").join(" ")).toBe("0:0 0:1 0:3 0:4 1:0 1:1 1:2 2:0 2:1 3:0");
  expect(drawn("utf-8").join(" ")).toBe("0:0 0:1 0:5 0:7 1:0 1:3 1:4 2:0 2:1 3:0");
});

test("positions past a line's end mean its end; lines past the last mean the text's end", () => {
  const lines = new Lines("ab\r\ncd");
  expect(lines.offsetAt({ line: 0, character: 99 })).toBe(2);
  expect(lines.offsetAt({ line: 9, character: 0 })).toBe(6);
});

test("offset → position → offset is the identity outside line breaks and surrogate pairs", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "漢", "😀", "\n", "\r\n", "\t") });
  fc.assert(
    fc.property(text, fc.constantFrom<Encoding>("utf-8", "utf-16"), (value, encoding) => {
      const lines = new Lines(value, encoding);
      let at = 0;
      for (const char of value) {
        const broken = char === "\n" && value[at - 1] === "\r";
        if (!broken) expect(lines.offsetAt(lines.positionAt(at))).toBe(at);
        at += char.length;
      }
    }),
  );
});
