// `.regal/config.yaml` as data: levels and options of rules, files that are left out, the OPA that the policies are for.
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

export interface ConfigRead {
  readonly config: LintConfig;
  /** What is not as it should be, and was left out. */
  readonly faults: readonly string[];
}

type JsonObject = Readonly<Record<string, unknown>>;

/** A configuration that says nothing: Regal's defaults. */
export const noLintConfig: LintConfig = {
  level: undefined,
  categories: new Map(),
  ignoredFiles: [],
  capabilities: { version: undefined, file: undefined, plus: [], minus: [] },
};

/** Reads the JSON value of the YAML text; null and undefined are an empty file. */
export function readLintConfig(json: unknown): ConfigRead {
  if (json === null || json === undefined) return { config: noLintConfig, faults: [] };
  const reader = new ConfigReader();
  const config = reader.config(json);
  return { config, faults: reader.faults };
}

class ConfigReader {
  readonly faults: string[] = [];

  config(json: unknown): LintConfig {
    const root = this.#object(json, "the configuration");
    const rules = this.#object(root["rules"], "rules");
    const { default: general, ...named } = rules;
    return {
      level: this.#defaultLevel(general, "rules.default"),
      categories: new Map(Object.entries(named).map(([name, value]) => [name, this.#category(name, value)])),
      ignoredFiles: this.#ignoredFiles(root["ignore"], "ignore"),
      capabilities: this.#capabilities(root["capabilities"]),
    };
  }

  #category(name: string, json: unknown): CategoryConfig {
    const { default: general, ...named } = this.#object(json, `rules.${name}`);
    const rules = Object.entries(named).map(([rule, value]) => [rule, this.#rule(`rules.${name}.${rule}`, value)] as const);
    return { level: this.#defaultLevel(general, `rules.${name}.default`), rules: new Map(rules) };
  }

  #rule(path: string, json: unknown): RuleConfig {
    const { level, ignore, ...options } = this.#object(json, path);
    return { level: this.#level(level, `${path}.level`), ignoredFiles: this.#ignoredFiles(ignore, `${path}.ignore`), options };
  }

  #defaultLevel(json: unknown, path: string): Level | undefined {
    return this.#level(this.#object(json, path)["level"], `${path}.level`);
  }

  #level(json: unknown, path: string): Level | undefined {
    if (json === undefined || json === "error" || json === "warning" || json === "ignore") return json;
    this.faults.push(`${path} must be error, warning or ignore`);
    return undefined;
  }

  #ignoredFiles(json: unknown, path: string): readonly string[] {
    return this.#strings(this.#object(json, path)["files"], `${path}.files`);
  }

  #capabilities(json: unknown): CapabilitiesConfig {
    const { from, plus, minus } = this.#object(json, "capabilities");
    const { engine = "opa", version, file, url } = this.#object(from, "capabilities.from");
    if (url !== undefined) this.faults.push("capabilities.from.url is not read: name a file");
    if (engine !== "opa") this.faults.push("capabilities.from.engine must be opa");
    return {
      version: this.#string(version, "capabilities.from.version"),
      file: this.#string(file, "capabilities.from.file"),
      plus: this.#names(plus, "capabilities.plus"),
      minus: this.#names(minus, "capabilities.minus"),
    };
  }

  /** The names in `builtins: [{name: …}]`. */
  #names(json: unknown, path: string): readonly string[] {
    const { builtins = [] } = this.#object(json, path);
    if (!Array.isArray(builtins)) {
      this.faults.push(`${path}.builtins must be a list`);
      return [];
    }
    return builtins.flatMap((one) => this.#string(this.#object(one, `${path}.builtins`)["name"], `${path}.builtins.name`) ?? []);
  }

  #strings(json: unknown, path: string): readonly string[] {
    if (json === undefined) return [];
    if (Array.isArray(json) && json.every((one) => typeof one === "string")) return json;
    this.faults.push(`${path} must be a list of texts`);
    return [];
  }

  #string(json: unknown, path: string): string | undefined {
    if (json === undefined || typeof json === "string") return json;
    this.faults.push(`${path} must be a text`);
    return undefined;
  }

  /** An empty one for what is missing, and for what is none, which is a fault. */
  #object(json: unknown, path: string): JsonObject {
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as JsonObject;
    if (json !== undefined && json !== null) this.faults.push(`${path} must be a mapping`);
    return {};
  }
}

export interface WrongNames {
  /** Those of no category. */
  readonly categories: readonly string[];
  /** Those of no rule. */
  readonly rules: readonly string[];
  /** What is said of rules in vain: below a category that is not theirs, and by options that they cannot use. */
  readonly vain: readonly { readonly rule: string; readonly why: string }[];
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
    rules: named.flatMap(({ rule, name }) => (rule === undefined ? [name] : [])),
    vain: named.flatMap(({ category, name, options, rule }) => {
      if (rule === undefined) return [];
      const path = `rules.${category}.${name}`;
      if (rule.category !== category)
        return [{ rule: name, why: `${path} changes nothing: ${name} is in the category ${rule.category}` }];
      return Object.entries(options).flatMap(([option, value]) => {
        const fault = optionFault(rule, option, value);
        return fault === undefined ? [] : [{ rule: name, why: `${path}.${option} changes nothing: ${fault}` }];
      });
    }),
  };
}
