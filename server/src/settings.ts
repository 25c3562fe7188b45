// Settings as a client sends them: anything missing or of the wrong shape has its default.

import type { Settings } from "#protocol/messages.ts";
import { membersOf } from "#workspace/json-record.ts";

export const defaultSettings: Settings = {
  live: { mode: "inline", timeout: 500 },
  entrypoints: [],
  inputGlobs: [],
  profile: undefined,
  strict: false,
  regoVersion: "auto",
  roots: [],
  capabilities: "",
  schemas: {},
  schema: "",
  formatter: "opa-fmt",
  lens: { evaluate: true, try: true, test: true, debug: true, why: true, samples: true, publish: true },
  lint: { enable: true, severity: {} },
  inlay: { parameters: true, types: false, decisions: true },
  hoverValues: true,
  autoImport: true,
  hoconIndent: 2,
  hoconEnv: "simulated",
  rms: {},
  trusted: true,
};

/**
 * Reads the settings that a client sent: the sections `rw` and `opa` as editors keep them (`lens.evaluate` nested or dotted), the form
 * of our own client (`hoverValues`), and Regal's option `formatter`. `rw` wins over `opa`.
 */
export function readSettings(sent: unknown, before: Settings = defaultSettings): Settings {
  const options = membersOf(sent);
  const rw = membersOf(options["rw"] ?? options);
  const opa = membersOf(options["opa"]);
  const pick = <T>(ok: (value: unknown) => boolean, fallback: T, ...given: readonly unknown[]): T =>
    (given.find((value) => value !== undefined && ok(value)) as T | undefined) ?? fallback;
  const flag = (name: string, fallback: boolean, other?: unknown): boolean => pick(isFlag, fallback, at(rw, name), other);
  const oneOf =
    (...values: readonly string[]) =>
    (value: unknown) =>
      values.includes(value as string);
  const isFormatter = oneOf("opa-fmt", "opa-fmt-rego-v1", "regal-fix");
  const rms = { ...before.rms, ...membersOf(rw["rms"]) };
  return {
    live: {
      mode: pick(oneOf("inline", "pane", "off"), before.live.mode, at(rw, "live.mode")),
      timeout: pick((value) => typeof value === "number" && value > 0, before.live.timeout, at(rw, "live.timeout")),
    },
    entrypoints: pick(isTexts, before.entrypoints, rw["entrypoints"]),
    inputGlobs: pick(isTexts, before.inputGlobs, rw["inputGlobs"], at(rw, "inputs.globs")),
    profile: pick(isText, before.profile, rw["profile"]),
    strict: flag("strict", before.strict, opa["strictMode"]),
    regoVersion: pick(oneOf("auto", "v0", "v1"), before.regoVersion, rw["regoVersion"]),
    roots: pick(isTexts, before.roots, inFolder(rw["roots"]), inFolder(opa["roots"])),
    capabilities: pick(isText, before.capabilities, rw["capabilities"]),
    schemas: pick(isTextMap, before.schemas, rw["schemas"]),
    schema: pick(isText, before.schema, inFolder(rw["schema"]), inFolder(opa["schema"])),
    formatter: pick(isFormatter, before.formatter, rw["formatter"], opa["formatter"], options["formatter"]),
    lens: {
      evaluate: flag("lens.evaluate", before.lens.evaluate),
      try: flag("lens.try", before.lens.try),
      test: flag("lens.test", before.lens.test),
      debug: flag("lens.debug", before.lens.debug),
      why: flag("lens.why", before.lens.why),
      samples: flag("lens.samples", before.lens.samples),
      publish: flag("lens.publish", before.lens.publish),
    },
    lint: {
      enable: flag("lint.enable", before.lint.enable),
      severity: pick(isSeverities, before.lint.severity, at(rw, "lint.severity")),
    },
    inlay: {
      parameters: flag("inlay.parameters", before.inlay.parameters),
      types: flag("inlay.types", before.inlay.types),
      decisions: flag("inlay.decisions", before.inlay.decisions),
    },
    hoverValues: flag("hover.values", before.hoverValues, rw["hoverValues"]),
    autoImport: flag("completion.autoImport", before.autoImport, rw["autoImport"]),
    hoconIndent: pick(
      (value) => typeof value === "number" && value >= 1,
      before.hoconIndent,
      rw["hoconIndent"],
      at(rw, "format.hocon.indent"),
    ),
    hoconEnv: pick(oneOf("simulated", "real"), before.hoconEnv, rw["hoconEnv"], at(rw, "hocon.env")),
    rms: Object.fromEntries(Object.entries(rms).filter(([, value]) => isText(value) && value !== "")),
    trusted: flag("trusted", before.trusted),
  };
}

const isText = (value: unknown): boolean => typeof value === "string";
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isTextMap = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isText);
const severities = ["error", "warning", "information", "hint", "off"];
const isSeverities = (value: unknown): boolean =>
  isTextMap(value) && Object.values(value as object).every((one) => severities.includes(one));
const isFlag = (value: unknown): boolean => typeof value === "boolean";

/** Paths without the variable for the folder that they are seen from anyway. */
function inFolder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inFolder);
  return typeof value === "string"
    ? value.replace(/^\$\{workspace(?:Folder|Path)\}(?:\/|$)/u, "") || (value === "" ? "" : ".")
    : value;
}

/** A setting by its dotted name, however it is nested. */
function at(section: Record<string, unknown>, name: string): unknown {
  const whole = section[name];
  if (whole !== undefined) return whole;
  const dot = name.indexOf(".");
  return dot < 0 ? undefined : at(membersOf(section[name.slice(0, dot)]), name.slice(dot + 1));
}
