// The built `rw` on the examples: decisions, checks, tests, bundles.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { examples, inFolder, run } from "./run.ts";

const storage = join(examples, "storage");
const orders = join(examples, "orders");

test("eval decides a HOCON input", async () => {
  const outcome = await run("rw", [
    "eval",
    "-d",
    storage,
    "-i",
    join(storage, "inputs/client1-reads-bucket2.conf"),
    "data.storage.allow",
  ]);
  expect(outcome.err).toBe("");
  expect(JSON.parse(outcome.out)).toEqual({
    result: [{ expressions: [{ value: true, text: "data.storage.allow", location: { row: 1, col: 1 } }] }],
  });
  expect(outcome.code).toBe(0);
});

test("eval prints the raw value", async () => {
  const outcome = await run("rw", ["eval", "-f", "raw", "x := [1, 2][_]; x > 1"]);
  expect(outcome).toMatchObject({ code: 0, err: "" });
  const pretty = await run("rw", ["eval", "--format=pretty", "1 + 1"]);
  expect(pretty).toMatchObject({ code: 0, out: "2\n" });
});

test("eval --fail on an undefined result exits with 1", async () => {
  expect(await run("rw", ["eval", "--fail", "data.nothing"])).toMatchObject({ code: 1, out: "{}\n" });
});

test("check is silent on good policies", async () => {
  expect(await run("rw", ["check", storage, orders])).toMatchObject({ code: 0, out: "", err: "" });
});

test("check names file, row and fault as OPA does", async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "p.rego"), "package p\n\nallow if input.x == y\n");
    const outcome = await run("rw", ["check", "p.rego"], { cwd: folder });
    expect(outcome.err).toContain("p.rego:3: rego_unsafe_var_error: var y is unsafe");
    expect(outcome.code).toBe(1);
  });
});

test("test runs the tests of both examples", async () => {
  for (const example of [storage, orders]) {
    const outcome = await run("rw", ["test", example]);
    expect(outcome.err).toBe("");
    expect(outcome.out).toMatch(/PASS: (\d+)\/\1\n/);
    expect(outcome.code).toBe(0);
  }
});

test("a failing test exits with 2 and is named", async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "p_test.rego"), "package p_test\n\ntest_no if 1 == 2\n\ntest_yes if true\n");
    const outcome = await run("rw", ["test", "."], { cwd: folder });
    expect(outcome.out).toContain("data.p_test.test_no: FAIL");
    expect(outcome.out).toContain("PASS: 1/2\nFAIL: 1/2\n");
    expect(outcome.code).toBe(2);
  });
});

test("samples shows every decision beside the expected one", async () => {
  const outcome = await run("rw", ["samples", storage, orders]);
  expect(outcome.out).toContain("client1-reads-bucket2.conf");
  expect(outcome.out).toContain("stranger-at-night.conf");
  expect(outcome.code).toBe(0);
});

test("a decision that differs from the expected one fails", async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "p.rego"), "package p\n\ndefault allow := false\n");
    const { mkdirSync } = await import("node:fs");
    mkdirSync(join(folder, "inputs"));
    writeFileSync(join(folder, "rw.conf"), "entrypoints = [p/allow]\n");
    writeFileSync(join(folder, "inputs/a.conf"), "x = 1\n");
    writeFileSync(join(folder, "inputs/a.expected.json"), '{"decisions": {"data.p.allow": {"value": true}}}\n');
    const outcome = await run("rw", ["samples", folder]);
    expect(outcome.out).toContain("a.conf");
    expect(outcome.code).toBe(1);
  });
});

test.each([
  ["--profile-set", "gone", "error: rw.conf has no profile gone: it has uat\n", "profiles.uat.env.REGION = eu\n"],
  ["--format", "json", "error: rw.conf:2: `roots` must be a list of folders\n", "entrypoints = [p/allow]\nroots = 17\n"],
])("samples decides nothing by a profile or by settings that are not there (%s)", async (flag, value, told, config) => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "p.rego"), "package p\n\ndefault allow := false\n");
    writeFileSync(join(folder, "rw.conf"), config);
    expect(await run("rw", ["samples", folder, flag, value])).toEqual({ code: 1, out: "", err: told });
  });
});

test("samples tells the keys of rw.conf that nothing reads", async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "p.rego"), "package p\n\ndefault allow := false\n");
    writeFileSync(join(folder, "input.json"), "{}");
    writeFileSync(join(folder, "rw.conf"), "# ours\nentrypoint = [p/allow]\n");
    expect(await run("rw", ["samples", folder])).toMatchObject({
      code: 0,
      err: "warning: rw.conf:2: rw.conf has no key `entrypoint`: did you mean `entrypoints`?\n",
    });
  });
});

test.each([
  ['{"decisions": {"data.p.allow": {"value": fals}}}', /^error: inputs\/a\.expected\.json:1: .*JSON/u],
  ['{\n"decisons": {}}', /^error: inputs\/a\.expected\.json:1: .* needs an object `decisions`/u],
])("expected decisions that cannot be read are no expectations that hold: %s", async (text, told) => {
  await inFolder(async (folder) => {
    const { mkdirSync } = await import("node:fs");
    mkdirSync(join(folder, "inputs"));
    writeFileSync(join(folder, "p.rego"), "package p\n\ndefault allow := false\n");
    writeFileSync(join(folder, "inputs/a.json"), "{}");
    writeFileSync(join(folder, "inputs/a.expected.json"), text);
    expect(await run("rw", ["samples", folder])).toEqual({ code: 1, out: "", err: expect.stringMatching(told) });
  });
});

test("build writes the same bytes each time", async () => {
  await inFolder(async (folder) => {
    for (const name of ["a.tar.gz", "b.tar.gz"]) {
      const outcome = await run("rw", ["build", "-b", storage, "-o", join(folder, name)]);
      expect(outcome).toMatchObject({ code: 0, err: "" });
    }
    expect(readFileSync(join(folder, "a.tar.gz")).equals(readFileSync(join(folder, "b.tar.gz")))).toBe(true);
  });
});

test("an unknown command and an unknown flag are wrong calls", async () => {
  expect(await run("rw", ["evaluate"])).toMatchObject({ code: 1, out: "" });
  const flag = await run("rw", ["eval", "--inputt", "x", "true"]);
  expect(flag.err).toContain("unknown flag: --inputt");
  expect(flag.code).toBe(1);
});
