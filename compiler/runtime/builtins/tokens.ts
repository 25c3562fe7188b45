// io.jwt.decode and io.jwt.verify_hs*: tokens taken apart, and tokens signed with a shared secret.

import { UNDEFINED, boolean, isObject, isString, lengthOf, pointerOf, stringView } from "../word";
import { sameBytes, stringIs } from "../bytes";
import { arrayAppend, makeArray, objectGet } from "../collection";
import { BUILTIN_ERROR, builtinError, closeError, errorsBegin } from "../failure";
import { writeInteger } from "../number";
import { textAdvance, textLiteral, textOpen, textRoom, textString } from "../text";
import { needString } from "../operands";
import { builtin_base64url_decode, builtin_hex_encode, builtin_json_unmarshal } from "./encoding";
import { builtin_trim } from "./strings";
import { SHA256, SHA384, SHA512, digestSize, hmacDigest } from "./hashes";

// The signed part of the token that was split last, and its signature's text.
let signed: u64 = 0;
let signature: u64 = 0;

// Three sections between points.
function split(token: u64): bool {
  const p = pointerOf(token);
  const n = lengthOf(token);
  let points: u32 = 0;
  let last: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    if (load<u8>(p + i) != 46) continue;
    points++;
    last = i;
  }
  if (points == 0) {
    builtinError("encoded JWT had no period separators");
    return false;
  }
  if (points != 2) {
    const saved = textOpen();
    textLiteral("encoded JWT must have 3 sections, found ");
    textAdvance(writeInteger(textRoom(24), points + 1));
    closeError(BUILTIN_ERROR, saved);
    return false;
  }
  signed = stringView(p, last);
  signature = stringView(p + last + 1, n - last - 1);
  return true;
}

function literal(s: string): u64 {
  const saved = textOpen();
  textLiteral(s);
  return textString(saved);
}

// The bytes of a section; `what`: how an error begins.
function decoded(part: u64, what: string): u64 {
  errorsBegin(what);
  const bytes = builtin_base64url_decode(part);
  errorsBegin("");
  return bytes;
}

// The JSON object in a text. Errors begin with `broken` when there is no JSON, with `other` when it is no object.
function objectIn(text: u64, broken: string, other: string): u64 {
  errorsBegin(broken);
  const v = builtin_json_unmarshal(text);
  errorsBegin("");
  return v == UNDEFINED || isObject(v) ? v : builtinError(other);
}

/** Header, payload and the signature's bytes as hexadecimal digits; nothing is verified. */
export function builtin_io_jwt_decode(token: u64): u64 {
  if (!needString(1, token) || !split(token)) return UNDEFINED;
  let point: u32 = 0;
  while (load<u8>(pointerOf(signed) + point) != 46) point++;
  const headerText = stringView(pointerOf(signed), point);
  const payloadText = stringView(pointerOf(signed) + point + 1, lengthOf(signed) - point - 1);
  const signatureText = signature;
  const headerBytes = decoded(headerText, "JWT header had invalid encoding: ");
  if (headerBytes == UNDEFINED) return UNDEFINED;
  const header = objectIn(headerBytes, "bad JWT header: invalid JSON: ", "bad JWT header: decoded JSON type was not an Object");
  if (header == UNDEFINED) return UNDEFINED;
  if (objectGet(header, literal("enc")) != UNDEFINED) return builtinError("JWT is a JWE object, which is not supported");
  const payloadBytes = decoded(payloadText, "JWT payload had invalid encoding: ");
  if (payloadBytes == UNDEFINED) return UNDEFINED;
  const type = objectGet(header, literal("cty"));
  if (type != UNDEFINED && isString(type) && stringIs(type, "JWT")) {
    // A token inside the token, perhaps in quotes.
    return builtin_io_jwt_decode(builtin_trim(payloadBytes, literal("\"'")));
  }
  const payload = objectIn(payloadBytes, "invalid JSON: ", "decoded JSON type was not an Object");
  if (payload == UNDEFINED) return UNDEFINED;
  const bytes = decoded(signatureText, "JWT signature had invalid encoding: ");
  if (bytes == UNDEFINED) return UNDEFINED;
  const result = makeArray(3);
  arrayAppend(result, header);
  arrayAppend(result, payload);
  arrayAppend(result, builtin_hex_encode(bytes));
  return result;
}

function verify(kind: u32, token: u64, secret: u64): u64 {
  if (!needString(1, token) || !needString(2, secret) || !split(token)) return UNDEFINED;
  const given = builtin_base64url_decode(signature);
  if (given == UNDEFINED) return UNDEFINED;
  const size = digestSize(kind);
  const wanted = hmacDigest(kind, signed, secret);
  return boolean(lengthOf(given) == size && sameBytes(pointerOf(given), wanted, size));
}

export function builtin_io_jwt_verify_hs256(token: u64, secret: u64): u64 {
  return verify(SHA256, token, secret);
}

export function builtin_io_jwt_verify_hs384(token: u64, secret: u64): u64 {
  return verify(SHA384, token, secret);
}

export function builtin_io_jwt_verify_hs512(token: u64, secret: u64): u64 {
  return verify(SHA512, token, secret);
}
