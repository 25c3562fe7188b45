// Integers as Wasm writes them.
import { expect, test } from "vitest";
import { ByteWriter } from "./bytes.ts";

/** The value of a signed LEB128 number, by its definition. */
function signedValue(bytes: Uint8Array): bigint {
  const bits = bytes.reduce((sum, byte, at) => sum | (BigInt(byte & 0x7f) << BigInt(7 * at)), 0n);
  return BigInt.asIntN(7 * bytes.length, bits);
}

test("integers of 64 bits are written signed, in as few bytes as they need", () => {
  const powers = Array.from({ length: 64 }, (_, at) => 1n << BigInt(at));
  for (const value of powers
    .flatMap((power) => [power - 1n, power, -power, -power - 1n])
    .filter((one) => BigInt.asIntN(64, one) === one)) {
    const writer = new ByteWriter();
    writer.signed64(value);
    const bytes = writer.finish();
    expect(signedValue(bytes)).toBe(value);
    const bits = (value < 0n ? ~value : value).toString(2).length + (value === 0n || value === -1n ? 0 : 1);
    expect(bytes.length, `${value}`).toBe(Math.ceil(bits / 7));
  }
});

test("what a writer gave stays, whatever it and the writers after it go on to write", () => {
  const [first, inner] = [new ByteWriter(), new ByteWriter()];
  first.bytes(Uint8Array.of(1, 2));
  inner.part(Uint8Array.of(7, 8, 9), 1, 3);
  const given = first.finish();
  first.byte(3);
  const next = new ByteWriter();
  next.bytes(new Uint8Array(40).fill(5));
  expect([...given, ...inner.finish()]).toEqual([1, 2, 8, 9]);
  expect([...first.finish()]).toEqual([1, 2, 3]);
  expect([...next.finish()]).toEqual(new Array(40).fill(5));
});
