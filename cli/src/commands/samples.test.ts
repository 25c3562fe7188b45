// `rw samples` over real folders: several projects, projects without anything to decide.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runsOnDisk } from "../run-on-disk.test-helper.ts";

const run = runsOnDisk("rw samples ü-");

async function rw(files: Readonly<Record<string, string | Buffer>>, ...words: readonly string[]) {
  return rwIn(undefined, files, ...words);
}

/** In a folder that another run had, or in a new one. */
async function rwIn(folder: string | undefined, files: Readonly<Record<string, string | Buffer>>, ...words: readonly string[]) {
  const { cwd, code, out, err } = await run(files, words, folder);
  return { cwd, code, out: out.replaceAll(/ *\d+\.\d\d ms/gu, ""), err: err.replaceAll(cwd, "<cwd>") };
}

const project = (name: string) => ({
  [`${name}/rw.conf`]: `entrypoints = [${name}/allow]\n`,
  [`${name}/p.rego`]: `package ${name}\n\nallow if input.ok\n`,
  [`${name}/inputs/a.json`]: '{"ok": true}',
});

const both = { ...project("billing"), ...project("shipping") };

test("a repository of several projects is decided as a whole, each by its own settings", async () => {
  const { code, out } = await rw(both, "samples");
  const rows = out.split("\n").slice(1, -1);
  expect(rows.map((row) => row.split(/ {2,}/u).slice(0, 3).join(" "))).toEqual([
    "billing/inputs/a.json data.billing.allow true",
    "shipping/inputs/a.json data.shipping.allow true",
  ]);
  expect(code).toBe(0);
  expect((await rw(both, "samples", "billing")).out).toContain("\ninputs/a.json");
});

test("what is wrong in one of them is told by its folder", async () => {
  const stray = { "shipping/inputs/b.expected.json": '{"decisions": {}}' };
  expect((await rw({ ...both, ...stray }, "samples")).err).toBe(
    "warning: shipping/inputs/b.expected.json:1: nothing is decided by this file: no sample input b (.conf, .json or .yaml) stands beside it\n",
  );
  const broken = await rw({ ...both, "shipping/rw.conf": "roots = [lib]\n" }, "samples");
  expect([broken.code, broken.err]).toEqual([
    1,
    "error: shipping/rw.conf:1: the folder lib (`roots`) is not there, or is empty\n",
  ]);
});

test("nothing to decide is told apart from no samples", async () => {
  const { code, err } = await rw({ "p.rego": "package p\n\nx := 1\n", "input.json": "{}" }, "samples");
  expect([code, err]).toEqual([0, expect.stringMatching(/^nothing to decide: no entrypoints of rw\.conf/u)]);
  expect((await rw({ "p.rego": "package p\n" }, "samples")).err).toMatch(/^no sample inputs/u);
});

test("an expectation with a profile is decided with it, beside the plain decision", async () => {
  const files = {
    "rw.conf": "entrypoints = [p/allow]\nprofiles { eu { env.REGION = eu } }\n",
    "p.rego": 'package p\n\ndefault allow := false\n\nallow if input.region == "eu"\n',
    "inputs/a.conf": "region = us\nregion = ${?REGION}\n",
    "inputs/a.expected.json": '{"decisions": {"p/allow": {"value": true, "profile": "eu"}}}',
  };
  const { code, out } = await rw(files, "samples");
  expect(
    out
      .split("\n")
      .slice(1, -1)
      .map((row) => row.trim().split(/ {2,}/u)),
  ).toEqual([
    ["inputs/a.conf", "data.p.allow", "false", "-"],
    ["inputs/a.conf (eu)", "data.p.allow", "true", "ok"],
  ]);
  expect(code).toBe(0);
});

test("who publishes above several projects is told which there are", async () => {
  expect((await rw(both, "publish")).err).toBe(
    "error: the address of RMS is missing: <cwd> has no rw.conf; name the folder of the project (billing, shipping), or give --rms URL\n",
  );
  expect((await rw({ "p.rego": "package p\n" }, "publish")).err).toBe(
    "error: the address of RMS is missing: give --rms URL, or write rms.url into a rw.conf in <cwd>\n",
  );
});

