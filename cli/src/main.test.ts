// Command lines that name no command, or the wrong number of things.
import { expect, test } from "vitest";
import { heardIo } from "./heard-io.test-helper.ts";
import { main } from "./main.ts";

async function rw(...words: readonly string[]): Promise<{ code: number; err: string }> {
  const nothing = { cwd: "/", kind: () => undefined, realPath: (path: string) => path, list: () => [] };
  const { io, printed } = heardIo({ ...nothing, readFile: () => new Uint8Array() });
  return { code: await main(words, io), err: printed().err };
}

test.each([
  ["chekc", "\nDid you mean this?\n\tcheck\n\n"],
  ["eva", "\nDid you mean this?\n\teval\n\n"],
  ["promot", "\nDid you mean this?\n\tpromote\n\n"],
  ["frobnicate", ""],
])("an unknown command %s", async (name, meant) => {
  expect(await rw(name)).toEqual({
    code: 1,
    err: `Error: unknown command "${name}" for "rw"\n${meant}Run 'rw --help' for usage.\n`,
  });
});

test.each([
  [["--nope"], 1, "Error: unknown flag: --nope\nRun 'rw --help' for usage.\n"],
  [["help", "nope"], 0, 'Unknown help topic ["nope"]\n'],
  [["publish", "a", "b"], 1, "error: name one folder\n"],
  [["publish", "--version", "v1"], 1, 'error: "v1" is no version: it must be like 1.4.2 or 2.0.0-rc.1\n'],
  [["roles", "apply", "a", "b"], 1, "error: the one thing to do with roles is: rw roles apply [folder]\n"],
])("%j", async (words, code, err) => {
  expect(await rw(...words)).toEqual({ code, err });
});

test("of several capabilities that are named, those of a version are printed, else those of a file", async () => {
  expect(await rw("capabilities", "--current", "--file", "nothing", "--version", "v0.0.1")).toEqual({
    code: 1,
    err: "error: no capabilities version found: v0.0.1\n",
  });
  expect((await rw("capabilities", "--current", "--file", "nothing")).code).toBe(1);
});
