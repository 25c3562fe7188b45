// json.patch: RFC 6902 as OPA has it, on objects, arrays and sets.

import { UNDEFINED, isObject, isString } from "../word";
import { arrayAt, countOf, objectGet } from "../collection";
import { equal } from "../compare";
import { BUILTIN_ERROR, TYPE_ERROR, builtinError, closeError } from "../failure";
import { stringIs } from "../bytes";
import { textByte, textLiteral, textOpen, textSlice, textString } from "../text";
import { textRego } from "../json-write";
import { needArray, textTypeName } from "../operands";
import { insertBelow, newNode, removeBelow, render, replaceNode, succeeded, unfold } from "../edit-tree";
import { pathSegments } from "./objects";

function literal(s: string): u64 {
  const saved = textOpen();
  textLiteral(s);
  return textString(saved);
}

function pathOf(v: u64): u64 {
  const segments = pathSegments(v);
  if (segments != UNDEFINED) return segments;
  const saved = textOpen();
  textLiteral("operand 2 must be one of {set, array} containing string paths or array of path segments but got ");
  textTypeName(v);
  return closeError(TYPE_ERROR, saved);
}

function attribute(operation: u64, name: string): u64 {
  const v = objectGet(operation, literal(name));
  if (v != UNDEFINED) return v;
  const saved = textOpen();
  textLiteral("missing required attribute '");
  textLiteral(name);
  textByte(39);
  return closeError(BUILTIN_ERROR, saved);
}

function remove(root: usize, path: u64): bool {
  const count = countOf(path);
  if (count == 0) {
    if (render(root) == UNDEFINED) return succeeded(builtinError("deleted node encountered during delete operation"));
    replaceNode(root, UNDEFINED);
    return true;
  }
  const node = unfold(root, path, count - 1);
  return node != 0 && removeBelow(node, arrayAt(path, count - 1));
}

function insert(root: usize, path: u64, value: u64): bool {
  const count = countOf(path);
  if (value == UNDEFINED) return succeeded(builtinError("cannot insert nil value into EditTree"));
  if (count == 0) {
    replaceNode(root, value);
    return true;
  }
  const node = unfold(root, path, count - 1);
  return node != 0 && insertBelow(node, arrayAt(path, count - 1), value);
}

function apply(root: usize, operation: u64): bool {
  if (!isObject(operation)) return succeeded(builtinError("must be an array of JSON-Patch objects, but at least one element is not an object"));
  const pathValue = attribute(operation, "path");
  if (pathValue == UNDEFINED) return false;
  const name = attribute(operation, "op");
  if (name == UNDEFINED) return false;
  if (!isString(name)) {
    const saved = textOpen();
    textLiteral("attribute 'op' must be a string but found: ");
    textTypeName(name);
    return succeeded(closeError(BUILTIN_ERROR, saved));
  }
  const path = pathOf(pathValue);
  if (path == UNDEFINED) return false;
  if (stringIs(name, "remove")) return remove(root, path);
  if (stringIs(name, "add") || stringIs(name, "replace")) {
    if (stringIs(name, "replace") && !remove(root, path)) return false;
    const value = attribute(operation, "value");
    return value != UNDEFINED && insert(root, path, value);
  }
  if (stringIs(name, "move") || stringIs(name, "copy")) {
    const fromValue = attribute(operation, "from");
    if (fromValue == UNDEFINED) return false;
    const from = pathOf(fromValue);
    if (from == UNDEFINED) return false;
    const node = unfold(root, from, countOf(from));
    if (node == 0) return false;
    const moved = render(node);
    if (stringIs(name, "move") && !remove(root, from)) return false;
    return insert(root, path, moved);
  }
  if (stringIs(name, "test")) {
    const node = unfold(root, path, countOf(path));
    if (node == 0) return false;
    const value = attribute(operation, "value");
    if (value == UNDEFINED) return false;
    const found = render(node);
    if (found != UNDEFINED && equal(found, value)) return true;
    const saved = textOpen();
    textLiteral("value from EditTree != patch value.\n\nExpected: ");
    textRego(value);
    textLiteral("\n\nFound: ");
    if (found == UNDEFINED) textLiteral("<nil>");
    else textRego(found);
    return succeeded(closeError(BUILTIN_ERROR, saved));
  }
  const saved = textOpen();
  textLiteral("unrecognized op: '");
  textSlice(name);
  textByte(39);
  return succeeded(closeError(BUILTIN_ERROR, saved));
}

export function builtin_json_patch(document: u64, operations: u64): u64 {
  if (!needArray(2, operations)) return UNDEFINED;
  const root = newNode(document);
  for (let i: u32 = 0; i < countOf(operations); i++) if (!apply(root, arrayAt(operations, i))) return UNDEFINED;
  return render(root);
}
