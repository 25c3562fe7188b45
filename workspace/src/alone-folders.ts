// Folders that only make sense alone, told by the conflicts between their policies.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { dirname } from "./paths.ts";

/**
 * Folders whose policies contradict those of at least two other folders: each is meant to be loaded alone, with what lies beside all of them.
 * Two folders may be a mistake, and are told as OPA tells them.
 */
export function aloneFoldersOf(root: string, diagnostics: readonly Diagnostic[]): readonly string[] {
  const folders = new Set<string>();
  for (const { code, message, file, related } of diagnostics) {
    if (code !== "rego_type_error" || !/^(?:conflicting rules|multiple default rules|rule \S+ conflicts)/u.test(message))
      continue;
    const involved = new Set([file, ...(related ?? []).map((one) => one.file)].map(dirname));
    if (involved.size >= 3) for (const folder of involved) folders.add(folder);
  }
  folders.delete(root);
  return [...folders].filter((folder) => folder.startsWith("/")).sort();
}
