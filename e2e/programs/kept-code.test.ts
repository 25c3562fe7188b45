// Compiled code that `rw` keeps for its next start: used when whole, made anew when not, never needed.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { examples, inFolder, root, run } from "./run.ts";

const policies = join(examples, "storage");

/** The file of the code that `rw check` keeps below a folder. */
function keptCode(folder: string): string {
  const [name, ...others] = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => /-check$/u.test(path));
  expect(others).toEqual([]);
  return join(folder, name ?? "");
}

test("code that is damaged or cut off is not run and is replaced", async () => {
  await inFolder(async (folder) => {
    const check = () =>
      run("rw", ["check", policies], { env: { XDG_CACHE_HOME: folder, LOCALAPPDATA: folder, HOME: folder, RW_CACHE: "code" } });
    mkdirSync(join(folder, "Library/Caches"), { recursive: true });
    expect(await check()).toEqual({ code: 0, out: "", err: "" });
    const file = keptCode(folder);
    const whole = readFileSync(file);
    const { ino } = statSync(file);
    expect(await check()).toEqual({ code: 0, out: "", err: "" });
    // What is used is not written again.
    expect(statSync(file).ino).toBe(ino);
    const damaged = Buffer.from(whole);
    for (let at = 1_000; at < damaged.length; at += 5_000) damaged[at]! ^= 0xff;
    for (const bytes of [damaged, whole.subarray(0, whole.length >> 1), Buffer.alloc(0)]) {
      writeFileSync(file, bytes);
      expect(await check()).toEqual({ code: 0, out: "", err: "" });
      expect(readFileSync(file).equals(bytes)).toBe(false);
    }
  });
});

test("code that a later command called first is kept too, also when it complains", async () => {
  await inFolder(async (folder) => {
    mkdirSync(join(folder, "Library/Caches"), { recursive: true });
    const env = { XDG_CACHE_HOME: folder, LOCALAPPDATA: folder, HOME: folder, RW_CACHE: "code" };
    const [small, wrong] = [join(folder, "small.rego"), join(folder, "wrong.rego")];
    writeFileSync(small, "package small\n");
    writeFileSync(wrong, "package wrong\n\nallow if [x | some x in input.roles; x == y]\n");
    const sizeAfter = async (policy: string, code: number) => {
      expect(await run("rw", ["check", policy], { env })).toMatchObject({ code });
      return statSync(keptCode(folder)).size;
    };
    const first = await sizeAfter(small, 0);
    expect(await sizeAfter(wrong, 1)).toBe(first);
    const longAgo = () => utimesSync(keptCode(folder), 0, 0);
    longAgo();
    const more = await sizeAfter(wrong, 1);
    expect(more).toBeGreaterThan(first * 1.05);
    longAgo();
    expect(await sizeAfter(small, 0)).toBe(more);
  });
});

test("without a folder for caches every command works", async () => {
  await inFolder(async (folder) => {
    const none = join(folder, "none");
    const env = { XDG_CACHE_HOME: none, LOCALAPPDATA: none, HOME: none };
    expect(await run("rw", ["check", policies], { env })).toEqual({ code: 0, out: "", err: "" });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("the help names every command", async () => {
  const { code, out } = await run("rw", ["--help"]);
  expect(code).toBe(0);
  expect(out).toMatch(/\n {2}check {2,}Check policies/u);
  expect(out).toMatch(/\n {2}version {2,}Print the version/u);
});

test("at the end of a command the collector works in steps, for which no thread waits (nodejs/node#54918)", async () => {
  await inFolder((folder) => {
    const program = join(folder, "program.cjs");
    const fill = (count: number) => `for (let i = 0; i < ${count}; i++) kept.push({ i })`;
    // V8 begins with its steps somewhere in the second part, and not at once.
    writeFileSync(program, `const kept = []; ${fill(1e6)}; console.log("ends"); process.once("exit", () => { ${fill(4e6)}; });`);
    const keptCode = JSON.stringify(join(root, "bin/kept-code.cjs"));
    const start = `require(${keptCode}).run(${JSON.stringify(program)})`;
    const { stdout } = spawnSync(process.execPath, ["--trace-incremental-marking", "-e", start], { encoding: "utf8" });
    const [before, after] = stdout.split("ends\n");
    expect(before).not.toContain("[IncrementalMarking] Start");
    expect(after).toContain("[IncrementalMarking] Start");
  });
});
