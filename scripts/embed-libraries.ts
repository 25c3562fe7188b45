// Puts libraries of Rego into source files, so that the extension, the command line and RMS carry them without reading their own folders.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes the files of the libraries that changed. */
export function embedLibraries(): void {
  embed("rms/policies/rms", "rms", "rmsLibrary", ["workspace/src/rms-library.generated.ts", "rms/policies/library.generated.ts"]);
  embed("lint/library", "regal", "regalLibrary", ["lint/src/library.generated.ts"]);
}

/** Puts what the pages of RMS's console ask for into a source file. */
export function embedConsole(): void {
  const folder = "rms/console/assets";
  const files = readdirSync(folder)
    .sort()
    .map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(readFileSync(join(folder, name), "utf8"))},`);
  const source = `// What the console's pages ask for; made by scripts/embed-libraries.ts from ${folder}.\nexport const assetTexts = {\n${files.join("\n")}\n};\n`;
  put("rms/console/assets.generated.ts", source);
}

function embed(folder: string, named: string, variable: string, targets: readonly string[]): void {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".rego") && !name.endsWith("_test.rego"))
    .sort()
    .map(
      (name) =>
        `  { name: ${JSON.stringify(`${named}/${name}`)}, text: ${JSON.stringify(readFileSync(join(folder, name), "utf8"))} },`,
    );
  const source = `// The ${named}.* library; made by scripts/embed-libraries.ts from ${folder}.\nexport const ${variable}: readonly { readonly name: string; readonly text: string }[] = [\n${files.join("\n")}\n];\n`;
  for (const target of targets) put(target, source);
}

function put(target: string, source: string): void {
  if (!existsSync(target) || readFileSync(target, "utf8") !== source) writeFileSync(target, source);
}
