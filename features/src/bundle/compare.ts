// What two bundles hold otherwise, by what their files mean, and the policies and data of one, ready to decide.
import { checkModules } from "#analysis/rego/check.ts";
import type { ArchiveFile } from "#bundles/tar.ts";
import { compile } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { writeJsonText } from "#evaluation/json-text.ts";
import { contentsOf, policiesOf } from "./contents.ts";
import { canonicalBytesOf, signaturesFile } from "./signature.ts";

export interface BundleChange {
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
}

/** The files that differ, by name. Signatures do whenever anything does, and are left out. */
export function bundleChanges(before: readonly ArchiveFile[], after: readonly ArchiveFile[]): readonly BundleChange[] {
  const old = new Map(before.map((file) => [file.name, file.bytes]));
  const now = new Map(after.map((file) => [file.name, file.bytes]));
  const changes: BundleChange[] = [];
  for (const path of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    if (path.endsWith(signaturesFile)) continue;
    const [was, is] = [old.get(path), now.get(path)];
    if (was === undefined) changes.push({ path, kind: "added" });
    else if (is === undefined) changes.push({ path, kind: "removed" });
    else if (!same(canonicalBytesOf(path, was), canonicalBytesOf(path, is))) changes.push({ path, kind: "changed" });
  }
  return changes;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** The compiled policies of a bundle and its data; or why it cannot decide. */
export function decidingBundle(
  files: readonly ArchiveFile[],
  entrypoints: readonly string[],
): { readonly module: EmittedModule; readonly data: string } | { readonly problem: string } {
  const [fault] = contentsOf(files).problems;
  if (fault !== undefined)
    return { problem: fault.path === undefined ? fault.text : `${fault.path}:${fault.row}: ${fault.text}` };
  const { folder, modules } = policiesOf(files);
  const checked = checkModules(modules);
  const [error] = checked.diagnostics.filter(({ severity }) => severity === "error");
  if (error !== undefined) return { problem: `${error.file}: ${error.code}: ${error.message}` };
  const { module } = checked.complete ? compile(checked, { entrypoints }) : { module: undefined };
  return module === undefined ? { problem: "its policies cannot be compiled" } : { module, data: writeJsonText(folder.data) };
}
