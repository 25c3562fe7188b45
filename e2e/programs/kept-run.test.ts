// A command that would see what it saw before says and writes the same at once; one that would see anything else is run.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { inFolder, type Outcome, root, run } from "./run.ts";

/** Runs `rw` where nothing was kept, in a folder of its own with a policy that is right. */
async function inProject(
  body: (at: { folder: string; rw: (...words: string[]) => Promise<Outcome>; kept: () => string[] }) => Promise<void>,
  cache = "on",
): Promise<void> {
  await inFolder(async (outer) => {
    const [caches, folder] = [join(outer, "caches"), join(outer, "project")];
    mkdirSync(join(caches, "Library/Caches"), { recursive: true });
    mkdirSync(join(folder, "policies"), { recursive: true });
    writeFileSync(join(folder, "policies/a.rego"), "package a\n\nallow if input.x\n");
    const env = { XDG_CACHE_HOME: caches, LOCALAPPDATA: caches, HOME: caches, RW_CACHE: cache };
    await body({
      folder,
      rw: (...words) => run("rw", words, { env, cwd: folder }),
      kept: () =>
        readdirSync(caches, { recursive: true, encoding: "utf8" })
          .filter((path) => /runs.\w+$/u.test(path))
          .map((path) => join(caches, path)),
    });
  });
}

const right = { code: 0, out: "", err: "" };

test("the second of two equal calls is answered by the first", async () => {
  await inProject(async ({ folder, rw, kept }) => {
    writeFileSync(join(folder, "policies/a.rego"), "package a\n\nallow if x\n");
    const first = await rw("check", "policies");
    expect(first).toMatchObject({ code: 1, err: expect.stringContaining("var x is unsafe") });
    const [file = "", ...others] = kept();
    expect(others).toEqual([]);
    const { ino } = statSync(file);
    expect(await rw("check", "policies")).toEqual(first);
    // A run would have been written anew.
    expect(statSync(file).ino).toBe(ino);
    // What is not whole is not believed.
    writeFileSync(file, readFileSync(file, "utf8").replace("unsafe", "secure"));
    expect(await rw("check", "policies")).toEqual(first);
    expect(statSync(file).ino).not.toBe(ino);
  });
});

test("whatever a check would see otherwise makes it run", async () => {
  await inProject(async ({ folder, rw }) => {
    const at = (path: string) => join(folder, path);
    const error = (text: string) => ({ code: 1, err: expect.stringContaining(text) });
    expect(await rw("check", "policies")).toEqual(right);
    writeFileSync(at("policies/a.rego"), "package a\n\nallow if inputx\n");
    expect(await rw("check", "policies")).toMatchObject(error("a.rego:3"));
    writeFileSync(at("policies/a.rego"), "package a\n\nallow if input.x\n");
    expect(await rw("check", "policies")).toEqual(right);
    writeFileSync(at("policies/b.rego"), "package b\n\nallow if y\n");
    expect(await rw("check", "policies")).toMatchObject(error("b.rego:3"));
    rmSync(at("policies/b.rego"));
    expect(await rw("check", "policies")).toEqual(right);
    symlinkSync(at("nowhere"), at("policies/c.rego"));
    expect(await rw("check", "policies")).toMatchObject({ code: 1 });
    rmSync(at("policies"), { recursive: true });
    expect(await rw("check", "policies")).toMatchObject(error("no such file or directory"));
    mkdirSync(at("policies"));
    expect(await rw("check", "policies")).toEqual(right);
    expect(await rw("check", "--v0-compatible", "policies")).toEqual(right);
  });
});

test("a bundle is written again where it is gone, and made anew where a policy changed", async () => {
  await inProject(async ({ folder, rw, kept }) => {
    const bundle = join(folder, "bundle.tar.gz");
    const build = () => rw("build", "policies", "-o", "bundle.tar.gz");
    expect(await build()).toEqual(right);
    const bytes = readFileSync(bundle);
    expect(kept()).toHaveLength(1);
    rmSync(bundle);
    expect(await build()).toEqual(right);
    expect(readFileSync(bundle).equals(bytes)).toBe(true);
    writeFileSync(join(folder, "policies/a.rego"), "package a\n\nallow if input.y\n");
    expect(await build()).toEqual(right);
    expect(readFileSync(bundle).equals(bytes)).toBe(false);
  });
});

test("where the bundle cannot be written, the command says so each time", async () => {
  await inProject(async ({ folder, rw }) => {
    const build = () => rw("build", "policies", "-o", "out/bundle.tar.gz");
    mkdirSync(join(folder, "out"));
    expect(await build()).toEqual(right);
    rmSync(join(folder, "out"), { recursive: true });
    const first = await build();
    expect(first).toMatchObject({ code: 1, out: expect.stringContaining("out/bundle.tar.gz") });
    expect(await build()).toEqual(first);
  });
});

