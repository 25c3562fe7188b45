// `rw.conf`: what a project says about itself. Everything has a default; a value of the wrong shape is reported and left out.
import type { Conversions } from "#analysis/hocon/convert.ts";
import { readLintConfig } from "#lint/config.ts";
import { type ConfigProblem, ConfigShapes } from "./config-shapes.ts";
import { asRecord } from "./json-record.ts";
import { type MockConfig, mockConfigOf } from "./mock-config.ts";

export interface Profile {
  readonly name: string;
  /** Files laid over every sample, in order; paths from the project's root. */
  readonly overlays: readonly string[];
  /** The simulated environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Simulated system properties: fall-back values of substitutions. */
  readonly properties: Readonly<Record<string, string>>;
  /** Over those of the project. */
  readonly mocks?: MockConfig | undefined;
}

export interface RmsTarget {
  readonly url: string | undefined;
  readonly domain: string | undefined;
  readonly policy: string | undefined;
  readonly channel: string | undefined;
}

/** How sample inputs become `input`. */
export interface InputConfig {
  /** The service's document that inputs are merged onto, named here so that nothing is merged unseen. */
  readonly base: string | undefined;
  /** Paths whose durations or sizes become integers of nanoseconds or bytes. */
  readonly convert: Conversions;
  /** Folders that `include classpath("…")` counts from; without one such includes are refused. */
  readonly classpath: readonly string[];
  /** Rule or package, `data.storage.allow` → the input that it is always asked with. */
  readonly pins: ReadonlyMap<string, string>;
}

export interface PolicyRoot {
  readonly path: string;
  readonly regoVersion: 0 | 1 | undefined;
}

export interface ProjectConfig {
  readonly roots: readonly PolicyRoot[];
  /** As written: `policy/authz/allow` or `data.policy.authz.allow`. */
  readonly entrypoints: readonly string[];
  readonly inputGlobs: readonly string[];
  readonly inputs: InputConfig;
  readonly profiles: readonly Profile[];
  /** Glob of inputs → JSON Schema file. */
  readonly schemas: Readonly<Record<string, string>>;
  readonly rms: RmsTarget;
  /** A readable file of roles and members, which becomes `data.rms`. */
  readonly roles: string | undefined;
  /** A capabilities file: the builtins of the program that runs the policies. */
  readonly capabilities: string | undefined;
  /** What answers policies in place of the world; undefined where nothing is said. */
  readonly mocks: MockConfig | undefined;
  /** What lint rules are to do, as in `.regal/config.yaml`; undefined where nothing is said. */
  readonly lint: Readonly<Record<string, unknown>> | undefined;
}

export const defaultInputGlobs: readonly string[] = ["**/inputs/**/*.{conf,hocon,json,yaml,yml}", "**/input.{json,yaml}"];

export const defaultConfig: ProjectConfig = {
  roots: [],
  entrypoints: [],
  inputGlobs: defaultInputGlobs,
  inputs: { base: undefined, convert: new Map(), classpath: [], pins: new Map() },
  profiles: [],
  schemas: {},
  rms: { url: undefined, domain: undefined, policy: undefined, channel: undefined },
  roles: undefined,
  capabilities: undefined,
  mocks: undefined,
  lint: undefined,
};

/** `data.storage.allow`, however it is written: `storage/allow`, as entrypoints are, or with its dots; `data` for the empty name. */
export function rulePath(written: string): string {
  if (written === "" || written === "data") return "data";
  return written.startsWith("data.") ? written : `data.${written.replaceAll("/", ".")}`;
}

/** `data.a.b` → `a/b`, as entrypoints are named. */
export function entrypointName(path: string): string {
  return path.replace(/^data\.?/u, "").replaceAll(".", "/");
}

export interface ReadConfig {
  readonly config: ProjectConfig;
  /** One sentence for each value that has the wrong shape; the path names it. */
  readonly problems: readonly ConfigProblem[];
}

