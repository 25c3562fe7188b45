// `.regal/config.yaml`, or the key `lint` of `rw.conf`, as data: levels and options of rules, files that are left out, the OPA that the policies are for.
import { optionFault } from "./options.ts";
import { categories, type Level, type LintRule, type Options } from "./rule.ts";

export interface RuleConfig {
  /** Undefined where the category's or the general level holds. */
  readonly level: Level | undefined;
  readonly ignoredFiles: readonly string[];
  readonly options: Options;
}

export interface CategoryConfig {
  readonly level: Level | undefined;
  readonly rules: ReadonlyMap<string, RuleConfig>;
}

/** What the policies can call, as the configuration names it. */
export interface CapabilitiesConfig {
  /** A release of OPA, `v0.58.0`, or the path of a capabilities file. */
  readonly version: string | undefined;
  readonly file: string | undefined;
  /** Names of builtins that there are besides, or are not. */
  readonly plus: readonly string[];
  readonly minus: readonly string[];
}

export interface LintConfig {
  /** Of every rule, unless its category or its own entry says otherwise. */
  readonly level: Level | undefined;
  readonly categories: ReadonlyMap<string, CategoryConfig>;
  readonly ignoredFiles: readonly string[];
  readonly capabilities: CapabilitiesConfig;
}

/** What is not as it should be, and was left out. */
export interface ConfigFault {
  /** Of the value, `["rules", "style", "level"]`; an empty one for the whole. */
  readonly path: readonly string[];
  readonly message: string;
}

export interface ConfigRead {
  readonly config: LintConfig;
  readonly faults: readonly ConfigFault[];
}

type JsonObject = Readonly<Record<string, unknown>>;

/** A configuration that says nothing: Regal's defaults. */
export const noLintConfig: LintConfig = {
  level: undefined,
  categories: new Map(),
  ignoredFiles: [],
  capabilities: { version: undefined, file: undefined, plus: [], minus: [] },
};

/** Reads the JSON value of the text; null and undefined are an empty file. */
export function readLintConfig(json: unknown): ConfigRead {
  if (json === null || json === undefined) return { config: noLintConfig, faults: [] };
  const reader = new ConfigReader();
  const config = reader.config(json);
  return { config, faults: reader.faults };
}

class ConfigReader {
  readonly faults: ConfigFault[] = [];

  config(json: unknown): LintConfig {
    const root = this.#object(json, []);
    const rules = this.#object(root["rules"], ["rules"]);
    const { default: general, ...named } = rules;
    return {
      level: this.#defaultLevel(general, ["rules", "default"]),
      categories: new Map(Object.entries(named).map(([name, value]) => [name, this.#category(value, ["rules", name])])),
      ignoredFiles: this.#ignoredFiles(root["ignore"], ["ignore"]),
      capabilities: this.#capabilities(root["capabilities"]),
    };
  }

  #category(json: unknown, path: readonly string[]): CategoryConfig {
    const { default: general, ...named } = this.#object(json, path);
    const rules = Object.entries(named).map(([rule, value]) => [rule, this.#rule(value, [...path, rule])] as const);
    return { level: this.#defaultLevel(general, [...path, "default"]), rules: new Map(rules) };
  }

  #rule(json: unknown, path: readonly string[]): RuleConfig {
    const { level, ignore, ...options } = this.#object(json, path);
    return {
      level: this.#level(level, [...path, "level"]),
      ignoredFiles: this.#ignoredFiles(ignore, [...path, "ignore"]),
      options,
    };
  }

  #defaultLevel(json: unknown, path: readonly string[]): Level | undefined {
    return this.#level(this.#object(json, path)["level"], [...path, "level"]);
  }

  #level(json: unknown, path: readonly string[]): Level | undefined {
    if (json === undefined || json === "error" || json === "warning" || json === "ignore") return json;
    this.#wrong(path, "must be error, warning or ignore");
    return undefined;
  }

  #ignoredFiles(json: unknown, path: readonly string[]): readonly string[] {
    return this.#strings(this.#object(json, path)["files"], [...path, "files"]);
  }

  #capabilities(json: unknown): CapabilitiesConfig {
    const at = ["capabilities"];
    const { from, plus, minus } = this.#object(json, at);
    const { engine = "opa", version, file, url } = this.#object(from, [...at, "from"]);
    if (url !== undefined) this.#wrong([...at, "from", "url"], "is not read: name a file");
    if (engine !== "opa") this.#wrong([...at, "from", "engine"], "must be opa");
    return {
      version: this.#string(version, [...at, "from", "version"]),
      file: this.#string(file, [...at, "from", "file"]),
      plus: this.#names(plus, [...at, "plus"]),
      minus: this.#names(minus, [...at, "minus"]),
    };
  }

