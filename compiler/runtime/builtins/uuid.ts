// uuid.parse: what an RFC 4122 identifier says.

import { alloc } from "../memory";
import { TAG_STRING, UNDEFINED, lengthOf, pointerOf, slice } from "../word";
import { makeObject, objectPut } from "../collection";
import { integer } from "../number";
import { textByte, textLiteral, textOpen, textString } from "../text";
import { needString } from "../operands";

function literal(s: string): u64 {
  const saved = textOpen();
  textLiteral(s);
  return textString(saved);
}

function hexValue(c: u32): u32 {
  if (c - 48 < 10) return c - 48;
  const lower = c | 32;
  return lower - 97 < 6 ? lower - 87 : 16;
}

// The sixteen bytes of 8-4-4-4-12 digits, or of 32 digits, or 0.
function readBytes(p: usize, dashes: bool): usize {
  const to = alloc(16);
  for (let i: u32 = 0; i < 16; i++) {
    if (dashes && (i == 4 || i == 6 || i == 8 || i == 10)) {
      if (load<u8>(p) != 45) return 0;
      p++;
    }
    const high = hexValue(load<u8>(p));
    const low = hexValue(load<u8>(p + 1));
    if (high > 15 || low > 15) return 0;
    store<u8>(to + i, <u8>((high << 4) | low));
    p += 2;
  }
  return to;
}

function isUrn(p: usize): bool {
  const prefix = changetype<usize>("urn:uuid:");
  for (let i: usize = 0; i < 9; i++) {
    const c: u32 = load<u8>(p + i);
    const wanted: u32 = load<u16>(prefix + (i << 1));
    if ((c - 65 <= 25 ? c | 32 : c) != wanted) return false;
  }
  return true;
}

function read(s: u64): usize {
  const p = pointerOf(s);
  const n = lengthOf(s);
  if (n == 36) return readBytes(p, true);
  if (n == 45) return isUrn(p) ? readBytes(p + 9, true) : 0;
  if (n == 38) return readBytes(p + 1, true);
  return n == 32 ? readBytes(p, false) : 0;
}

@inline
function at(b: usize, i: usize): u64 {
  return <u64>load<u8>(b + i);
}

export function builtin_uuid_parse(s: u64): u64 {
  if (!needString(1, s)) return UNDEFINED;
  const b = read(s);
  if (b == 0) return UNDEFINED;
  const result = makeObject(0);
  const version = <u32>at(b, 6) >> 4;
  const mark = <u32>at(b, 8);
  objectPut(result, literal("version"), integer(version));
  let variant = "Reserved";
  if ((mark & 0xc0) == 0x80) variant = "RFC4122";
  else if ((mark & 0xe0) == 0xc0) variant = "Microsoft";
  else if ((mark & 0xe0) == 0xe0) variant = "Future";
  objectPut(result, literal("variant"), literal(variant));
  if (version != 1 && version != 2) return result;
  let time: u64 = (at(b, 0) << 24) | (at(b, 1) << 16) | (at(b, 2) << 8) | at(b, 3);
  time |= ((at(b, 4) << 8) | at(b, 5)) << 32;
  time |= (((at(b, 6) << 8) | at(b, 7)) & 0xfff) << 48;
  // Hundreds of nanoseconds since 1582.
  objectPut(result, literal("time"), integer((<i64>time - 122192928000000000) * 100));
  const saved = textOpen();
  for (let i: u32 = 10; i < 16; i++) {
    if (i > 10) textByte(45);
    const c = <u32>at(b, i);
    textByte(c >> 4 < 10 ? 48 + (c >> 4) : 87 + (c >> 4));
    textByte((c & 15) < 10 ? 48 + (c & 15) : 87 + (c & 15));
  }
  objectPut(result, literal("nodeid"), textString(saved));
  const node = <u32>at(b, 10) & 3;
  const kinds = node == 3 ? "local:multicast" : node == 1 ? "global:multicast" : node == 2 ? "local:unicast" : "global:unicast";
  objectPut(result, literal("macvariables"), literal(kinds));
  objectPut(result, literal("clocksequence"), integer(<i64>(((at(b, 8) << 8) | at(b, 9)) & 0x3fff)));
  if (version == 2) {
    objectPut(result, literal("id"), integer(<i64>((at(b, 0) << 24) | (at(b, 1) << 16) | (at(b, 2) << 8) | at(b, 3))));
    const domain = <u32>at(b, 9);
    if (domain > 2) {
      const other = textOpen();
      textLiteral("Domain");
      if (domain >= 100) textByte(48 + domain / 100);
      if (domain >= 10) textByte(48 + (domain / 10) % 10);
      textByte(48 + (domain % 10));
      objectPut(result, literal("domain"), textString(other));
    } else {
      objectPut(result, literal("domain"), literal(domain == 0 ? "Person" : domain == 1 ? "Group" : "Org"));
    }
  }
  return result;
}
