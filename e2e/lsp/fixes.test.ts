// Every fix that is offered changes the text, takes its finding away and leaves no more that cannot be read: over the fault cases, and policies with one token too many or too few.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { diagnosticsOf } from "#features/diagnostics.ts";
import { actionsIn } from "#features/reading.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { memoryHost } from "#workspace/host.ts";
import type { Project } from "#workspace/project.ts";
import { openProject } from "#workspace/workspace.ts";

const path = "/p/policy.rego";

const sound = [
  'package p\n\nimport data.lib\n\nallow if {\n\tsome x in input.items\n\tx.id == 1\n\tnot lib.denied(x, "a")\n}\n',
  'package p\n\nusers := [u |\n\tsome u in input.users\n\tu.name != ""\n]\n\nf(x, y) := z if {\n\tz := {"a": x, "b": [y, 1]}\n}\n',
  'package p\n\ndefault deny := false\n\ndeny contains msg if {\n\tevery r in input.roles {\n\t\tr in {"admin", "dev"}\n\t}\n\tmsg := sprintf("no %s", [input.user])\n}\n\nx := 1 if input.y else := 2\n',
];
const strays = ["some", "=", "(", "}", "]", "|", ",", "else", "[a", "if"];

/** A text with each token left out, written twice, or behind a stray one. */
function torn(text: string): readonly string[] {
  return [...text.matchAll(/"[^"\n]*"|\w+|[:=!]=|\S/gu)].flatMap(({ 0: token, index }) => {
    const before = text.slice(0, index);
    const after = text.slice(index + token.length);
    return [before + after, `${before}${token} ${token}${after}`, ...strays.map((stray) => `${before}${stray} ${token}${after}`)];
  });
}

/** The policies of the case file of the language server's faults. */
function faultCases(): readonly string[] {
  const cases = readFileSync("e2e/lsp/cases/faults.txt", "utf8")
    .split(/^=== .*\n/mu)
    .slice(1);
  return cases.flatMap((one) => {
    const fixture = one.split(/^--- /mu)[0]!;
    const files = /^#- /mu.test(fixture) ? fixture.split(/^#- /mu).slice(1) : [`policy.rego\n${fixture}`];
    return files.filter((file) => /^\S+\.rego\n/u.test(file)).map((file) => file.slice(file.indexOf("\n") + 1));
  });
}

async function look(
  text: string,
  others: Readonly<Record<string, string>> = {},
): Promise<{ readonly project: Project; readonly found: readonly Diagnostic[] }> {
  const project = await openProject(memoryHost({ ...others, [path]: text }), "/p");
  return { project, found: diagnosticsOf(project, () => 0).byFile.get(path) ?? [] };
}

const unread = (found: readonly Diagnostic[]): number => found.filter(({ code }) => code === "rego_parse_error").length;

async function wrongFixes(text: string): Promise<readonly string[]> {
  const { project, found } = await look(text);
  const file = project.files.get(path)!;
  const wrong: string[] = [];
  for (const { title, edits, diagnostic } of actionsIn(project, file, { start: 0, end: text.length }, found)) {
    let mended = text;
    const others: Record<string, string> = {};
    for (const { file: other, range, newText } of [...edits].sort((a, b) => b.range.start - a.range.start)) {
      if (other === undefined) mended = mended.slice(0, range.start) + newText + mended.slice(range.end);
      else others[other] = newText;
    }
    const { found: left } = await look(mended, others);
    const same = (all: readonly Diagnostic[]) => all.filter(({ message }) => message === diagnostic?.message).length;
    const nothing = mended === text && Object.keys(others).length === 0;
    if (nothing || unread(left) > unread(found) || (diagnostic !== undefined && same(left) >= same(found)))
      wrong.push(JSON.stringify({ title, text, mended, others, left: left.map(({ message }) => message) }));
  }
  return wrong;
}

const texts: readonly (readonly [name: string, texts: readonly string[]])[] = [
  ["the fault cases", faultCases()],
  ...sound.map((text, at) => [`policy ${at + 1}, torn`, torn(text)] as const),
];

test.each(texts)("%s: each fix mends", async (_, all) => {
  const wrong: string[] = [];
  for (const text of all) wrong.push(...(await wrongFixes(text)));
  expect(wrong).toEqual([]);
});