  /** The names in `builtins: [{name: …}]`. */
  #names(json: unknown, path: readonly string[]): readonly string[] {
    const { builtins = [] } = this.#object(json, path);
    const at = [...path, "builtins"];
    if (!Array.isArray(builtins)) {
      this.#wrong(at, "must be a list");
      return [];
    }
    return builtins.flatMap((one) => this.#string(this.#object(one, at)["name"], [...at, "name"]) ?? []);
  }

  #strings(json: unknown, path: readonly string[]): readonly string[] {
    if (json === undefined) return [];
    if (Array.isArray(json) && json.every((one) => typeof one === "string")) return json;
    this.#wrong(path, "must be a list of texts");
    return [];
  }

  #string(json: unknown, path: readonly string[]): string | undefined {
    if (json === undefined || typeof json === "string") return json;
    this.#wrong(path, "must be a text");
    return undefined;
  }

  /** An empty one for what is missing, and for what is none, which is a fault. */
  #object(json: unknown, path: readonly string[]): JsonObject {
    if (isObject(json)) return json;
    if (json !== undefined && json !== null) this.#wrong(path, "must be a mapping");
    return {};
  }

  #wrong(path: readonly string[], what: string): void {
    this.faults.push({ path, message: `${path.length === 0 ? "the configuration" : path.join(".")} ${what}` });
  }
}

export interface WrongNames {
  /** Those of no category. */
  readonly categories: readonly string[];
  /** Those of no rule, with the category that they stand in. */
  readonly rules: readonly { readonly category: string; readonly name: string }[];
  /** What is said of rules in vain: below a category that is not theirs, and by options that they cannot use. */
  readonly vain: readonly ConfigFault[];
}

/** The names in the configuration that mean nothing; custom rules are not among what is looked at. */
export function wrongNames(config: LintConfig, all: readonly LintRule[]): WrongNames {
  const known: ReadonlySet<string> = new Set(categories);
  const byName = new Map(all.map((rule) => [rule.name, rule]));
  const named = [...config.categories].flatMap(([category, { rules }]) =>
    [...rules].map(([name, { options }]) => ({ category, name, options, rule: byName.get(name) })),
  );
  return {
    categories: [...config.categories.keys()].filter((name) => !known.has(name)),
    rules: named.filter(({ rule }) => rule === undefined),
    vain: named.flatMap(({ category, name, options, rule }): readonly ConfigFault[] => {
      if (rule === undefined) return [];
      const path = ["rules", category, name];
      const vain = (at: readonly string[], why: string) => ({ path: at, message: `${at.join(".")} changes nothing: ${why}` });
      if (rule.category !== category) return [vain(path, `${name} is in the category ${rule.category}`)];
      return Object.entries(options).flatMap(([option, value]) => {
        const fault = optionFault(rule, option, value);
        return fault === undefined ? [] : [vain([...path, option], fault)];
      });
    }),
  };
}

/** Two configurations as JSON values in one: what the second says wins, down to each option and level. */
export function mergedConfig(below: unknown, above: unknown): unknown {
  if (!isObject(below) || !isObject(above)) return above === undefined ? below : above;
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) merged.set(key, mergedConfig(merged.get(key), value));
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
