// A text that is read with the memory of its last version gives what it gives when it is read anew.
import { expect, test } from "vitest";
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

test("rules above the edit keep their trees, but for those that are read as bodies at first; rules below do not", () => {
  const memory = new StatementMemory();
  const parse = (written: string) => parseModule(written, { file: "p.rego", memory }).module.rules;
  const before = parse(text);
  const after = parse(text.replace("user.name", "user.nick"));
  expect(before.map((rule, at) => rule === after[at])).toEqual([true, true, false, false, false, false]);
});
