// The strings that the extension says, for translators: `l10n/bundle.l10n.json` from the client's sources. `npm run l10n` writes it.
import { globSync, readFileSync, writeFileSync } from "node:fs";

export const bundleFile = "l10n/bundle.l10n.json";

/** Every string that is given to `vscode.l10n.t`, in the order of the files; one that is no literal cannot be translated and is a fault. */
export function saidByTheClient(): readonly string[] {
  const files = globSync("client/src/**/*.ts", { exclude: ["**/*.test.ts"] }).sort();
  return files.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    return [...text.matchAll(/\bl10n\.t\(\s*("(?:[^"\\\n]|\\.)*")?/gu)].map(([, literal]) => {
      if (literal === undefined) throw new Error(`${file}: l10n.t without a string literal`);
      return JSON.parse(literal) as string;
    });
  });
}

/** The bundle as VS Code reads it: each string by itself, sorted. */
export function bundleText(): string {
  const strings = [...new Set(saidByTheClient())].sort();
  return `${JSON.stringify(Object.fromEntries(strings.map((text) => [text, text])), null, 2)}\n`;
}

if (import.meta.main) {
  writeFileSync(bundleFile, bundleText());
  console.log(`wrote ${bundleFile}`);
}
