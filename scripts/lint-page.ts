// Writes docs/lint/README.md: every lint rule with what it is for, from the rules and their pages.
import { readFileSync, writeFileSync } from "node:fs";
import { categories } from "#lint/rule.ts";
import { lintRules } from "#lint/rules.generated.ts";

export const lintPage = "docs/lint/README.md";

export function lintPageText(): string {
  const sections = categories.map((category) => {
    const rows = lintRules
      .filter((rule) => rule.category === category)
      .map(
        ({ name, description, level = "error" }) =>
          `| [${name}](${name}.md) | ${description} | \`${level}\` | ${hasFix(name) ? "yes" : ""} |`,
      );
    return [`## ${category}`, "", "| rule | finding | default | fix |", "|---|---|---|---|", ...rows, ""].join("\n");
  });
  return `${head}\n${sections.join("\n")}`;
}

/** A page shows what a fix makes of its first example. */
function hasFix(rule: string): boolean {
  return readFileSync(`docs/lint/${rule}.md`, "utf8").includes(" · has a fix");
}

const head = `# Lint rules

Written by \`npm run l10n\` from the rules. They are [Regal](https://www.openpolicyagent.org/projects/regal)'s, with its names, options, levels and
messages, and those of the category [decision](#decision), which are our own; each has a page with examples, which are its tests.

- **Where**: in the editor while you type, \`rw lint FOLDER\` in terminals and CI (exit code 3 where something of level \`error\` was found), and
  \`rw fix FOLDER\` for what has a fix.
- **Configuration**: \`.regal/config.yaml\` or \`.regal.yaml\`, the nearest one upwards, above the opened folder too (read when that is opened); the
  key \`lint\` of [\`rw.conf\`](../rw-conf.md#lint) wins over it; without both the user's own \`~/.config/regal/config.yaml\` holds. In the editor
  "Ignore this rule in config" writes it.

  \`\`\`yaml
  rules:
    default: {level: error}          # of all rules
    style:
      default: {level: warning}      # of a category
      line-length: {level: warning, max-line-length: 100, ignore: {files: ["*_test.rego"]}}
  ignore: {files: [generated/]}      # as in .gitignore
  \`\`\`
- **In a policy**: \`# regal ignore:rule-a,rule-b\` switches rules off for its line and the line below.
- **Documents**: what is in \`data.json\` and \`data.yaml\`, and what RMS gives below \`data.rms\`, is no unresolved reference.
- **Rules of your own**: in Rego, below \`.regal/rules\`: see [Rules of your own](../custom-rules.md).
- **Decisions**: the rules of the category \`decision\` look at samples, tests and what they come to. They are off unless the configuration
  names them (\`level\`, an option, or \`default\` of the category) or \`--enable\` and \`--enable-category\` do; what is said of all rules is not
  said of them. In the editor their findings follow when samples and tests were evaluated.
`;

if (import.meta.main) {
  writeFileSync(lintPage, lintPageText());
  console.log(`wrote ${lintPage}`);
}
