// Rules about decisions in `rw lint`, over real folders: off unless they are named, each project with its own samples.
import { expect, test } from "vitest";
import { runsOnDisk } from "../run-on-disk.test-helper.ts";

const run = runsOnDisk("rw decisions ");

/** `rule place message` for each violation of rules about decisions in a path. */
async function lint(files: Readonly<Record<string, string>>, path: string, ...flags: readonly string[]) {
  const { cwd, code, out, err } = await run(files, ["lint", "--format", "json", `<cwd>/${path}`, ...flags]);
  const { violations } = JSON.parse(out.replaceAll(`${cwd}/`, "")) as {
    violations: {
      title: string;
      category: string;
      description: string;
      location: { file: string; row: number; col: number };
      related_resources: { ref: string }[];
    }[];
  };
  const ours = violations.filter(({ category }) => category === "decision");
  const found = ours.map(
    ({ title, description, location: { file, row, col } }) => `${title} ${file}:${row}:${col} ${description}`,
  );
  return { code, err: err.replaceAll(cwd, "<cwd>"), found, pages: ours.map(({ related_resources: [page] }) => page!.ref) };
}

const project = (name: string) => ({
  [`${name}/rw.conf`]: `entrypoints = [${name}/allow]\n`,
  [`${name}/p.rego`]: `package ${name}\n\nallow if input.ok\n`,
  [`${name}/inputs/a.conf`]: "ok = false\nwhy = no\n",
});
const undefinedIn = (name: string): string =>
  `sample-undefined ${name}/p.rego:3:1 Decision data.${name}.allow is undefined for a.conf`;
const unusedIn = (name: string): string => `unused-input-path ${name}/inputs/a.conf:2:1 No rule reads input.why`;
const deadIn = (name: string): string => `dead-clause ${name}/p.rego:3:1 Clause is true in no sample and no test`;

test("they are off, whatever is said of all rules", async () => {
  expect((await lint(project("a"), "a")).found).toEqual([]);
  expect((await lint(project("a"), "a", "--enable-all")).found).toEqual([]);
  const config = { ".regal/config.yaml": "rules: {default: {level: error}}\n" };
  expect((await lint({ ...project("a"), ...config }, "a")).found).toEqual([]);
});

test("a name, an option or the category switches on", async () => {
  expect(await lint(project("a"), "a", "-D", "--enable", "sample-undefined")).toEqual({
    code: 3,
    err: "",
    found: [undefinedIn("a")],
    pages: ["docs/lint/sample-undefined.md"],
  });
  const options = "rules:\n  decision:\n    unused-input-path: {except-paths: [input.nothing]}\n";
  expect((await lint({ ...project("a"), ".regal/config.yaml": options }, "a")).found).toEqual([unusedIn("a")]);
  const category = "rules: {decision: {default: {level: warning}, dead-clause: {level: ignore}}}\n";
  expect((await lint({ ...project("a"), ".regal/config.yaml": category }, "a")).found).toEqual([unusedIn("a"), undefinedIn("a")]);
});

test("each project is asked with its own samples, from wherever it is named", async () => {
  const files = { ...project("a"), ...project("b") };
  const all = (name: string): readonly string[] => [unusedIn(name), deadIn(name), undefinedIn(name)];
  expect((await lint(files, ".", "--enable-category", "decision")).found).toEqual([...all("a"), ...all("b")]);
  expect((await lint(files, "b/p.rego", "--enable-category", "decision")).found).toEqual(all("b"));
});

test("directives and files that are left out hold", async () => {
  const files = { ...project("a"), "a/p.rego": "package a\n\n# regal ignore:sample-undefined\nallow if input.ok\n" };
  expect((await lint(files, "a", "-D", "--enable", "sample-undefined")).found).toEqual([]);
  const flags = ["-D", "--enable", "dead-clause", "--ignore-files", "p.rego"];
  expect((await lint(files, "a", ...flags)).found).toEqual([]);
});

test("what cannot be evaluated is told, and no reason to stop", async () => {
  const files = { ...project("a"), "a/q.rego": "package a\n\nq := nobody\n" };
  const { code, err, found } = await lint(files, "a", "-D", "--enable-category", "decision");
  expect({ code, found }).toEqual({ code: 0, found: [] });
  expect(err).toBe("warning: no rule about decisions is applied in a: q.rego:3: var nobody is unsafe\n");
});

test("in the project's own folder it is named by a dot", async () => {
  const project = { "rw.conf": "entrypoints = [a/allow]\n", "p.rego": "package a\n\nallow if nobody\n", "inputs/a.json": "{}" };
  const { err } = await run(project, ["lint", "-D", "--enable-category", "decision", "<cwd>"]);
  expect(err).toBe("warning: no rule about decisions is applied in .: p.rego:3: var nobody is unsafe\n");
});
