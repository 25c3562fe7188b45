// Puts the rms.* library into source files, so that the extension, the command line and RMS carry it without reading their own folders.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = "rms/policies/rms";
const targets = ["workspace/src/rms-library.generated.ts", "rms/policies/library.generated.ts"];

/** Writes the files when the library changed. */
export function embedRmsLibrary(): void {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".rego") && !name.endsWith("_test.rego"))
    .sort()
    .map(
      (name) =>
        `  { name: ${JSON.stringify(`rms/${name}`)}, text: ${JSON.stringify(readFileSync(join(folder, name), "utf8"))} },`,
    );
  const source = `// The rms.* library; made by scripts/embed-rms-library.ts from ${folder}.\nexport const rmsLibrary: readonly { readonly name: string; readonly text: string }[] = [\n${files.join("\n")}\n];\n`;
  for (const target of targets) if (!existsSync(target) || readFileSync(target, "utf8") !== source) writeFileSync(target, source);
}