/** Reads the resolved value of `rw.conf`. */
export function readConfig(value: unknown): ReadConfig {
  const shapes = new ConfigShapes();
  const root = asRecord(value) ?? {};
  const inputs = shapes.record(root["inputs"], "inputs");
  const globs = shapes.texts(inputs["globs"], "inputs.globs");
  const config: ProjectConfig = {
    roots: rootsOf(shapes, root["roots"]),
    entrypoints: shapes.texts(root["entrypoints"], "entrypoints"),
    inputGlobs: globs.length > 0 ? globs : defaultInputGlobs,
    inputs: inputsOf(shapes, inputs),
    profiles: profilesOf(shapes, shapes.record(root["profiles"], "profiles")),
    schemas: shapes.textMap(root["schemas"], "schemas"),
    rms: rmsOf(shapes, shapes.record(root["rms"], "rms")),
    roles: shapes.text(root["roles"], "roles"),
    capabilities: shapes.text(root["capabilities"], "capabilities"),
    mocks: mockConfigOf(shapes, root["mocks"], "mocks"),
    lint: lintOf(shapes, root["lint"]),
  };
  return { config, problems: shapes.problems };
}

function rootsOf(shapes: ConfigShapes, value: unknown): readonly PolicyRoot[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    shapes.wrong("roots", "a list of folders");
    return [];
  }
  return value.flatMap((item: unknown, index): readonly PolicyRoot[] => {
    const record = asRecord(item);
    const path = typeof item === "string" ? item : record?.["path"];
    if (typeof path !== "string") {
      shapes.wrong(`roots[${index}]`, "a folder, or { path, rego-version }");
      return [];
    }
    const version = record?.["rego-version"];
    const known = version === 0 || version === 1;
    if (version !== undefined && !known) shapes.wrong(`roots[${index}].rego-version`, "0 or 1");
    return [{ path, regoVersion: known ? version : undefined }];
  });
}

function inputsOf(shapes: ConfigShapes, inputs: Readonly<Record<string, unknown>>): InputConfig {
  const convert = new Map<string, "duration" | "size">();
  for (const [path, kind] of Object.entries(shapes.textMap(inputs["convert"], "inputs.convert"))) {
    if (kind === "duration" || kind === "size") convert.set(path, kind);
    else shapes.wrong(`inputs.convert.${path}`, "`duration` or `size`");
  }
  const pins = Object.entries(shapes.textMap(inputs["pins"], "inputs.pins"));
  return {
    base: shapes.text(inputs["base"], "inputs.base"),
    convert,
    classpath: shapes.texts(inputs["classpath"], "inputs.classpath"),
    pins: new Map(pins.map(([rule, file]) => [rulePath(rule), file])),
  };
}

function profilesOf(shapes: ConfigShapes, profiles: Readonly<Record<string, unknown>>): readonly Profile[] {
  return Object.entries(profiles).map(([name, profile]) => {
    const record = shapes.record(profile, `profiles.${name}`);
    return {
      name,
      overlays: shapes.texts(record["overlays"], `profiles.${name}.overlays`),
      env: shapes.textMap(record["env"], `profiles.${name}.env`),
      properties: shapes.textMap(record["properties"], `profiles.${name}.properties`),
      mocks: mockConfigOf(shapes, record["mocks"], `profiles.${name}.mocks`),
    };
  });
}

function rmsOf(shapes: ConfigShapes, rms: Readonly<Record<string, unknown>>): RmsTarget {
  return {
    url: shapes.text(rms["url"], "rms.url"),
    domain: shapes.text(rms["domain"], "rms.domain"),
    policy: shapes.text(rms["policy"], "rms.policy"),
    channel: shapes.text(rms["channel"], "rms.channel"),
  };
}

function lintOf(shapes: ConfigShapes, value: unknown): ProjectConfig["lint"] {
  if (value === undefined) return undefined;
  for (const { path, message } of readLintConfig(value).faults)
    shapes.problems.push({
      path: ["lint", ...path].join("."),
      message: path.length === 0 ? "`lint` must be an object" : `lint.${message}`,
    });
  return asRecord(value);
}
