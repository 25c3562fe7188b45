// Settings as a client sends them: anything missing or of the wrong shape has its default.
import type { Settings } from "#protocol/messages.ts";

export const defaultSettings: Settings = {
  live: { mode: "inline", timeout: 500 },
  entrypoints: [],
  inputGlobs: [],
  profile: undefined,
  strict: false,
  regoVersion: "auto",
  formatter: "opa-fmt",
  lens: { evaluate: true, test: true, samples: true },
  inlayParameters: true,
  hoverValues: true,
  autoImport: true,
  hoconIndent: 2,
  hoconEnv: "simulated",
  rms: {},
  trusted: true,
};

/** Reads the `rw` section (and Regal's `formatter` option) of what a client sent. */
export function readSettings(sent: unknown, before: Settings = defaultSettings): Settings {
  const options = record(sent);
  const rw = record(options["rw"] ?? options);
  const pick = <K extends keyof Settings>(key: K, given: unknown, ok: (value: unknown) => boolean): Settings[K] =>
    ok(given) ? (given as Settings[K]) : before[key];
  const isText = (value: unknown) => typeof value === "string";
  const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
  const isFlag = (value: unknown) => typeof value === "boolean";
  const live = record(rw["live"]);
  const lens = record(rw["lens"]);
  const rms = record(rw["rms"]);
  const mode = live["mode"];
  const timeout = live["timeout"];
  return {
    live: {
      mode: mode === "inline" || mode === "pane" || mode === "off" ? mode : before.live.mode,
      timeout: typeof timeout === "number" && timeout > 0 ? timeout : before.live.timeout,
    },
    entrypoints: pick("entrypoints", rw["entrypoints"], isTexts),
    inputGlobs: pick("inputGlobs", rw["inputGlobs"], isTexts),
    profile: pick("profile", rw["profile"], isText),
    strict: pick("strict", rw["strict"], isFlag),
    regoVersion: pick("regoVersion", rw["regoVersion"], (value) => value === "auto" || value === "v0" || value === "v1"),
    formatter: pick(
      "formatter",
      rw["formatter"] ?? options["formatter"],
      (value) => value === "opa-fmt" || value === "opa-fmt-rego-v1" || value === "regal-fix",
    ),
    lens: {
      evaluate: lens["evaluate"] !== false,
      test: lens["test"] !== false,
      samples: lens["samples"] !== false,
    },
    inlayParameters: pick("inlayParameters", rw["inlayParameters"], isFlag),
    hoverValues: pick("hoverValues", rw["hoverValues"], isFlag),
    autoImport: pick("autoImport", rw["autoImport"], isFlag),
    hoconIndent: pick("hoconIndent", rw["hoconIndent"], (value) => typeof value === "number" && value >= 1),
    hoconEnv: pick(
      "hoconEnv",
      rw["hoconEnv"] ?? record(rw["hocon"])["env"],
      (value) => value === "simulated" || value === "real",
    ),
    rms: Object.fromEntries(Object.entries(rms).filter(([, value]) => isText(value) && value !== "")),
    trusted: pick("trusted", rw["trusted"], isFlag),
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
