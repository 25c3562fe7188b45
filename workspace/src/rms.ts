// What RMS gives a project in the editor and on the command line: the rms.* library, and `data.rms` made from a readable file of roles.

import { canonicalJson } from "#bundles/canonical-json.ts";
import { readDomainFacts, rmsDocument } from "#bundles/rms-data.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { rmsLibrary } from "./rms-library.generated.ts";
import { bufferFile, type SourceFile } from "./source-file.ts";
import { writtenKeys } from "./written-keys.ts";

/** Where the library's files seem to lie; nothing is there on any disk. */
export const libraryFolder = "rw-library:";

/** The library as files, the same objects for every project. */
export const libraryFiles: readonly SourceFile[] = rmsLibrary.map(({ name, text }) =>
  bufferFile(`${libraryFolder}/${name}`, text, 0, "rego"),
);

/** True for a package as the library has them. */
export function isRmsPackage(path: string): boolean {
  return /^data\.rms(?:\.|$)/u.test(path);
}

const libraryPackages = rmsLibrary.map(({ name }) => name.slice("rms/".length, -".rego".length));
const namingOfRms = /(?<!\.)\bdata(?:\.rms\b|\[\s*(["`])rms\1\s*\])(?:\.|\[\s*["`])?(\w*)/gu;

/** True for a policy that names a package of the library, also one that is half typed, or `data.rms` as a whole: other names are data of the user's own. */
export function asksForLibrary(text: string): boolean {
  for (const [, , name = ""] of text.matchAll(namingOfRms))
    if (libraryPackages.some((known) => known.startsWith(name))) return true;
  return false;
}

const freshFor = 365n * 24n * 3600n;

export interface RmsData {
  /** The document `{"rms": …}`. */
  readonly json: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export const noRmsData: RmsData = { json: undefined, diagnostics: [] };

/** The place of a path in a roles file, or of what it lies in; the start of the file where another one writes it. */
export function placeInRoles(file: SourceFile, path: string): Range {
  const keys = file.kind === "hocon" ? writtenKeys(file) : [];
  for (let at = path; at !== ""; at = at.slice(0, Math.max(at.lastIndexOf("."), 0))) {
    const key = keys.findLast((one) => one.path.join(".") === at);
    if (key !== undefined) return key.range;
  }
  return { start: 0, end: 0 };
}

/** The document of a roles file's value, fresh as of now. */
export function rmsDataOf(file: SourceFile, value: unknown, now: bigint, domain: string | undefined): RmsData {
  const read = readDomainFacts(value, domain);
  if ("fault" in read) {
    const { fault: message, at } = read;
    const found: Diagnostic = {
      file: file.path,
      range: placeInRoles(file, at),
      severity: "error",
      code: "rw_roles_error",
      message,
    };
    return { json: undefined, diagnostics: [found] };
  }
  const seconds = now / 1_000_000_000n;
  const stamp = { asOf: Number(seconds), freshUntil: Number(seconds + freshFor), snapshot: 1 };
  return { json: `{"rms":${canonicalJson(rmsDocument(read.facts, stamp))}}`, diagnostics: [] };
}
