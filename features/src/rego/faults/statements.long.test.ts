// What is read alone of a broken text does not depend on the sound statements above it being looked at.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { soundUntil, statementRanges } from "./statements.ts";

const rule = (n: number): string => `# rule ${n}
allow_${n} if {
	some role in input.roles
	role.name == \`raw
text\`
	count({x | x := role.members[_]}) > ${n}
}

limits_${n} := {"a": [1, 2], "b": $"{input.n} or {n}"}

`;
const text = `package p\n\nimport data.q\n\n${Array.from({ length: 8 }, (_, n) => rule(n)).join("")}`;

test("any place of a text broken by taking characters out or typing some", () => {
  let skipping = 0;
  for (let at = 0; at < text.length; at += 3) {
    for (const [taken, typed] of [
      [1, ""],
      [4, ""],
      [0, "{"],
      [0, "}"],
      [0, '"'],
      [0, "`"],
      [0, "\nx := := 1\n"],
    ] as const) {
      const broken = text.slice(0, at) + typed + text.slice(at + taken);
      const parsed = parseModule(broken, { file: "p.rego", allStatements: true });
      if (parsed.diagnostics.length === 0) continue;
      const from = soundUntil(parsed);
      if (from > 0) skipping++;
      const whole = statementRanges(parsed).filter(({ start }) => start >= from);
      expect(statementRanges(parsed, from), broken).toEqual(whole);
      expect(
        parsed.diagnostics.every(({ range }) => range.start >= from),
        broken,
      ).toBe(true);
    }
  }
  expect(skipping).toBeGreaterThan(1000);
});
