// How much of a bundle is looked into: a small archive can unfold to more than there is memory for, and trees are many times their text.
import type { ArchiveFile } from "#bundles/tar.ts";

const megabyte = 1024 * 1024;
/** Of all policies, and of all documents, together. */
const mostPolicies = 16 * megabyte;
const mostDocuments = 32 * megabyte;

/** What OPA takes by its meaning, and not as it is. */
export const isDocument = (name: string): boolean => /(?:^|\/)(?:data\.json|data\.ya?ml|\.manifest)$/u.test(name);

/** Why the files are listed, and nothing more; undefined where they are small enough. */
export function tooLarge(files: readonly ArchiveFile[]): string | undefined {
  const sizeOf = (isOne: (name: string) => boolean): number =>
    files.reduce((sum, { name, bytes }) => (isOne(name) ? sum + bytes.length : sum), 0);
  const large = (what: string, most: number): string =>
    `its ${what} are larger than ${most / megabyte} MB together, so they are not looked into here: \`opa inspect\` tells more`;
  if (sizeOf((name) => name.endsWith(".rego")) > mostPolicies) return large("policies", mostPolicies);
  if (sizeOf((name) => isDocument(name) || name.endsWith(".signatures.json")) > mostDocuments)
    return large("documents", mostDocuments);
  return undefined;
}

/** True for a text of JSON that can be laid out anew. */
export const isSmall = (bytes: Uint8Array): boolean => bytes.length <= mostDocuments;
