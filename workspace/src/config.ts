// `rw.conf`: what a project says about itself. Everything has a default; a value of the wrong shape is reported and left out.
import type { Conversions } from "#analysis/hocon/convert.ts";

export interface Profile {
  readonly name: string;
  /** Files laid over every sample, in order; paths from the project's root. */
  readonly overlays: readonly string[];
  /** The simulated environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Simulated system properties: fall-back values of substitutions. */
  readonly properties: Readonly<Record<string, string>>;
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
};

/** `data.storage.allow`, however it is written: `storage/allow`, as entrypoints are, or with its dots; `data` for the empty name. */
export function rulePath(written: string): string {
  if (written === "" || written === "data") return "data";
  return written.startsWith("data.") ? written : `data.${written.replaceAll("/", ".")}`;
}

export interface ReadConfig {
  readonly config: ProjectConfig;
  /** One sentence for each value that has the wrong shape; the path names it. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** Reads the resolved value of `rw.conf`. */
export function readConfig(value: unknown): ReadConfig {
  const problems: { path: string; message: string }[] = [];
  const wrong = (path: string, wanted: string) => problems.push({ path, message: `\`${path}\` must be ${wanted}` });
  const root = asRecord(value) ?? {};

  const texts = (at: unknown, path: string): readonly string[] => {
    if (at === undefined) return [];
    if (typeof at === "string") return [at];
    if (Array.isArray(at) && at.every((item) => typeof item === "string")) return at;
    wrong(path, "a list of strings");
    return [];
  };
  const text = (at: unknown, path: string): string | undefined => {
    if (at === undefined || typeof at === "string") return at;
    wrong(path, "a string");
    return undefined;
  };
  const textMap = (at: unknown, path: string): Record<string, string> => {
    const out: Record<string, string> = {};
    if (at === undefined) return out;
    const record = asRecord(at);
    if (record === undefined) wrong(path, "an object");
    for (const [key, child] of Object.entries(record ?? {})) {
      const nested = asRecord(child);
      if (nested !== undefined) {
        for (const [inner, leaf] of Object.entries(textMap(nested, `${path}.${key}`))) out[`${key}.${inner}`] = leaf;
      } else if (child !== null && !Array.isArray(child)) out[key] = String(child);
      else wrong(`${path}.${key}`, "a string");
    }
    return out;
  };

  const roots: PolicyRoot[] = [];
  const written = root["roots"];
  if (written !== undefined && !Array.isArray(written)) wrong("roots", "a list of folders");
  for (const [index, item] of (Array.isArray(written) ? written : []).entries()) {
    const record = asRecord(item);
    const path = typeof item === "string" ? item : record?.["path"];
    if (typeof path !== "string") {
      wrong(`roots[${index}]`, "a folder, or { path, rego-version }");
      continue;
    }
    const version = record?.["rego-version"];
    if (version !== undefined && version !== 0 && version !== 1) wrong(`roots[${index}].rego-version`, "0 or 1");
    roots.push({ path, regoVersion: version === 0 || version === 1 ? version : undefined });
  }

  const profiles = Object.entries(asRecord(root["profiles"]) ?? {}).map(([name, profile]) => {
    const record = asRecord(profile);
    if (record === undefined) wrong(`profiles.${name}`, "an object");
    return {
      name,
      overlays: texts(record?.["overlays"], `profiles.${name}.overlays`),
      env: textMap(record?.["env"], `profiles.${name}.env`),
      properties: textMap(record?.["properties"], `profiles.${name}.properties`),
    };
  });

  const inputs = asRecord(root["inputs"]);
  if (root["inputs"] !== undefined && inputs === undefined) wrong("inputs", "an object");
  const globs = texts(inputs?.["globs"], "inputs.globs");
  const convert = new Map<string, "duration" | "size">();
  for (const [path, kind] of Object.entries(textMap(inputs?.["convert"], "inputs.convert"))) {
    if (kind === "duration" || kind === "size") convert.set(path, kind);
    else wrong(`inputs.convert.${path}`, "`duration` or `size`");
  }
  const rms = asRecord(root["rms"]) ?? {};
  return {
    config: {
      roots,
      entrypoints: texts(root["entrypoints"], "entrypoints"),
      inputGlobs: globs.length > 0 ? globs : defaultInputGlobs,
      inputs: {
        base: text(inputs?.["base"], "inputs.base"),
        convert,
        classpath: texts(inputs?.["classpath"], "inputs.classpath"),
        pins: new Map(
          Object.entries(textMap(inputs?.["pins"], "inputs.pins")).map(([rule, file]) => [rulePath(rule), file] as const),
        ),
      },
      profiles,
      schemas: textMap(root["schemas"], "schemas"),
      rms: {
        url: text(rms["url"], "rms.url"),
        domain: text(rms["domain"], "rms.domain"),
        policy: text(rms["policy"], "rms.policy"),
        channel: text(rms["channel"], "rms.channel"),
      },
      roles: text(root["roles"], "roles"),
      capabilities: text(root["capabilities"], "capabilities"),
    },
    problems,
  };
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}
