// Conversions between HOCON, JSON and YAML, refused where reading the result back would give another value.
import { resolveHocon, toJsonText } from "#analysis/hocon/resolve.ts";
import { toHoconText, toYamlText } from "#analysis/hocon/write.ts";
import { parseHocon } from "#grammars/hocon/parse.ts";
import { readDocument } from "#workspace/documents.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";

export type ConversionTarget = "json" | "yaml" | "hocon";

/** The new text and the path that suits it, beside the old file. */
export type Conversion = { readonly path: string; readonly text: string } | { readonly refusal: string };

const endings: Readonly<Record<ConversionTarget, string>> = { json: "json", yaml: "yaml", hocon: "conf" };

/** What a file says, in another format. HOCON is resolved with the profile first; its comments stay behind. */
export function convertDocument(
  project: Project,
  file: SourceFile,
  target: ConversionTarget,
  profile: string | undefined,
): Conversion {
  const path = `${file.path.replace(/\.[^./]*$/u, "")}.${endings[target]}`;
  if (path === file.path) return { refusal: `the file is ${target} already` };
  const { json, problems } = ownValue(project, file, profile);
  if (json === undefined) return { refusal: problems[0] ?? "the file cannot be read" };
  const parsed = parseHocon(json, { file: "value.json", syntax: "json" });
  const { value, failure } = resolveHocon(parsed);
  if (failure !== undefined) return { refusal: `this value cannot be written as HOCON: ${failure.message}` };
  if (target === "json") return { path, text: `${toJsonText(value, { indent: 2 })}\n` };
  if (target === "yaml") return { path, text: toYamlText(value) };
  const text = toHoconText(value);
  return text === undefined ? { refusal: "this value cannot be written as HOCON that reads back the same" } : { path, text };
}

function ownValue(
  project: Project,
  file: SourceFile,
  profile: string | undefined,
): { readonly json: string | undefined; readonly problems: readonly string[] } {
  if (file.kind === "json" || file.kind === "yaml") {
    const { json, diagnostics } = readDocument(file);
    return { json, problems: diagnostics.map(({ message }) => message) };
  }
  return project.inputs.resolve(file, profile);
}
