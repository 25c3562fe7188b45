// Settings in every form in which clients send them.
import { expect, test } from "vitest";
import { defaultSettings, readSettings } from "./settings.ts";

test.each([
  ["nothing", undefined, {}],
  ["our own client's form", { rw: { hoverValues: false, lens: { evaluate: false } } }, { hoverValues: false }],
  [
    "the sections of an editor",
    { rw: { inlay: { parameters: false }, hocon: { env: "real" } } },
    { inlay: { parameters: false, types: false, decisions: true }, hoconEnv: "real" },
  ],
  ["dotted names", { rw: { "inlay.parameters": false, "live.mode": "off" } }, { live: { mode: "off", timeout: 500 } }],
  [
    "opa where rw is silent",
    { rw: {}, opa: { strictMode: true, formatter: "opa-fmt-rego-v1" } },
    { strict: true, formatter: "opa-fmt-rego-v1" },
  ],
  [
    "paths of opa seen from the folder",
    { opa: { roots: ["${workspaceFolder}", "${workspaceFolder}/policy", "lib"], schema: "${workspaceFolder}/schemas" } },
    { roots: [".", "policy", "lib"], schema: "schemas" },
  ],
  ["schemas of inputs", { rw: { schemas: { "inputs/**": "input.json" } } }, { schemas: { "inputs/**": "input.json" } }],
  ["rw over opa", { rw: { strict: false }, opa: { strictMode: true } }, { strict: false }],
  ["the options of the older server", { formatter: "regal-fix" }, { formatter: "regal-fix" }],
  ["values of the wrong shape", { rw: { strict: "yes", entrypoints: 3, live: [] } }, defaultSettings],
])("%s", (_, sent, wanted) => {
  expect(readSettings(sent)).toMatchObject(wanted);
});

test("what is not sent stays as it was", () => {
  const before = readSettings({ rw: { strict: true, lens: { test: false }, rms: { url: "http://x" } } });
  expect(readSettings({ rw: { inlay: { parameters: false } } }, before)).toEqual({
    ...before,
    inlay: { ...before.inlay, parameters: false },
  });
});
