// Which functions keep their results: those that cost something and may be asked twice.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { planModules } from "../plan/plan.ts";
import { functionsToRemember } from "./functions-to-remember.ts";

function remembered(rules: string): readonly string[] {
  const checked = checkModules([parseModule(`package p\n\n${rules}\n`, { file: "p.rego" })], { printing: true });
  const { plan } = planModules(checked, { entrypoints: ["p/r"] });
  return [...functionsToRemember(plan, () => false)].map(([name, how]) => {
    const short = name.replace("g0.data.p.", "");
    return how === "worthwhile" ? short : `${short} (${how})`;
  });
}

const loop = "loop(x) if some y in data.all[x]";

test.each([
  ["asked at one place", `r if loop(input.x)\n${loop}`, []],
  ["asked at two", `r if {\n  loop(input.x)\n  loop(input.y)\n}\n${loop}`, ["loop"]],
  ["asked in a loop", `r if {\n  some x in input.all\n  loop(x)\n}\n${loop}`, ["loop"]],
  ["asked by one that is asked once", `r if once(input.x)\nonce(x) if loop(x)\n${loop}`, []],
  [
    "asked by one that is asked twice",
    `r if {\n  twice(input.x)\n  twice(input.y)\n}\ntwice(x) if loop(x)\n${loop}`,
    ["twice", "loop"],
  ],
  ["asked by a rule, whose own result is kept", `r if {\n  rule == 1\n  rule != 2\n}\nrule := 1 if loop(input.x)\n${loop}`, []],
  ["cheap", "r if {\n  cheap(input.x)\n  cheap(input.y)\n}\ncheap(x) if x > 1", ["cheap (spelled)"]],
  [
    "of many calls",
    `r if {\n  many(input.x)\n  many(input.y)\n}\nmany(x) := [${Array.from({ length: 16 }, (_, n) => `next(x, ${n})`).join(", ")}]\nnext(x, y) := x + y`,
    ["many", "next (spelled)"],
  ],
  [
    "that print, whatever they cost",
    "r if {\n  outer(input.x)\n  outer(input.y)\n}\nouter(x) if inner(x)\ninner(x) if print(x)",
    ["inner (exactly)", "outer (exactly)"],
  ],
  ["cheap, asked at one place", "r if cheap(input.x)\ncheap(x) if x > 1", []],
])("%s", (_, rules, expected) => {
  expect([...remembered(rules)].sort()).toEqual([...expected].sort());
});
