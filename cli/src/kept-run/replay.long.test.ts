// After random edits a command says and writes what a first run says and writes, whoever answers.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { heardIo } from "../heard-io.test-helper.ts";
import { processIo } from "../io.ts";
import { main } from "../main.ts";
import { keeping } from "./keep.ts";
import { replay } from "./replay.ts";
import { mayVary } from "./variation.ts";

const outer = mkdtempSync(join(tmpdir(), "rw kept runs "));
afterAll(() => rmSync(outer, { recursive: true, force: true }));

const texts: Readonly<Record<string, readonly string[]>> = {
  "p/a.rego": [
    "package a\n\nallow if data.b.ok\n",
    "package a\n\nallow if x\n",
    "package a\nallow if {",
    "package a\n\nallow:=  true\n",
  ],
  "p/deep/b.rego": ["package b\n\nok if input.x\n", "package b\n\nok if data.a.allow\n", "package a\n\ndefault allow := 1\n"],
  "p/data.json": ['{"b": {"more": 1}}', '{"a": {"allow": 1}}', "{"],
  "p/.manifest": ['{"roots": ["a", "b"]}', '{"roots": ["a"]}', "[]"],
  "p/rw.conf": ['profiles { "a" { } }', "entrypoints = 1", 'rego-version = "v0"'],
  "p/.regal/config.yaml": ["rules:\n  style:\n    opa-fmt:\n      level: ignore\n", "rules: 1\n"],
  "capabilities.json": ["{}", '{"builtins": []}'],
};

const commands: readonly (readonly string[])[] = [
  ["check", "p"],
  ["check", "-b", "p", "--format", "json"],
  ["check", "--capabilities", "capabilities.json", "p"],
  ["lint", "p"],
  ["fmt", "-l", "p"],
  ["fmt", "-w", "p"],
  ["build", "-b", "p", "-o", "out.tgz"],
  ["build", "p", "-o", "p/out.tgz"],
  ["inspect", "p"],
  ["deps", "-d", "p", "data.a.allow"],
  ["parse", "p/a.rego"],
];

const edit = fc
  .constantFrom(...Object.keys(texts))
  .chain((path) => fc.record({ path: fc.constant(path), text: fc.option(fc.constantFrom(...texts[path]!), { nil: undefined }) }));
const step = fc.record({ edits: fc.array(edit, { maxLength: 2 }), command: fc.constantFrom(...commands) });

/** Both sides begin with the same files and go on alike; what is written shows in what is seen later. */
class Side {
  readonly #cwd: string;
  readonly #run: (args: readonly string[], cwd: string) => Promise<unknown>;

  constructor(name: string, run: (args: readonly string[], cwd: string) => Promise<unknown>) {
    this.#cwd = join(mkdtempSync(join(outer, "case ")), name);
    mkdirSync(join(this.#cwd, "p"), { recursive: true });
    this.#run = run;
  }

  write(path: string, text: string | undefined): void {
    const file = join(this.#cwd, path);
    mkdirSync(dirname(file), { recursive: true });
    if (text === undefined) rmSync(file, { force: true });
    else writeFileSync(file, text);
  }

  async run(args: readonly string[]): Promise<unknown> {
    const said = await this.#run(args, this.#cwd);
    const output = args[args.indexOf("-o") + 1] ?? "";
    return {
      said: JSON.stringify(said).replaceAll(this.#cwd, "<cwd>"),
      written: args.includes("-o") ? bytesAt(join(this.#cwd, output)) : "",
    };
  }
}

const bytesAt = (path: string): string => {
  try {
    return readFileSync(path).toString("base64");
  } catch {
    return "nothing";
  }
};

const worldIn = (cwd: string) => {
  const real = processIo();
  const at = (path: string) => (path.startsWith("/") ? path : join(cwd, path));
  return heardIo({
    cwd,
    env: {},
    kind: (path) => real.kind(at(path)),
    isLink: (path) => real.isLink(at(path)),
    realPath: (path) => real.realPath(at(path)),
    readFile: (path) => real.readFile(at(path)),
    list: (path) => real.list(at(path)),
    writeFile: (path, content) => real.writeFile(at(path), content),
  });
};

test("whoever answers", { timeout: 120_000 }, async () => {
  // What a command before said is nothing that this one did.
  mayVary();
  let replayed = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const place = { folder: join(mkdtempSync(join(outer, "cache ")), "runs"), build: "1" };
      const first = new Side("side", async (args, cwd) => {
        const { io, printed } = worldIn(cwd);
        return { code: await main(args, io), ...printed() };
      });
      const again = new Side("side", async (args, cwd) => {
        const { io, printed } = worldIn(cwd);
        const known = replay(place, args, io);
        if (known !== undefined) replayed++;
        return { code: known ?? (await keeping(main, place)(args, io)), ...printed() };
      });
      for (const { edits, command } of steps) {
        for (const side of [first, again]) for (const { path, text } of edits) side.write(path, text);
        expect(await again.run(command)).toEqual(await first.run(command));
      }
    }),
    { numRuns: 60 },
  );
  expect(replayed).toBeGreaterThan(50);
});
