// Each bad input gets one clear sentence with file and line, a non-zero exit code, and loses nothing.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually, finish, freePort, inFolder, type Outcome, root, run, start } from "./run.ts";

const policy = "package p\n\ndefault allow := false\n\nallow if input.ok\n";

async function evalWithInput(files: Readonly<Record<string, string | Uint8Array>>): Promise<Outcome> {
  return inFolder(async (folder) => {
    writeFileSync(join(folder, "p.rego"), policy);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return run("rw", ["eval", "-d", "p.rego", "-i", "in.conf", "--format", "pretty", "data.p.allow"], { cwd: folder });
  });
}

const firstLines = (outcome: Outcome): string => `${outcome.err}${outcome.out}`;

test("an unclosed quote in a policy is named where it opened", async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "p.rego"), 'package p\n\nname := "abc\n\nallow if true\n');
    const outcome = await run("rw", ["check", "p.rego"], { cwd: folder });
    expect(outcome.err).toContain("p.rego:3");
    expect(outcome.err).toContain("non-terminated string");
    expect(outcome.code).toBe(1);
  });
});

test("a HOCON cycle", async () => {
  const outcome = await evalWithInput({ "in.conf": "a = ${b}\nb = ${a}\n" });
  expect(firstLines(outcome)).toMatch(/in\.conf:\d+: .*(?:cycle|refers to itself)/i);
  expect(outcome.code).toBe(2);
});

test("a missing required include", async () => {
  const outcome = await evalWithInput({ "in.conf": 'x = 1\ninclude required("nope.conf")\n' });
  expect(firstLines(outcome)).toContain("nope.conf");
  expect(firstLines(outcome)).toMatch(/in\.conf:2/);
  expect(outcome.code).toBe(2);
});

test("an unresolved substitution", async () => {
  const outcome = await evalWithInput({ "in.conf": "x = 1\ny = ${nope.x}\n" });
  expect(firstLines(outcome)).toMatch(/in\.conf:2.*nope\.x/);
  expect(outcome.code).toBe(2);
});

test("bytes that are no UTF-8", async () => {
  const outcome = await evalWithInput({ "in.conf": Uint8Array.from([0x61, 0x3d, 0xff, 0x0a]) });
  expect(firstLines(outcome)).toMatch(/in\.conf.*UTF-8/);
  expect(outcome.code).toBe(2);
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "p.rego"), Uint8Array.from([...Buffer.from("package p\n# "), 0xff, 0x0a]));
    const check = await run("rw", ["check", "p.rego"], { cwd: folder });
    expect(check.err).toMatch(/p\.rego.*(utf-8|UTF-8)/);
    expect(check.code).toBe(1);
  });
});

test("a file that is not there", async () => {
  const outcome = await run("rw", ["eval", "-d", "nowhere.rego", "data"]);
  expect(firstLines(outcome)).toContain("nowhere.rego");
  expect(outcome.code).toBe(2);
});

test("an empty folder has no tests and nothing to publish", async () => {
  await inFolder(async (folder) => {
    expect((await run("rw", ["check", folder])).code).toBe(0);
    const publish = await run("rw", ["publish", folder, "--rms", "http://127.0.0.1:9", "--domain", "d", "--policy", "p"], {
      env: { RMS_TOKEN: "t" },
    });
    expect(publish.err).toMatch(/no policy|no Rego/i);
    expect(publish.code).not.toBe(0);
  });
});

test("a 10 MB input is decided", async () => {
  const outcome = await evalWithInput({ "in.conf": `ok = true\nbig = "${"x".repeat(10_000_000)}"\n` });
  expect(outcome).toMatchObject({ code: 0, out: "true\n" });
});