test("a folder within a project stands for it, which is told", async () => {
  const files = {
    ".git/HEAD": "",
    "rw.conf": "entrypoints = [p/allow]\n",
    "policy/p.rego": "package p\n\nallow := true\n",
    "inputs/a.conf": "user = ann\n",
  };
  const { out, err } = await rw(files, "samples", "policy");
  expect([out.split("\n")[1]?.split(/ {2,}/u).slice(0, 3), err]).toEqual([
    ["inputs/a.conf", "data.p.allow", "true"],
    "note: policy is a part of the project <cwd> (its rw.conf)\n",
  ]);
});

test("a sample that is no text has a row that says so, and the others are decided", async () => {
  const { code, out, err } = await rw(
    {
      "p.rego": "package p\n\nallow := true\n",
      "inputs/a.json": "{}",
      "inputs/b.json": Buffer.from('{"name": "\xfc"}', "latin1"),
    },
    "samples",
  );
  expect([
    code,
    out
      .split("\n")
      .slice(1, -1)
      .map((row) => row.trim().split(/ {2,}/u)),
    err,
  ]).toEqual([
    1,
    [
      ["inputs/a.json", "data.p.allow", "true", "-"],
      ["inputs/b.json", "line 1 is not UTF-8 text: save the file as UTF-8", "-"],
    ],
    "1 of 2 decisions are not as expected\n",
  ]);
});

test("a long difference stands whole below the table, which stays narrow", async () => {
  const long = Array.from({ length: 30 }, (_, at) => at);
  const files = {
    "p.rego": `package p\n\nallow := ${JSON.stringify(long)}\n`,
    "inputs/a.json": "{}",
    "inputs/a.expected.json": '{"decisions": {"p/allow": {"value": [7]}}}',
  };
  const { out } = await rw(files, "samples");
  const lines = out.trimEnd().split("\n");
  expect(lines.slice(0, 2).every((line) => line.length < 180)).toBe(true);
  expect(lines[2]).toBe(`inputs/a.json data.p.allow: expected [7], got ${JSON.stringify(long)}`);
});

test("a decision of rw.conf that no policy defines is told, when it is decided and when it is published", async () => {
  const files = {
    "rw.conf": '# ours\nentrypoints = [p/allow, p/alow]\nrms { url = "http://127.0.0.1:9", domain = p }\n',
    "p.rego": "package p\n\nallow := true\n",
    "inputs/a.json": "{}",
  };
  const told = "warning: rw.conf:2: no policy of this project defines `p/alow`: did you mean `p/allow`?\n";
  expect((await rw(files, "samples")).err).toBe(told);
  const token = fileURLToPath(import.meta.url);
  expect(await rw(files, "publish", "--dry-run", "--token-file", token)).toMatchObject({ code: 0, err: told });
});

test("why a sample cannot be decided stands below the table, whole and with its place", async () => {
  const { code, out } = await rw(
    {
      "p.rego": "package p\n\nallow := true\n",
      "inputs/a.conf": 'include "../shared/common"\n',
      "shared/common.conf": "user = ann\norder { id = 1 }\norder += { id = 2 }\n",
    },
    "samples",
  );
  const below = out.split("\n").slice(2);
  expect([code, below]).toEqual([
    1,
    [expect.stringMatching(/^inputs\/a\.conf: shared\/common\.conf:3: an object and .{60,}$/u), ""],
  ]);
});

test("a sample stands for itself; another file is none", async () => {
  const files = {
    ".git/HEAD": "",
    "rw.conf": "entrypoints = [p/allow]\n",
    "p.rego": "package p\n\nallow := true\n",
    "inputs/a.json": "{}",
    "inputs/b.json": "{}",
  };
  const { code, out } = await rw(files, "samples", "inputs/b.json");
  expect([
    code,
    out
      .split("\n")
      .slice(1, -1)
      .map((row) => row.split(/ {2,}/u)[0]),
  ]).toEqual([0, ["inputs/b.json"]]);
  expect(await rw(files, "samples", "p.rego")).toMatchObject({
    code: 1,
    err: expect.stringContaining("error: p.rego is no sample input of its project"),
  });
});

const decided = {
  "rw.conf": "entrypoints = [p/allow, p/limit]\nprofiles { eu { env.REGION = eu } }\n",
  "p.rego": 'package p\n\ndefault allow := false\n\nallow if input.region == "eu"\n\nlimit := input.max * 2\n',
  "inputs/a.conf": "region = us\nregion = ${?REGION}\nmax = 4\n",
  "inputs/a.expected.json": '{"decisions": {"p/allow": {"value": true}, "p/limit": {"value": 8}}}',
  "inputs/b.json": '{"region": "a|b"}',
};

