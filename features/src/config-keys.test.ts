// `rw.conf` in, what is said of its keys out.
import { expect, test } from "vitest";
import { diagnosticsOf } from "./diagnostics.ts";
import { dedent, open } from "./fixture.test-helper.ts";

async function findings(text: string): Promise<string[]> {
  const { project, file } = await open(`#- rw.conf\n${dedent(text)}\n#- a/p.rego\npackage p\n`);
  const found = diagnosticsOf(project, () => 0).byFile.get(file.path) ?? [];
  return found.map(
    ({ range, severity, message, fixes }) =>
      `${severity} ${JSON.stringify(file.text.slice(range.start, range.end))}: ${message}${(fixes ?? []).map(({ title }) => ` [${title}]`).join("")}`,
  );
}

test("misspelt keys, with what is meant", async () => {
  expect(await findings("rooots = [policy]\ninputs.globz = []\nprofiles { uat { overlay = [a.conf] } }\n")).toEqual([
    'warning "rooots": rw.conf has no key `rooots`: did you mean `roots`? [Use `roots`]',
    'warning "globz": `inputs` has no key `globz`: did you mean `globs`? [Use `globs`]',
    'warning "overlay": `profiles.uat` has no key `overlay`: did you mean `overlays`? [Use `overlays`]',
  ]);
});

test("keys that are like none, told once", async () => {
  expect(await findings("rms { url = x, password { of = me } }\nroots = [{ path = a, version = 0 }]\n")).toEqual([
    'warning "password": `rms` has no key `password`: it has url, domain, policy, channel',
    'warning "version": `roots` has no key `version`: it has path, rego-version',
  ]);
});

test("roots that are not there", async () => {
  expect(await findings("roots = [a, { path = b, rego-version = 0 }]\n")).toEqual([
    'error "roots": the folder b (`roots`) is not there, or is empty',
  ]);
});

test("mocks: what is no mock, and values that are none", async () => {
  expect(await findings("mocks { clok = x, net { lookup = {} }, opa.runtime { any = thing } }\n")).toEqual([
    'warning "clok": `mocks` has no key `clok`: did you mean `clock`? [Use `clock`]',
    'warning "lookup": `mocks.net` has no key `lookup`: it has lookup_ip_addr',
  ]);
  expect(
    await findings(
      "mocks { clock = noon, seed = x, http = ../h.conf, net.lookup_ip_addr { a.b = c } }\nprofiles.uat.mocks.http = no.conf\n",
    ),
  ).toEqual([
    'error "clock": `mocks.clock` must be a time like 2026-01-31T12:00:00Z',
    'error "seed": `mocks.seed` must be an integer',
    'error "http": ../h.conf (`mocks.http`) lies outside of the project',
    'error "b": `mocks.net.lookup_ip_addr.a.b` must be IP addresses, and "c" is none',
    'error "http": the file of mocked requests no.conf (`profiles.uat.mocks.http`) is not there',
  ]);
});

test("names that an author chooses, and keys that substitutions use", async () => {
  const text = `host = "http://h"
rms.url = \${host}"/x"
profiles { uat { env { REGION = eu } } }
schemas { "inputs/**" = s.json }
inputs.pins { policy/allow = inputs/a.conf }
`;
  expect((await findings(text)).filter((one) => one.startsWith("warning"))).toEqual([]);
});

test("a value of the wrong shape is told where it stands", async () => {
  expect(
    await findings("entrypoints = 1\nprofiles {\n  uat { overlays { a = 1 } }\n}\nroots = [{ path = a, rego-version = 3 }]\n"),
  ).toEqual([
    'error "entrypoints": `entrypoints` must be a list of strings',
    'error "overlays": `profiles.uat.overlays` must be a list of strings',
    'error "rego-version": `roots[0].rego-version` must be 0 or 1',
  ]);
});
