// The library as another program has it: the built module by its name, its types, and nothing of Node in it.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { expect, test } from "vitest";
import { inFolder, root } from "./run.ts";

const program = `
import { compilePolicies, type Decision, resolveHocon } from "rulewright/engine";

const { policy, problems } = compilePolicies({ "p.rego": "package p\\n\\nallow if input.user in data.admins\\n" });
if (policy === undefined) throw new Error(problems[0]?.message);
policy.setData({ admins: ["ann"] });
const { value } = resolveHocon("user = ann");
const decision: Decision = policy.decide("data.p.allow", value);
console.log(decision.kind === "value" ? decision.json : decision.kind);
console.log([...policy.portable()].join());
`;

test("a program in TypeScript compiles against its types and decides, and OPA's own SDK decides alike", async () => {
  await inFolder(async (cwd) => {
    mkdirSync(join(cwd, "node_modules"));
    symlinkSync(root, join(cwd, "node_modules/rulewright"));
    writeFileSync(join(cwd, "package.json"), '{"type": "module"}');
    writeFileSync(join(cwd, "program.ts"), program);
    const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--lib", "es2023,dom"];
    const types = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), ...flags, "program.ts"], {
      cwd,
      encoding: "utf8",
    });
    expect(types.stdout).toBe("");
    expect(types.status).toBe(0);
    const run = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", "program.ts"], { cwd, encoding: "utf8" });
    const [decision, module = ""] = run.stdout.split("\n");
    expect({ status: run.status, err: run.stderr, decision }).toEqual({ status: 0, err: "", decision: "true" });
    const sdk = await loadPolicy(Uint8Array.from(module.split(","), Number).buffer);
    sdk.setData({ admins: ["ann"] });
    expect(sdk.evaluate({ user: "ann" }, "p/allow")).toEqual([{ result: true }]);
  });
});

test("it asks for no other module", () => {
  const text = readFileSync(join(root, "dist/engine/engine.mjs"), "utf8");
  expect(text.match(/^import\b.*$|\bfrom\s*"node:|\brequire\("/gmu)).toBe(null);
});
