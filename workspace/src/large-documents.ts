// HOCON and YAML documents that take seconds to read: whoever types in a policy beside them must not wait for that.
import { oncePer } from "#grammars/once-per.ts";
import { isDataFile } from "./base-data.ts";
import { basename } from "./paths.ts";
import type { SourceFile } from "./source-file.ts";

/** Characters of a document that is read together with all others. */
const largest: Readonly<Partial<Record<SourceFile["kind"], number>>> = { hocon: 2_000_000, yaml: 2_000_000, json: 20_000_000 };

/** True for documents that are left out; data files never are, since decisions would be wrong without them. */
export function isLargeDocument(file: SourceFile): boolean {
  return file.text.length > (largest[file.kind] ?? Number.POSITIVE_INFINITY) && !isDataFile(file.path);
}

/** Why a document is not read, in one sentence. */
export function whyNotRead(file: SourceFile): string {
  const size = (length: number): string => `${(length / 1_000_000).toFixed(length % 1_000_000 === 0 ? 0 : 1)} MB`;
  return `${basename(file.path)} has ${size(file.text.length)}: documents of more than ${size(largest[file.kind] ?? 0)} are not read while typing, \`rw eval --input\` reads them`;
}

/** What others see of a large document that they include. */
export const standInOf = oncePer((file: SourceFile): SourceFile => ({ ...file, text: "", unreadable: whyNotRead(file) }));
