// json.marshal_with_options: JSON with line breaks and indents as Go's MarshalIndent sets them.

import { EMPTY_STRING, TAG_BOOLEAN, TRUE, UNDEFINED, isString, lengthOf, pointerOf, tagOf } from "../word";
import { countOf, keyAt, sortedItems, valueAt } from "../collection";
import { TYPE_ERROR, closeError } from "../failure";
import { stringIs } from "../bytes";
import { writeInteger } from "../number";
import { textAdvance, textByte, textLiteral, textOpen, textRoom, textSlice, textString } from "../text";
import { textJson, textRego, unwritable } from "../json-write";
import { needObject, textTypeName } from "../operands";
import { unwritableError } from "./encoding";

function keyError(before: string, key: u64, after: string): u64 {
  const saved = textOpen();
  textLiteral("operand 2 ");
  textLiteral(before);
  textRego(key);
  textLiteral(after);
  return closeError(TYPE_ERROR, saved);
}

// Ends the text of an error: the key or the value at a position is no string.
function closeNoString(saved: usize, at: u32, got: u64): u64 {
  textLiteral("operand ");
  textAdvance(writeInteger(textRoom(24), at));
  textLiteral(" must be string but got ");
  textTypeName(got);
  return closeError(TYPE_ERROR, saved);
}

function newLine(prefix: u64, indent: u64, depth: u32): void {
  textByte(10);
  textSlice(prefix);
  for (let i: u32 = 0; i < depth; i++) textSlice(indent);
}

// Compact JSON set out over lines.
function textIndented(json: u64, prefix: u64, indent: u64): void {
  let depth: u32 = 0;
  const end = pointerOf(json) + lengthOf(json);
  let quoted = false;
  for (let p = pointerOf(json); p < end; p++) {
    const c: u32 = load<u8>(p);
    if (quoted) {
      textByte(c);
      if (c == 92) textByte(load<u8>(++p));
      else if (c == 34) quoted = false;
      continue;
    }
    if (c == 34) quoted = true;
    if (c == 123 || c == 91) {
      textByte(c);
      if (<u32>load<u8>(p + 1) == c + 2) {
        textByte(c + 2);
        p++;
      } else {
        depth++;
        newLine(prefix, indent, depth);
      }
    } else if (c == 125 || c == 93) {
      depth--;
      newLine(prefix, indent, depth);
      textByte(c);
    } else {
      textByte(c);
      if (c == 44) newLine(prefix, indent, depth);
      else if (c == 58) textByte(32);
    }
  }
}

export function builtin_json_marshal_with_options(value: u64, options: u64): u64 {
  if (!needObject(2, options)) return UNDEFINED;
  let prefix: u64 = EMPTY_STRING;
  let indent: u64 = EMPTY_STRING;
  let hasIndent = false;
  let implied = false;
  let said = false;
  let pretty = false;
  sortedItems(options);
  for (let i: u32 = 0; i < countOf(options); i++) {
    const key = keyAt(options, i);
    const option = valueAt(options, i);
    if (!isString(key)) {
      const saved = textOpen();
      textLiteral("operand 2 failed to stringify key ");
      textRego(key);
      textLiteral(" at index ");
      textAdvance(writeInteger(textRoom(24), i));
      textLiteral(": ");
      return closeNoString(saved, i, key);
    }
    if (stringIs(key, "prefix") || stringIs(key, "indent")) {
      if (!isString(option)) {
        const saved = textOpen();
        textLiteral("operand 2 key ");
        textRego(key);
        textLiteral(" failed cast to string: ");
        return closeNoString(saved, i, option);
      }
      if (stringIs(key, "prefix")) {
        prefix = option;
      } else {
        indent = option;
        hasIndent = true;
      }
      implied = true;
    } else if (stringIs(key, "pretty")) {
      if (tagOf(option) != TAG_BOOLEAN) return keyError("key ", key, " failed cast to bool");
      said = true;
      pretty = option == TRUE;
    } else {
      return keyError("object contained unknown key ", key, "");
    }
  }
  const saved = textOpen();
  textJson(value);
  if (unwritable != 0) return unwritableError(saved);
  const json = textString(saved);
  if (!(said ? pretty : implied)) return json;
  if (!hasIndent) {
    const tab = textOpen();
    textByte(9);
    indent = textString(tab);
  }
  const out = textOpen();
  textSlice(prefix);
  textIndented(json, prefix, indent);
  return textString(out);
}
