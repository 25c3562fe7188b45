// Unclosed strings and brackets: the fault itself is told, not what follows from it.
import { expect, test } from "vitest";
import { diagnosticsOf } from "../diagnostics.ts";
import { open } from "../fixture.test-helper.ts";

test.each([
  ['a = ["abc, "d"]\nb = 1\n', ["hocon_open_string"]],
  ["a = [1, 2\nb = 3\n", ["hocon_open_bracket"]],
  ['a = "x\nb = [1, 2]\nc = 1@2\n', ["hocon_open_string", "hocon_reserved_character"]],
  ["a = 1 = 2\n", ["hocon_reserved_character"]],
])("%j", async (text, codes) => {
  const { project, file } = await open(`#- inputs/a.conf\n${text}`);
  expect(
    diagnosticsOf(project, () => 0)
      .byFile.get(file.path)
      ?.map(({ code }) => code),
  ).toEqual(codes);
});