test("RMS down: the address is named and nothing is lost", async () => {
  const port = await freePort();
  await inFolder(async (folder) => {
    mkdirSync(join(folder, "policy"));
    writeFileSync(join(folder, "policy/p.rego"), policy);
    const outcome = await run(
      "rw",
      ["publish", folder, "--rms", `http://127.0.0.1:${port}`, "--domain", "p", "--policy", "main"],
      { env: { RMS_TOKEN: "t" } },
    );
    expect(outcome.err).toContain(`127.0.0.1:${port}`);
    expect(outcome.code).not.toBe(0);
  });
});

test("a wrong token is told as such", async () => {
  const port = await freePort();
  await inFolder(async (folder) => {
    const token = join(folder, "token");
    writeFileSync(token, "rms_right_token_for_this_test\n");
    const server = start("rms", [
      "serve",
      "--listen",
      `127.0.0.1:${port}`,
      "--data",
      join(folder, "data"),
      "--admin-token-file",
      token,
    ]);
    await eventually(async () => ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok ? true : undefined));
    mkdirSync(join(folder, "policy"));
    writeFileSync(join(folder, "policy/p.rego"), policy);
    const args = [
      "publish",
      join(folder, "policy"),
      "--rms",
      `http://127.0.0.1:${port}`,
      "--domain",
      "p",
      "--policy",
      "main",
      "--channel",
      "dev",
    ];
    const outcome = await run("rw", args, { env: { RMS_TOKEN: "rms_wrong_token_for_this_test" } });
    expect(outcome.err).toContain("does not know this token");
    expect(outcome.err).not.toContain("rms_wrong_token");
    expect(outcome.code).toBe(1);

    const second = await run("rms", [
      "serve",
      "--listen",
      `127.0.0.1:${port}`,
      "--data",
      join(folder, "other"),
      "--admin-token-file",
      token,
    ]);
    expect(second.err).toContain("the address is taken");
    expect(second.code).toBe(1);
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
  });
});

test.runIf(existsSync("/dev/full"))("what cannot be written to standard output is a failure that says so", async () => {
  const outcome = await finish(spawn("sh", ["-c", `"$0" version > /dev/full`, join(root, "bin/rw")], { stdio: "pipe" }), 20_000);
  expect(outcome).toEqual({ code: 1, out: "", err: "error: standard output: write: no space left on device\n" });
});

test("a publish waits for no answer of RMS once it is interrupted", async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "p.rego"), policy);
    const silent = createServer(() => undefined);
    await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
    const { port } = silent.address() as AddressInfo;
    const words = ["publish", ".", "--domain", "p", "--rms", `http://127.0.0.1:${port}`];
    const child = start("rw", words, { cwd: folder, env: { RMS_TOKEN: "x" } });
    silent.once("connection", () => child.kill("SIGINT"));
    const outcome = await finish(child, 20_000);
    silent.close();
    expect([outcome.code, outcome.err]).toEqual([1, "error: cancelled; nothing was published\n"]);
  });
});

test.runIf(existsSync("/dev/full"))("a full disk is named with the file that was to be written", async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "p.rego"), policy);
    const outcome = await run("rw", ["build", "p.rego", "-o", "/dev/full"], { cwd: folder });
    // As `opa build` says it.
    expect(outcome.out).toBe("error: write /dev/full: no space left on device\n");
    expect(outcome.code).toBe(1);
  });
});

test.skipIf(process.platform === "win32")("Ctrl-C ends a watch well, and an evaluation by its signal", async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "p.rego"), policy);
    const watching = start("rw", ["test", "-w", "p.rego"], { cwd: folder });
    watching.stdout?.on("data", (chunk: Buffer) => chunk.includes("Watching") && setTimeout(() => watching.kill("SIGINT"), 200));
    expect((await finish(watching, 20_000)).code).toBe(0);
  });
  const busy = start("rw", ["eval", "count([x | some x in numbers.range(1, 100000000); x % 3 == 0])"]);
  const ended = new Promise((resolve) => busy.once("exit", (code, signal) => resolve([code, signal])));
  setTimeout(() => busy.kill("SIGINT"), 1500);
  await finish(busy, 20_000);
  expect(await ended).toEqual([null, "SIGINT"]);
});
