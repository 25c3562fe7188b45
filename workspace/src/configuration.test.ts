// `rw.conf` and what it includes in; what is wrong with a value, at the place that set it, out.
import { expect, test } from "vitest";
import { LineIndex } from "#grammars/text/lines.ts";
import { memoryHost } from "./host.ts";
import { openProject } from "./workspace.ts";

async function faults(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const project = await openProject(
    memoryHost(Object.fromEntries(Object.entries(files).map(([path, text]) => [`/p/${path}`, text]))),
    "/p",
  );
  return project.configuration.diagnostics.map(({ file, range, message }) => {
    const { text } = project.find(file)!;
    return `${file}:${new LineIndex(text).rowCol(range.start).row} ${text.slice(range.start, range.end)}: ${message}`;
  });
}

const wrong = "`mocks.seed` must be an integer";

test.each([
  [{ "rw.conf": "roots = []\nmocks.seed = x" }, `/p/rw.conf:2 seed: ${wrong}`],
  [{ "rw.conf": 'roots = []\ninclude "m.conf"', "m.conf": "\nmocks.seed = x" }, `/p/m.conf:2 mocks.seed: ${wrong}`],
  [{ "rw.conf": 'mocks { include "m.conf" }', "m.conf": "\nseed = x" }, `/p/m.conf:2 seed: ${wrong}`],
  [{ "rw.conf": 'include "m.conf"\nmocks.seed = x', "m.conf": "mocks.seed = 1" }, `/p/rw.conf:2 seed: ${wrong}`],
  [{ "rw.conf": 'mocks.seed = 1\ninclude "m.conf"', "m.conf": "mocks.seed = x" }, `/p/m.conf:1 mocks.seed: ${wrong}`],
  [
    { "rw.conf": 'include "m.conf"', "m.conf": "\nroots = [{ path = 1 }]" },
    "/p/m.conf:2 roots: `roots[0]` must be a folder, or { path, rego-version }",
  ],
])("%j", async (files, told) => {
  expect(await faults(files)).toEqual([told]);
});
