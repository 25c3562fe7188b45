// A text that is read with the memory of its last version gives what it gives when it is read anew.
import { expect, test } from "vitest";
import { originOf } from "./moved.ts";
import { parseModule } from "./parse.ts";
import { StatementMemory } from "./statement-memory.ts";

const text = `# METADATA
# title: orders
package orders

import future.keywords.contains
import rego.v1

default allow := false # no one

allow if {
	some _, line in input.lines
	line.price > 1e2
	not denied[_]
} else := "maybe" if input.x

pi := 3.1

names contains $"{input.user.name}: \\{" if input.user

denied[x] if x := [1, [2], {"a": \`raw
text\`}][_]

f(x, y) := x + y
`;

const drawn = (written: string, memory?: StatementMemory, version: "v0" | "v1" = "v1"): string => {
  const { module, diagnostics, tokens } = parseModule(written, { file: "p.rego", version, allStatements: true, memory });
  return JSON.stringify({ module, diagnostics, tokens: tokens.map(({ startOffset, image }) => [startOffset, image]) });
};

test.each(["v1", "v0"] as const)("an edit at any place, and taking it back (%s)", (version) => {
  const memory = new StatementMemory();
  for (let at = 0; at <= text.length; at += 5) {
    for (const typed of ["x", "\n", '"', "`", "{", "#", "\nbroken := := 1\n", "\u0000"]) {
      const after = text.slice(0, at) + typed + text.slice(at);
      expect(drawn(after, memory, version) === drawn(after, undefined, version), after).toBe(true);
    }
    const shorter = text.slice(0, at) + text.slice(at + 3);
    expect(drawn(shorter, memory, version) === drawn(shorter, undefined, version), shorter).toBe(true);
  }
  expect(drawn(text, memory, version)).toBe(drawn(text, undefined, version));
});

test.each(["v1", "v0"] as const)("edits one after the other, some of which break the text for a while (%s)", (version) => {
  const memory = new StatementMemory();
  const typed = [
    "",
    "",
    "_",
    "x",
    "\n",
    "\n\n",
    '"',
    "`",
    "{",
    "}",
    "(",
    "# no\n",
    "import future.keywords\n",
    "\np := _\n",
    " if ",
    ":= ",
  ];
  let seed = 7;
  const any = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  let written = text;
  for (let i = 0; i < 3000; i++) {
    const at = any(written.length + 1);
    written = i % 6 === 5 ? text : written.slice(0, at) + typed[any(typed.length)] + written.slice(at + any(3));
    expect(drawn(written, memory, version) === drawn(written, undefined, version), written).toBe(true);
  }
});

test.each(["future.keywords.not", "future.keywords.and", "future.keywords", "rego.v1", "data.not"])(
  "import %s comes and goes above rules that mean something else then",
  (path) => {
    const memory = new StatementMemory();
    const rules = "p if not { input.x }\n\nq if not (input.y and input.z)\n\nr if { not input.w }\n";
    for (const imported of [`import ${path}\n`, "", `import ${path}\n`]) {
      const written = `package p\n\n${imported}\n${rules}`;
      expect(drawn(written, memory)).toBe(drawn(written));
    }
  },
);

test("rules that an edit does not touch keep their trees, further on where the text grew", () => {
  const memory = new StatementMemory();
  const parse = (written: string) => parseModule(written, { file: "p.rego", allStatements: true, memory }).module.rules;
  const before = parse(text);
  const longer = parse(text.replace("user.name", "user.nickname"));
  const kept = (rules: typeof before): readonly boolean[] => before.map((rule, at) => originOf(rules[at]!).rule === rule);
  expect(kept(longer)).toEqual([true, true, true, false, true, true]);
  expect(longer[4]?.start).toBe(before[4]!.start + 4);
  parse(text.replace("user.name", "user.nickname := := 1"));
  const mended = parse(text);
  expect(mended.at(-1)).toBe(before.at(-1));
});

test("what is kept of a statement does not keep the version of the text in which it was typed", () => {
  const collect = globalThis.gc as () => void;
  const names = Array.from({ length: 300 }, (_, at) => `rule_with_a_long_name_${at}`);
  const memory = new StatementMemory();
  const type = (edited: number): void => {
    const rules = names.map(
      (name, at) => `# what ${name} is\n${name} := "${at <= edited ? "another" : "one"} long text of ${name}"\n`,
    );
    // A text of its own, as one that comes from an editor.
    const written = Buffer.from(`package p\n\n${rules.join("")}# ${"x".repeat(200_000)}\n`).toString("latin1");
    parseModule(written, { file: "p.rego", memory, allStatements: true });
  };
  type(0);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (const at of names.keys()) type(at);
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
});
