// io.jwt.verify_hs*: tokens signed with a shared secret.

import { UNDEFINED, boolean, lengthOf, pointerOf, stringView } from "../word";
import { sameBytes } from "../bytes";
import { BUILTIN_ERROR, builtinError, closeError } from "../failure";
import { writeInteger } from "../number";
import { textAdvance, textLiteral, textOpen, textRoom } from "../text";
import { needString } from "../operands";
import { builtin_base64url_decode } from "./encoding";
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
