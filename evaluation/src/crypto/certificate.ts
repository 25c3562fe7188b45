// X.509 certificates (RFC 5280).
import { DerReader, tag } from "./der.ts";
import { type Key, publicKeyOf, readingDer } from "./keys.ts";

export function parseCertificate(der: Uint8Array): { readonly key: Key } {
  return readingDer("x509: malformed certificate", () => {
    const tbs = new DerReader(der).inside(tag.sequence).inside(tag.sequence);
    tbs.optional(0xa0);
    tbs.integer();
    for (let count = 0; count < 4; count++) tbs.read(tag.sequence);
    const info = tbs.inside(tag.sequence);
    const algorithm = info.inside(tag.sequence);
    return { key: publicKeyOf(algorithm.oid(), algorithm.rest, info.bits().bytes) };
  });
}
