// The resolved preview: each line with the place of its value.
import { expect, test } from "vitest";
import { dedent, draw, open } from "../fixture.test-helper.ts";
import { previewOf } from "./preview.ts";

test("every line of the JSON leads to the text that it came from", async () => {
  const { project, file } = await open(
    dedent(`
      #- inputs/a.conf
      include "../base.conf"
      b { c = [1, \${a}] }
      a = 3
      #- base.conf
      a = 2
      d = 5m
      #- rw.conf
      inputs.convert.d = duration
    `),
  );
  const { json, origins } = previewOf(project, file, undefined);
  const lines = json!.split("\n");
  expect(lines[1]).toBe('  "a": 3,');
  const shown = origins.map((origin) => {
    const over = origin.overrides.length === 0 ? "" : ` over ${draw(project, origin.overrides)}`;
    return `${lines[origin.line]!.trim()} <- ${origin.path} at ${draw(project, [origin])}${over}`;
  });
  expect(shown).toEqual([
    '"a": 3, <- a at inputs/a.conf:3:5 "3" over base.conf:1:1 "a"',
    '"d": 300000000000, <- d at base.conf:2:5 "5m"',
    '"b": { <- b at inputs/a.conf:2:3 "{ c = [1, ${a}] }"',
    '"c": [ <- b.c at inputs/a.conf:2:9 "[1, ${a}]"',
    '1, <- b.c[0] at inputs/a.conf:2:10 "1"',
    '3 <- b.c[1] at inputs/a.conf:3:5 "3"',
  ]);
});
