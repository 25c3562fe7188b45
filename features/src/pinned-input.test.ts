// Pinning an input: the text of `rw.conf` in, the text with the pin out.
import { expect, test } from "vitest";
import { pinnedSample } from "#workspace/pins.ts";
import { dedent, open } from "./fixture.test-helper.ts";
import { pinEdit } from "./pinned-input.ts";

async function pinned(config: string | undefined, rule: string, input: string | undefined): Promise<string> {
  const text = config === undefined ? "" : `#- rw.conf\n${dedent(config)}`;
  const { project } = await open(`#- p.rego\npackage p\n\nallow if input.x\n#- inputs/a.conf\nx = 1\n${text}`);
  const edit = pinEdit(project, rule, input);
  if (edit === undefined) return "no edit";
  const held = project.files.get("/p/rw.conf")?.text ?? "";
  return held.slice(0, edit.range.start) + edit.newText + held.slice(edit.range.end);
}

test("a project without a configuration gets one", async () => {
  expect(await pinned(undefined, "data.p.allow", "inputs/a.conf")).toBe("inputs.pins.p/allow = inputs/a.conf\n");
});

test("what stands there stays as it is", async () => {
  expect(await pinned("# ours\nroots = [a]", "data.p.allow", "inputs/a b.conf")).toBe(
    '# ours\nroots = [a]\ninputs.pins.p/allow = "inputs/a b.conf"\n',
  );
});

test("a pin beside others, in their form", async () => {
  expect(await pinned("inputs {\n  pins {\n    p/deny = inputs/b.conf # why\n  }\n}\n", "data.p.allow", "inputs/a.conf")).toBe(
    "inputs {\n  pins {\n    p/deny = inputs/b.conf\n    p/allow = inputs/a.conf # why\n  }\n}\n",
  );
});

test("a pin is replaced, and taken out with its line", async () => {
  const config = 'inputs.pins.data.p.allow = inputs/b.conf\ninputs.pins."p/deny" = inputs/c.conf\n';
  expect(await pinned(config, "data.p.allow", "inputs/a.conf")).toBe(config.replace("b.conf", "a.conf"));
  expect(await pinned(config, "data.p.deny", undefined)).toBe("inputs.pins.data.p.allow = inputs/b.conf\n");
  expect(await pinned(config, "data.p.other", undefined)).toBe("no edit");
});

test("the pin of a rule wins over that of its package", async () => {
  const { project } = await open(
    "#- p.rego\npackage p.q\n\nallow if input.x\n#- inputs/a.conf\nx = 1\n#- other/b.json\n{}\n#- rw.conf\ninputs.pins { p/q = other/b.json, p/q/allow = inputs/a.conf }\n",
  );
  expect(pinnedSample(project, "data.p.q.allow")?.name).toBe("a.conf");
  expect(pinnedSample(project, "data.p.q.deny")?.name).toBe("b.json");
  expect(pinnedSample(project, "data.p.r")).toBeUndefined();
});

test("a pin to a file that is not there is a problem of rw.conf", async () => {
  const { project } = await open("#- p.rego\npackage p\n#- rw.conf\ninputs.pins.p/allow = inputs/gone.conf\n");
  expect(project.configuration.diagnostics.map(({ message }) => message)).toEqual([
    "the input inputs/gone.conf that is pinned to data.p.allow is not there",
  ]);
});
