// Bytes that are no UTF-8, in policies.
import { expect, test } from "vitest";
import { cutToFirstByte, decodePolicy, encodePolicy, isBroken } from "./broken-bytes.ts";

const bytes = (...items: (string | number)[]) =>
  new Uint8Array(items.flatMap((item) => (typeof item === "number" ? [item] : [...new TextEncoder().encode(item)])));

test("what is UTF-8 is itself, a byte-order mark and the replacement character too", () => {
  expect(decodePolicy(bytes("\uFEFFé😀\uFFFD"))).toBe("\uFEFFé😀\uFFFD");
  expect(isBroken("é😀\uFFFD")).toBe(false);
});

test("each broken byte is a unit of its own", () => {
  expect(decodePolicy(bytes("a", 0xff, 0xfe, "é"))).toBe("a\uDCFF\uDCFEé");
  expect(decodePolicy(bytes(0xe2, 0x82, "(", 0xed, 0xa0, 0x80, 0xf0))).toBe("\uDCE2\uDC82(\uDCED\uDCA0\uDC80\uDCF0");
  expect(isBroken("a\uDCFF")).toBe(true);
});

test("a last character is cut to its first byte", () => {
  const bytes = (text: string): readonly number[] => [...encodePolicy(cutToFirstByte(text))];
  expect(bytes("ab")).toEqual([97, 98]);
  expect(bytes("aß")).toEqual([97, 0xc3]);
  expect(bytes("…")).toEqual([0xe2]);
  expect(bytes("\u{1f511}")).toEqual([0xf0]);
  expect(bytes("\udcff")).toEqual([0xff]);
  expect(bytes("")).toEqual([]);
});
