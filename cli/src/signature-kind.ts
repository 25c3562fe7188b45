// The algorithms of a bundle's signature, by the names that JWTs have for them.
import { constants } from "node:crypto";

export interface SignatureKind {
  readonly family: "HS" | "RS" | "PS" | "ES";
  /** As Node names it: `sha256`. */
  readonly hash: string;
}

/** What a name such as `RS256` stands for. */
export function signatureKind(algorithm: string): SignatureKind | undefined {
  const found = /^(HS|RS|PS|ES)(256|384|512)$/u.exec(algorithm);
  return found === null ? undefined : { family: found[1] as SignatureKind["family"], hash: `sha${found[2]}` };
}

/** How Node is to use a key of the family. */
export function keyOptions(
  { family }: SignatureKind,
  saltLength: number,
): { readonly padding?: number; readonly saltLength?: number; readonly dsaEncoding?: "ieee-p1363" } {
  if (family === "PS") return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  return family === "ES" ? { dsaEncoding: "ieee-p1363" } : {};
}
