// Writes docs/settings.md: every setting and command of the extension, from its manifest.
import { readFileSync, writeFileSync } from "node:fs";

interface Setting {
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly markdownDescription: string;
  readonly markdownDeprecationMessage?: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly keybindings: readonly {
      readonly command: string;
      readonly key: string;
      readonly mac: string;
      readonly when: string;
    }[];
    readonly configuration: readonly { readonly title: string; readonly properties: Readonly<Record<string, Setting>> }[];
  };
}

export const settingsFile = "docs/settings.md";

export function settingsText(): string {
  const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
  const strings = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;
  const text = (name: string): string => name.replace(/^%(.+)%$/u, (_, key: string) => strings[key] ?? "");
  const sections = contributes.configuration.map(({ title, properties }) => {
    const rows = Object.entries(properties).map(([name, setting]) => {
      // A link to another setting of the editor has no place to lead to here.
      const words = text(setting.markdownDeprecationMessage ?? setting.markdownDescription).replaceAll(/`#([\w.]+)#`/gu, "`$1`");
      const values = (setting.enum ?? []).flatMap((value, at) => {
        const meaning = setting.enumDescriptions?.[at];
        return meaning === undefined
          ? []
          : [`\`${value}\`: ${text(meaning).replace(/^[A-Z](?=[a-z])/u, (first) => first.toLowerCase())}`];
      });
      const all = values.length === 0 ? words : `${words} ${values.join("; ")}.`;
      return `| \`${name}\` | \`${JSON.stringify(setting.default ?? null)}\` | ${all.replaceAll("|", "\\|")} |`;
    });
    return [`## Settings: ${text(title)}`, "", "| setting | default | meaning |", "|---|---|---|", ...rows, ""].join("\n");
  });
  const commands = contributes.commands.map(({ command, title, category }) => {
    const own = contributes.keybindings.find((binding) => binding.command === command && !binding.when.includes("config."));
    const key = own === undefined ? "" : `\`${own.key}\`, on macOS \`${own.mac}\``;
    return `| ${category}: ${text(title)} | \`${command}\` | ${key} |`;
  });
  const head = [
    "# Settings and commands of the extension",
    "",
    "Written by `npm run l10n` from the manifest. [editor.md](editor.md) says how the parts work together.",
    "",
  ].join("\n");
  const tail = ["## Commands", "", "| title | id | key |", "|---|---|---|", ...commands, ""].join("\n");
  return [head, ...sections, tail].join("\n");
}

if (import.meta.main) {
  writeFileSync(settingsFile, settingsText());
  console.log(`wrote ${settingsFile}`);
}
