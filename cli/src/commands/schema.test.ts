// `rw schema`: printed, written and named in rw.conf, checked.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { processIo } from "../io.ts";
import { main } from "../main.ts";

const folder = mkdtempSync(join(tmpdir(), "rw schema-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function rw(cwd: string, files: Readonly<Record<string, string>>, ...words: readonly string[]) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  let [out, err] = ["", ""];
  const io = {
    ...processIo(),
    cwd,
    env: {},
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await main(words, io);
  return { code, out, err };
}

const files = {
  "rw.conf": "entrypoints = [p/allow]\n",
  "inputs/a.conf": "user = ann\nmax = 10s\n",
  "inputs/b.json": '{"user": "bob"}',
};

test("it is printed, written once, named, and checked", async () => {
  const cwd = mkdtempSync(join(folder, "p-"));
  const printed = await rw(cwd, files, "schema");
  expect(JSON.parse(printed.out)).toMatchObject({
    properties: { max: { type: "string", format: "hocon-duration" }, user: { type: "string" } },
    required: ["user"],
  });
  expect(existsSync(join(cwd, "schemas"))).toBe(false);
  expect(await rw(cwd, {}, "schema", "--check")).toEqual({ code: 1, out: "", err: "schemas/input.json is not there\n" });
  const written = await rw(cwd, {}, "schema", "--write");
  expect(written).toEqual({
    code: 0,
    out: "wrote schemas/input.json, made from 2 inputs\nwrote rw.conf, which names it\n",
    err: "",
  });
  expect(readFileSync(join(cwd, "schemas/input.json"), "utf8")).toBe(printed.out);
  expect(readFileSync(join(cwd, "rw.conf"), "utf8")).toBe('entrypoints = [p/allow]\nschemas."inputs/**" = schemas/input.json\n');
  expect(await rw(cwd, {}, "schema", "-w")).toMatchObject({ code: 0, out: "schemas/input.json is as 2 inputs are\n" });
  const drifted = await rw(cwd, { "inputs/c.json": '{"user": 7}' }, "schema", "--check");
  expect(drifted).toMatchObject({
    code: 1,
    err: "schemas/input.json says otherwise than 3 inputs: rw schema --write brings it up to date\n",
  });
});

test("without samples, or with samples of several kinds, there is none", async () => {
  const empty = mkdtempSync(join(folder, "p-"));
  expect(await rw(empty, { "p.rego": "package p\n" }, "schema")).toMatchObject({
    code: 1,
    err: "error: this project has no samples\n",
  });
  const mixed = mkdtempSync(join(folder, "p-"));
  expect(await rw(mixed, { "inputs/a.json": "{}", "inputs/b.json": "[]" }, "schema")).toMatchObject({
    code: 1,
    err: "error: the samples are not of one kind: object in a.json; array in b.json\n",
  });
});
