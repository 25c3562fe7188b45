// What `rw.conf` says, and what is told of values that have another shape.
import { expect, test } from "vitest";
import { defaultConfig, readConfig } from "./config.ts";

test("nothing written is the default", () => {
  expect(readConfig({})).toEqual({ config: defaultConfig, problems: [] });
});

test("everything written", () => {
  const { config, problems } = readConfig({
    roots: ["policy", { path: "old", "rego-version": 0 }],
    entrypoints: "authz/allow",
    inputs: {
      globs: ["in/*.conf"],
      base: "base.conf",
      convert: { limits: { timeout: "duration" } },
      pins: { "authz/allow": "a.conf" },
    },
    profiles: { prod: { overlays: ["prod.conf"], env: { REGION: "eu" }, properties: { retries: 3 } } },
    schemas: { "in/*.conf": "input.schema.json" },
    rms: { url: "https://rms.example", domain: "payments" },
    roles: "roles.conf",
  });
  expect(problems).toEqual([]);
  expect(config).toEqual({
    ...defaultConfig,
    roots: [
      { path: "policy", regoVersion: undefined },
      { path: "old", regoVersion: 0 },
    ],
    entrypoints: ["authz/allow"],
    inputGlobs: ["in/*.conf"],
    inputs: {
      ...defaultConfig.inputs,
      base: "base.conf",
      convert: new Map([["limits.timeout", "duration"]]),
      pins: new Map([["data.authz.allow", "a.conf"]]),
    },
    profiles: [{ name: "prod", overlays: ["prod.conf"], env: { REGION: "eu" }, properties: { retries: "3" } }],
    schemas: { "in/*.conf": "input.schema.json" },
    rms: { ...defaultConfig.rms, url: "https://rms.example", domain: "payments" },
    roles: "roles.conf",
  });
});

test.each([
  [{ roots: "policy" }, "`roots` must be a list of folders"],
  [{ roots: [1] }, "`roots[0]` must be a folder, or { path, rego-version }"],
  [{ roots: [{ path: "a", "rego-version": 2 }] }, "`roots[0].rego-version` must be 0 or 1"],
  [{ entrypoints: [1] }, "`entrypoints` must be a list of strings"],
  [{ inputs: [] }, "`inputs` must be an object"],
  [{ inputs: { base: [] } }, "`inputs.base` must be a string"],
  [{ inputs: { convert: { a: "days" } } }, "`inputs.convert.a` must be `duration` or `size`"],
  [{ inputs: { pins: { "a.b": [] } } }, "`inputs.pins.a.b` must be a string"],
  [{ profiles: "prod" }, "`profiles` must be an object"],
  [{ profiles: { prod: 1 } }, "`profiles.prod` must be an object"],
  [{ rms: "https://rms.example" }, "`rms` must be an object"],
  [{ rms: { url: 1 } }, "`rms.url` must be a string"],
])("%j", (value, message) => {
  expect(readConfig(value).problems.map((one) => one.message)).toEqual([message]);
});
