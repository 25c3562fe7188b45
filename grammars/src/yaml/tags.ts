// Tags and directives of YAML: `!!int`, `!<uri>`, `%YAML 1.1`, `%TAG ! prefix`.

import { decodePolicy } from "../text/broken-bytes.ts";
import { endsWord, isBlank, isBreak, isWordCharacter } from "./characters.ts";
import { type Mark, scanFault } from "./fault.ts";
import type { Scanner } from "./scanner.ts";

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

export function scanTag(scanner: Scanner): Tag {
  const start = scanner.mark;
  let tag: Tag;
  if (scanner.at(1) === "<") {
    scanner.skip(2);
    tag = { handle: "", suffix: scanAddress(scanner, "", start) };
    if (scanner.at() !== ">") throw scanFault("did not find the expected '>'", start, scanner.mark);
    scanner.skip();
  } else {
    const handle = scanHandle(scanner, false, start);
    if (handle.length > 1 && handle.endsWith("!")) tag = { handle, suffix: scanAddress(scanner, "", start) };
    else {
      const suffix = scanAddress(scanner, handle, start);
      tag = suffix === "" ? { handle: "", suffix: "!" } : { handle: "!", suffix };
    }
  }
  if (!endsWord(scanner.at())) throw scanFault("did not find expected whitespace or line break", start, scanner.mark);
  return tag;
}

function scanHandle(scanner: Scanner, directive: boolean, start: Mark): string {
  if (scanner.at() !== "!") throw scanFault("did not find expected '!'", start, scanner.mark);
  let handle = scanner.read();
  while (isWordCharacter(scanner.at())) handle += scanner.read();
  if (scanner.at() === "!") return handle + scanner.read();
  if (directive && handle !== "!") throw scanFault("did not find expected '!'", start, scanner.mark);
  return handle;
}

function scanAddress(scanner: Scanner, head: string, start: Mark): string {
  const parts: string[] = [head.slice(1)];
  let found = head !== "";
  while (isWordCharacter(scanner.at()) || (scanner.at() !== "" && ";/?:@&=+$,.!~*'()[]%".includes(scanner.at()))) {
    parts.push(scanner.at() === "%" ? scanEscapes(scanner, start) : scanner.read());
    found = true;
  }
  if (!found) throw scanFault("did not find expected tag URI", start, scanner.mark);
  return parts.join("");
}

/** One character of a tag, written as percent escapes of its bytes. */
function scanEscapes(scanner: Scanner, start: Mark): string {
  const bytes: number[] = [];
  let wanted = 1;
  while (bytes.length < wanted) {
    const hex = /^%([0-9A-Fa-f]{2})/u.exec(scanner.text.slice(scanner.index, scanner.index + 3))?.[1];
    if (hex === undefined) throw scanFault("did not find URI escaped octet", start, scanner.mark);
    const byte = Number.parseInt(hex, 16);
    if (bytes.length === 0) {
      wanted = byte < 0x80 ? 1 : byte < 0xc0 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf8 ? 4 : 0;
      if (wanted === 0) throw scanFault("found an incorrect leading UTF-8 octet", start, scanner.mark);
    } else if ((byte & 0xc0) !== 0x80) throw scanFault("found an incorrect trailing UTF-8 octet", start, scanner.mark);
    bytes.push(byte);
    scanner.skip(3);
  }
  return decodePolicy(Uint8Array.from(bytes));
}

export function scanDirective(scanner: Scanner): Directive {
  const start = scanner.mark;
  scanner.skip();
  let name = "";
  while (isWordCharacter(scanner.at())) name += scanner.read();
  if (name === "") throw scanFault("could not find expected directive name", start, scanner.mark);
  if (!endsWord(scanner.at())) throw scanFault("found unexpected non-alphabetical character", start, scanner.mark);
  if (name !== "YAML" && name !== "TAG") throw scanFault("found unknown directive name", start, scanner.mark);
  const directive = name === "YAML" ? scanVersion(scanner, start) : scanTagDirective(scanner, start);
  skipBlanks(scanner);
  if (scanner.at() === "#") while (scanner.at() !== "" && !isBreak(scanner.at())) scanner.skip();
  if (scanner.at() !== "" && !isBreak(scanner.at()))
    throw scanFault("did not find expected comment or line break", start, scanner.mark);
  if (scanner.at() !== "") scanner.readBreak();
  return directive;
}

function skipBlanks(scanner: Scanner): void {
  while (isBlank(scanner.at())) scanner.skip();
}

function scanVersion(scanner: Scanner, start: Mark): Directive {
  skipBlanks(scanner);
  const major = scanNumber(scanner, start);
  if (scanner.at() !== ".") throw scanFault("did not find expected digit or '.' character", start, scanner.mark);
  scanner.skip();
  return { kind: "version", value: `${major}.${scanNumber(scanner, start)}`, suffix: "" };
}

function scanNumber(scanner: Scanner, start: Mark): number {
  let digits = "";
  while (/^[0-9]$/u.test(scanner.at())) {
    if (digits.length === 2) throw scanFault("found extremely long version number", start, scanner.mark);
    digits += scanner.read();
  }
  if (digits === "") throw scanFault("did not find expected version number", start, scanner.mark);
  return Number(digits);
}

function scanTagDirective(scanner: Scanner, start: Mark): Directive {
  skipBlanks(scanner);
  const value = scanHandle(scanner, true, start);
  if (!isBlank(scanner.at())) throw scanFault("did not find expected whitespace", start, scanner.mark);
  skipBlanks(scanner);
  const suffix = scanAddress(scanner, "", start);
  if (!endsWord(scanner.at())) throw scanFault("did not find expected whitespace or line break", start, scanner.mark);
  return { kind: "tag-directive", value, suffix };
}
