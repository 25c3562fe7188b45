// What the extension says can be translated: the bundle and the manifest's strings are complete and up to date.
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bundleFile, bundleText } from "../../scripts/l10n.ts";
import { settingsFile, settingsText } from "../../scripts/settings-page.ts";

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, unknown>;
const strings = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;

/** Every text of the manifest, with the names on the way to it. */
function texts(value: unknown, path: readonly string[] = []): readonly (readonly [path: string, text: string])[] {
  if (typeof value === "string") return [[path.join("."), value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => texts(inner, [...path, name]));
}

test("the bundle holds what the sources say: `npm run l10n` writes it", () => {
  expect(readFileSync(bundleFile, "utf8")).toBe(bundleText());
});

test("the page of settings and commands is that of the manifest: `npm run l10n` writes it", () => {
  expect(readFileSync(settingsFile, "utf8")).toBe(settingsText());
});

test("nothing is shown that is not handed to l10n.t", () => {
  const shown =
    /(?:show\w+Message|setStatusBarMessage)\(\s*["`](?!\$\{productName\})|\b(?:title|prompt|placeHolder|placeholder|tooltip|description): ["`][^"`]*[a-z]{3}/u;
  const bare = globSync("client/src/**/*.ts", { exclude: ["**/*.test.ts"] }).flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line, at) => (shown.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  );
  expect(bare).toEqual([]);
});

test("every name in the manifest has its string, and every string is used", () => {
  const used = texts(manifest).flatMap(([, text]) => /^%(.+)%$/u.exec(text)?.[1] ?? []);
  expect(Object.keys(strings).filter((name) => !used.includes(name))).toEqual([]);
  expect(used.filter((name) => strings[name] === undefined)).toEqual([]);
});

test("nothing that users read stands in the manifest itself", () => {
  const read =
    /\.(?:title|name|description|markdownDescription|markdownDeprecationMessage|contents|enumDescriptions\.\d+)$|^displayName$|^description$/u;
  const own =
    /^(?:contributes\.problemMatchers|contributes\.languages)\.|^contributes\.viewsContainers\.|^contributes\.configuration\.0\.title$/u;
  const bare = texts(manifest).filter(([path, text]) => read.test(path) && !own.test(path) && !/^%.+%$/u.test(text));
  expect(bare).toEqual([]);
});
