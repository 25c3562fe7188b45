// A project after many edits tells what a project of the same texts tells that was opened just now.
import { expect, test } from "vitest";
import { projectOf } from "#analysis/rego/incremental.test-helper.ts";
import { memoryHost } from "#workspace/host.ts";
import { Workspace } from "#workspace/workspace.ts";
import { diagnosticsOf } from "./diagnostics.ts";

const SEEDS = 6;
const EDITS = 25;

const samples = ['{"u": 1, "value": 2}', '{"v": {"name": 1}}', "not JSON"];
const configs = ["", 'roots = [{ path = ".", rego-version = 0 }]', "entrypoints = [a/p, a/nothing]"];
/** Texts that change what the library is, what cannot be read, and what samples say of a policy. */
const texts = [
  "package rms.own\n\nx := 1\n",
  "package a\n\nimport data.rms.roles\n\np if roles.x\n",
  "package a\n\np if input.valeu == 2\n",
  "package c\n\nbroken := := 1\n",
  "package c\n\nx = 1 if y = 2\n",
  "# no package\n",
  "package a\n\np[x] { x = 1 }\n",
];

async function opened(files: ReadonlyMap<string, string>): Promise<Workspace> {
  const workspace = new Workspace(memoryHost(Object.fromEntries(files)));
  await workspace.setFolders(["/p"]);
  return workspace;
}

function told(workspace: Workspace): readonly string[] {
  const { byFile } = diagnosticsOf(workspace.project("/p"), () => 0);
  return [...byFile].flatMap(([path, found]) =>
    found.map(({ range, code, message }) => `${path} ${range.start} ${code} ${message}`),
  );
}

test("policies, samples and configuration change, come and go: nothing that is kept is out of date", async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return (state >> 8) % below;
    };
    const policies = (): readonly (readonly [string, string])[] => projectOf(random(1000), random(2) === 0);
    const files = new Map([...policies().map(([name, text]) => [`/p/${name}`, text] as const), ["/p/input.json", samples[0]!]]);
    const workspace = await opened(files);
    for (let edit = 1; edit <= EDITS; edit++) {
      const choice = random(12);
      const change = ((): readonly [string, string] => {
        if (choice === 0) return ["/p/input.json", samples[random(samples.length)]!];
        if (choice === 1) return ["/p/rw.conf", configs[random(configs.length)]!];
        if (choice < 5) return [`/p/own${random(2)}.rego`, texts[random(texts.length)]!];
        const [name, text] = policies()[0]!;
        return [`/p/${name}`, text];
      })();
      const [path, text] = change;
      if (choice === 4) {
        workspace.closeBuffer(path);
        if (!workspace.file(path)) files.delete(path);
      } else {
        files.set(path, text);
        workspace.setBuffer(path, text, edit);
      }
      // Not every moment is looked at: keys come faster than that.
      if (random(3) > 0) expect(told(workspace), `seed ${seed}, edit ${edit}: ${path}`).toEqual(told(await opened(files)));
    }
  }
});
