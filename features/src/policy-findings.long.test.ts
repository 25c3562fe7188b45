// What is told of a policy before the whole project was read.
import { expect, test } from "vitest";
import { projectOf } from "#analysis/rego/incremental.test-helper.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { finish } from "#grammars/text/steps.ts";
import { memoryHost } from "#workspace/host.ts";
import { policiesAround } from "#workspace/parts.ts";
import { openProject } from "#workspace/workspace.ts";
import { diagnosticsOf, policyFindings } from "./diagnostics.ts";

/** Random projects for each kind. */
const SEEDS = 10;

const keyOf = ({ code, message, range }: Diagnostic): string => `${range.start}-${range.end} ${code} ${message}`;

interface Comparison {
  readonly early: readonly string[];
  readonly late: readonly string[];
  /** The policies that were read for the early ones. */
  readonly read: readonly string[];
  /** Files with an error that were not read. */
  readonly brokenElsewhere: readonly string[];
}

async function compare(files: Readonly<Record<string, string>>, path: string): Promise<Comparison> {
  const open = () => openProject(memoryHost(files), "/p");
  const whole = diagnosticsOf(await open(), () => 0).byFile;
  const project = await open();
  const file = project.files.get(path)!;
  const around = finish(policiesAround(project, file));
  const read = [...around].map((one) => one.path).sort();
  const broken = [...whole].filter(([, found]) => found.some(({ severity }) => severity === "error")).map(([other]) => other);
  return {
    early: policyFindings(project.only(around), file).map(keyOf),
    late: (whole.get(path) ?? []).map(keyOf),
    read,
    brokenElsewhere: broken.filter((other) => !read.includes(other)),
  };
}

/** Two random projects side by side, which share a package now and then. */
function twoProjects(seed: number, tame: boolean): Readonly<Record<string, string>> {
  const side = (name: string, own: number) =>
    projectOf(own, tame).map(([file, text]) => {
      const renamed = own % 3 === 0 ? /\b(package |data\.)(a|c)\b/gu : /\b(package |data\.)(a|c|lib)\b/gu;
      return [`/p/${name}/${file}`, text.replaceAll(renamed, `$1$2${name}`)] as const;
    });
  return Object.fromEntries([...side("left", seed), ...side("right", seed + 1)]);
}

test("only what a policy leads to is read", async () => {
  const files = {
    "/p/a.rego": "package a\n\nimport data.b\n\nx := b.f(1, 2)\n",
    "/p/b.rego": "# about b\n\npackage b # that\n\nf(n) := data.c.d.g[n]\n",
    "/p/c.rego": "package c.d\n\ng[1] := 2\n",
    "/p/other.rego": "package other\n\nx := 1\n",
    "/p/aside.rego": "package a.aside\n\nz := 1\n",
  };
  const { early, late, read } = await compare(files, "/p/a.rego");
  expect(read).toEqual(["/p/a.rego", "/p/b.rego", "/p/c.rego"]);
  expect(early).toEqual(late);
  expect(early.join("\n")).toMatch(/rego_type_error.*function data\.b\.f has arity 1/u);
});

test("a policy whose package cannot be told is read, for it may declare anything", async () => {
  const files = {
    "/p/a.rego": "package a\n\nx := data.b.f(1)\n",
    "/p/b.rego": "pakage b\n\nf(n) := n\n",
    "/p/c.rego": 'package c["d-e"]\n\ng := 1\n',
  };
  const { early, late, read } = await compare(files, "/p/a.rego");
  expect(read).toEqual(["/p/a.rego", "/p/b.rego", "/p/c.rego"]);
  expect(early).toEqual(late);
});

test("a rule conflicts with a package of its path", async () => {
  const files = { "/p/a.rego": "package a\n\nx := 1\n", "/p/x.rego": "package a.x\n\ny := 1\n", "/p/z.rego": "package a.z\n" };
  const { early, late, read } = await compare(files, "/p/a.rego");
  expect(read).toEqual(["/p/a.rego", "/p/x.rego"]);
  expect(early).toEqual(late);
  expect(early.join("\n")).toContain("conflicts");
});

test.each([true, false])(
  "random policies have the same findings early, unless what is broken elsewhere hides some (tame: %s)",
  async (tame) => {
    let partly = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      const files = twoProjects(seed, tame);
      for (const path of Object.keys(files).slice(0, 3)) {
        const { early, late, read, brokenElsewhere } = await compare(files, path);
        const about = `seed ${seed}, ${path} with ${read.join(" ")}\n${Object.entries(files).flat().join("\n")}`;
        if (brokenElsewhere.length === 0) expect(early, about).toEqual(late);
        else expect(early, about).toEqual(expect.arrayContaining([...late]));
        if (read.length < Object.keys(files).length) partly++;
      }
    }
    expect(partly).toBeGreaterThan(SEEDS);
  },
);
