// Tags and directives of YAML: `!!int`, `!<uri>`, `%YAML 1.1`, `%TAG ! prefix`.

import { decodePolicy } from "../text/broken-bytes.ts";
import { endsWord, isBlank, isBreak, isWordCharacter } from "./characters.ts";
import type { Cursor } from "./cursor.ts";
import { type Mark, scanFault } from "./fault.ts";

export interface Tag {
  /** `!`, `!!`, `!name!`; empty for a whole address and for the tag `!`. */
  readonly handle: string;
  readonly suffix: string;
}

export interface Directive {
  readonly kind: "version" | "tag-directive";
  readonly value: string;
  readonly suffix: string;
}

export function scanTag(cursor: Cursor): Tag {
  const start = cursor.mark;
  let tag: Tag;
  if (cursor.at(1) === "<") {
    cursor.skip(2);
    tag = { handle: "", suffix: scanAddress(cursor, "", start) };
    if (cursor.at() !== ">") throw scanFault("did not find the expected '>'", start, cursor.mark);
    cursor.skip();
  } else {
    const handle = scanHandle(cursor, false, start);
    if (handle.length > 1 && handle.endsWith("!")) tag = { handle, suffix: scanAddress(cursor, "", start) };
    else {
      const suffix = scanAddress(cursor, handle, start);
      tag = suffix === "" ? { handle: "", suffix: "!" } : { handle: "!", suffix };
    }
  }
  if (!endsWord(cursor.at())) throw scanFault("did not find expected whitespace or line break", start, cursor.mark);
  return tag;
}

function scanHandle(cursor: Cursor, directive: boolean, start: Mark): string {
  if (cursor.at() !== "!") throw scanFault("did not find expected '!'", start, cursor.mark);
  let handle = cursor.read();
  while (isWordCharacter(cursor.at())) handle += cursor.read();
  if (cursor.at() === "!") return handle + cursor.read();
  if (directive && handle !== "!") throw scanFault("did not find expected '!'", start, cursor.mark);
  return handle;
}

function scanAddress(cursor: Cursor, head: string, start: Mark): string {
  const parts: string[] = [head.slice(1)];
  let found = head !== "";
  while (isWordCharacter(cursor.at()) || (cursor.at() !== "" && ";/?:@&=+$,.!~*'()[]%".includes(cursor.at()))) {
    parts.push(cursor.at() === "%" ? scanEscapes(cursor, start) : cursor.read());
    found = true;
  }
  if (!found) throw scanFault("did not find expected tag URI", start, cursor.mark);
  return parts.join("");
}

/** One character of a tag, written as percent escapes of its bytes. */
function scanEscapes(cursor: Cursor, start: Mark): string {
  const bytes: number[] = [];
  let wanted = 1;
  while (bytes.length < wanted) {
    const hex = /^%([0-9A-Fa-f]{2})/u.exec(cursor.text.slice(cursor.index, cursor.index + 3))?.[1];
    if (hex === undefined) throw scanFault("did not find URI escaped octet", start, cursor.mark);
    const byte = Number.parseInt(hex, 16);
    if (bytes.length === 0) {
      wanted = byte < 0x80 ? 1 : byte < 0xc0 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf8 ? 4 : 0;
      if (wanted === 0) throw scanFault("found an incorrect leading UTF-8 octet", start, cursor.mark);
    } else if ((byte & 0xc0) !== 0x80) throw scanFault("found an incorrect trailing UTF-8 octet", start, cursor.mark);
    bytes.push(byte);
    cursor.skip(3);
  }
  return decodePolicy(Uint8Array.from(bytes));
}

export function scanDirective(cursor: Cursor): Directive {
  const start = cursor.mark;
  cursor.skip();
  let name = "";
  while (isWordCharacter(cursor.at())) name += cursor.read();
  if (name === "") throw scanFault("could not find expected directive name", start, cursor.mark);
  if (!endsWord(cursor.at())) throw scanFault("found unexpected non-alphabetical character", start, cursor.mark);
  if (name !== "YAML" && name !== "TAG") throw scanFault("found unknown directive name", start, cursor.mark);
  const directive = name === "YAML" ? scanVersion(cursor, start) : scanTagDirective(cursor, start);
  skipBlanks(cursor);
  if (cursor.at() === "#") while (cursor.at() !== "" && !isBreak(cursor.at())) cursor.skip();
  if (cursor.at() !== "" && !isBreak(cursor.at()))
    throw scanFault("did not find expected comment or line break", start, cursor.mark);
  if (cursor.at() !== "") cursor.readBreak();
  return directive;
}

function skipBlanks(cursor: Cursor): void {
  while (isBlank(cursor.at())) cursor.skip();
}

function scanVersion(cursor: Cursor, start: Mark): Directive {
  skipBlanks(cursor);
  const major = scanNumber(cursor, start);
  if (cursor.at() !== ".") throw scanFault("did not find expected digit or '.' character", start, cursor.mark);
  cursor.skip();
  return { kind: "version", value: `${major}.${scanNumber(cursor, start)}`, suffix: "" };
}

function scanNumber(cursor: Cursor, start: Mark): number {
  let digits = "";
  while (/^[0-9]$/u.test(cursor.at())) {
    if (digits.length === 2) throw scanFault("found extremely long version number", start, cursor.mark);
    digits += cursor.read();
  }
  if (digits === "") throw scanFault("did not find expected version number", start, cursor.mark);
  return Number(digits);
}

function scanTagDirective(cursor: Cursor, start: Mark): Directive {
  skipBlanks(cursor);
  const value = scanHandle(cursor, true, start);
  if (!isBlank(cursor.at())) throw scanFault("did not find expected whitespace", start, cursor.mark);
  skipBlanks(cursor);
  const suffix = scanAddress(cursor, "", start);
  if (!endsWord(cursor.at())) throw scanFault("did not find expected whitespace or line break", start, cursor.mark);
  return { kind: "tag-directive", value, suffix };
}