test("the matrix has a row for each input and a column for each rule", async () => {
  const { code, out, err } = await rw(decided, "samples", "--format", "matrix");
  expect([code, out.split("\n").map((line) => line.split(/ {2,}/u)), err]).toEqual([
    1,
    [
      ["input", "data.p.allow", "data.p.limit"],
      ["inputs/a.conf", "false ✗", "8 ✓"],
      ["inputs/a.conf (eu)", "true", "8"],
      ["inputs/b.json", "false", "undefined"],
      [""],
    ],
    "1 of 6 decisions are not as expected\n",
  ]);
  expect((await rw(decided, "samples", "--format", "csv")).out).toMatch(
    /^input,data\.p\.allow,data\.p\.limit\r\ninputs\/a\.conf,false ✗,8 ✓\r\n/u,
  );
  const piped = { ...decided, "p.rego": 'package p\n\nallow := "a|b"\n\nlimit := 1\n' };
  expect((await rw(piped, "samples", "--format", "markdown")).out).toContain(
    '| --- | --- | --- |\n| inputs/a.conf | "a\\|b" ✗ |',
  );
});

test("accepting writes what is decided otherwise, names it, and expects nothing new", async () => {
  const { cwd, code, out } = await rw(decided, "samples", "--accept");
  expect([code, out.split("\n").at(-2)]).toEqual([0, "inputs/a.expected.json: data.p.allow is now expected to be false"]);
  expect(JSON.parse(readFileSync(join(cwd, "inputs/a.expected.json"), "utf8")).decisions).toEqual({
    "p/allow": { value: false },
    "p/limit": { value: 8 },
  });
  expect(existsSync(join(cwd, "inputs/b.expected.json"))).toBe(false);
  expect(await rwIn(cwd, {}, "samples", "--accept")).toMatchObject({ code: 0, err: "" });
});

test("errors, samples that cannot be decided and files that are no JSON are not accepted", async () => {
  const files = {
    "rw.conf": "entrypoints = [p/x]\n",
    "p.rego": "package p\n\nx := 1 if input.a\n\nx := 2 if input.b\n",
    "inputs/a.json": '{"a": true, "b": true}',
    "inputs/a.expected.json": '{"decisions": {"p/x": {"value": 1}}}',
    "inputs/b.json": "{",
    "inputs/b.expected.json": '{"decisions": {"p/x": {"value": 1}}}',
    "inputs/c.json": '{"b": true}',
    "inputs/c.expected.conf": "decisions { p/x { value = 1 } } # ours\n",
  };
  const { cwd, code, err } = await rw(files, "samples", "--accept");
  expect([code, err]).toEqual([
    1,
    [
      "error: inputs/a.expected.json: data.p.x is not accepted, it ended with an error",
      "error: inputs/c.expected.conf: it is no JSON: write the decisions there by hand",
      "3 of 3 decisions are not as expected\n",
    ].join("\n"),
  ]);
  for (const name of ["inputs/a.expected.json", "inputs/b.expected.json", "inputs/c.expected.conf"] as const)
    expect(readFileSync(join(cwd, name), "utf8")).toBe(files[name]);
});

test("build servers are told in JUnit's form which decisions are not as expected", async () => {
  const files = {
    ...project("p"),
    "p/inputs/a.expected.json": '{"decisions": {"p/allow": {"value": false}}}',
    "p/inputs/b.json": '{"ok": "<&>"}',
    "p/inputs/c.json": "{",
  };
  const { code, out } = await rw(files, "samples", "p", "--format", "junit");
  expect(code).toBe(1);
  expect(out.replaceAll(/time="[\d.]+"/gu, 'time="…"')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="2" time="…">
  <testsuite name="inputs/a.json" tests="1" failures="1" time="…">
    <testcase classname="inputs/a.json" name="data.p.allow" time="…">
      <failure message="expected false, got true"/>
    </testcase>
  </testsuite>
  <testsuite name="inputs/b.json" tests="1" failures="0" time="…">
    <testcase classname="inputs/b.json" name="data.p.allow" time="…"/>
  </testsuite>
  <testsuite name="inputs/c.json" tests="1" failures="1" time="…">
    <testcase classname="inputs/c.json" name="the sample" time="…">
      <failure message="inputs/c.json:1: not JSON: Expected property name or '}'"/>
    </testcase>
  </testsuite>
</testsuites>
`);
});