test("tests that pass whenever they run are not run again while nothing changes", async () => {
  await inProject(async ({ folder, rw, kept }) => {
    const write = (body: string) => writeFileSync(join(folder, "policies/a_test.rego"), `package a\n\ntest_a if ${body}\n`);
    const passed = { code: 0, out: "PASS: 1/1\n", err: "" };
    write("not allow");
    expect(await rw("test", "policies")).toEqual(passed);
    const [file = "", ...others] = kept();
    expect(others).toEqual([]);
    const { ino } = statSync(file);
    expect(await rw("test", "policies")).toEqual(passed);
    expect(statSync(file).ino).toBe(ino);
    write("allow");
    expect(await rw("test", "policies")).toMatchObject({ code: 2, out: expect.stringContaining("FAIL: 1/1") });
    write("not allow");
    rmSync(file);
    expect(await rw("test", "policies", "--verbose")).toMatchObject({ code: 0 });
    expect(await rw("test", "policies", "--format", "json")).toMatchObject({ code: 0 });
    write("time.now_ns() > 0");
    expect(await rw("test", "policies")).toEqual(passed);
    expect(kept()).toEqual([]);
  });
});

test("nothing is kept of keys and of what asks the clock", async () => {
  await inProject(async ({ rw, kept }) => {
    for (const words of [
      ["build", "-b", "policies", "--signing-key", "secret", "--signing-alg", "HS256"],
      ["eval", "-d", "policies", "time.now_ns()"],
    ])
      expect(await rw(...words), words.join(" ")).toMatchObject({ code: 0 });
    expect(kept()).toEqual([]);
  });
});

test.each(["off", "code"])("RW_CACHE=%s: no run is kept", async (cache) => {
  await inProject(async ({ rw, kept }) => {
    expect(await rw("check", "policies")).toEqual(right);
    expect(kept()).toEqual([]);
  }, cache);
});

test.skipIf(process.platform === "win32")("what comes through a pipe is read by the command itself, each time", async () => {
  await inFolder(async (outer) => {
    const caches = join(outer, "caches");
    mkdirSync(join(caches, "Library/Caches"), { recursive: true });
    const env = { ...process.env, XDG_CACHE_HOME: caches, HOME: caches, RW_CACHE: "on" };
    const parsed = (name: string) =>
      spawnSync("sh", ["-c", `echo package ${name} | "$0" parse /dev/stdin`, join(root, "bin/rw")], { env, encoding: "utf8" });
    for (const name of ["first", "other", "first"])
      expect(parsed(name)).toMatchObject({ status: 0, stdout: expect.stringContaining(name), stderr: "" });
  });
});

test("a sample that is added beside the linted folder counts for rules about decisions", async () => {
  await inProject(async ({ folder, rw }) => {
    writeFileSync(join(folder, "rw.conf"), "entrypoints = [a/allow]\nlint.rules.decision.default.level = warning\n");
    writeFileSync(join(folder, "policies/a.rego"), "package a\n\nallow if input.x\n\nallow if input.y\n");
    mkdirSync(join(folder, "inputs"));
    const found = async () => (await rw("lint", "policies")).out.includes("true in no sample");
    expect(await found()).toBe(false);
    writeFileSync(join(folder, "inputs/x.json"), '{"x": true}');
    expect(await found()).toBe(true);
  });
});

test.skipIf(process.platform === "win32")("what others may have written is neither believed nor added to", async () => {
  await inProject(async ({ folder, rw, kept }) => {
    expect(await rw("check", "policies")).toEqual(right);
    expect(kept()).toHaveLength(1);
    const own = dirname(dirname(kept()[0]!));
    rmSync(join(own, "runs"), { recursive: true });
    chmodSync(own, 0o777);
    expect(await rw("check", "policies")).toEqual(right);
    expect(kept()).toEqual([]);
    chmodSync(own, 0o755);
    expect(await rw("check", "policies")).toEqual(right);
    expect(kept()).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual(["policies"]);
  });
});

test.skipIf(process.platform !== "linux")("a cache folder that is no absolute path means nothing", async () => {
  await inProject(async ({ folder }) => {
    mkdirSync(join(folder, ".cache"));
    const env = { XDG_CACHE_HOME: ".cache", HOME: "" };
    expect(await run("rw", ["check", "policies"], { env, cwd: folder })).toEqual(right);
    expect(readdirSync(join(folder, ".cache"))).toEqual([]);
  });
});
