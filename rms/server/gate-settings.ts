// What a policy asks of its versions beyond what every version must meet: the object `gates` of a policy.
import { builtinsByName } from "#analysis/rego/builtins/index.ts";
import type { Bound, ImpactLimits } from "../impact/judge.ts";
import { invalid } from "./http/problem.ts";
import { type Body, optionalNumber, textField, textList } from "./http/shape.ts";

export interface GateSettings {
  /** Percent of the policies' lines that the tests must reach; 0 unless given. */
  readonly coverage: number;
  /** Builtins allowed although they are forbidden by default; `net.*` stands for all that begin so. */
  readonly builtins: readonly string[];
  /** The owner's consent to the package `system.log`, whose rules mask and drop decision logs. */
  readonly systemLog: boolean;
  /** So many persons, none of them its author, must approve a version before a channel moves to it. */
  readonly approvals: number;
  /** How many people may gain or lose by a version; undefined where nobody looks. */
  readonly impact: ImpactLimits | undefined;
}

/** Builtins that leak the sidecar's secrets or reach out of it. */
const forbidden = /^(?:http\.send|opa\.runtime|net\..+|rego\.parse_module)$/;

/** Reads the object, whose shape was checked; 422 for builtins that are none. */
export function gateSettings(value: unknown): GateSettings {
  const settings = storedGateSettings(value);
  return { ...settings, builtins: knownBuiltins("gates.builtins", settings.builtins) };
}

/** Settings as they were stored, whatever this release knows of them. */
export function storedGateSettings(value: unknown): GateSettings {
  const body = value as Body;
  return {
    coverage: optionalNumber(body, "coverage") ?? 0,
    builtins: textList(body, "builtins"),
    systemLog: body["systemLog"] === true,
    approvals: optionalNumber(body, "approvals") ?? (body["approval"] === true ? 1 : 0),
    impact: body["impact"] === undefined ? undefined : impactLimits(body["impact"] as Body),
  };
}

function impactLimits(body: Body): ImpactLimits {
  return {
    channel: textField(body, "channel"),
    lose: boundOf(body, "lose"),
    gain: boundOf(body, "gain"),
    changed: boundOf(body, "changed"),
    never: textList(body, "never"),
    strangers: body["strangers"] === true,
    refusals: body["refusals"] === undefined ? undefined : textList(body, "refusals"),
    otherwise: body["otherwise"] === "refuse" ? "refuse" : "approve",
  };
}

function boundOf(body: Body, name: string): Bound | undefined {
  const bound = body[name] as Body | undefined;
  if (bound === undefined) return undefined;
  return { people: optionalNumber(bound, "people"), percent: optionalNumber(bound, "percent") };
}

/** The names, which stand in `what`; 422 when one of them is no builtin. */
export function knownBuiltins(what: string, names: readonly string[]): readonly string[] {
  const known = [...builtinsByName().keys()];
  const unknown = names.find((name) => !known.some((one) => named(name, one)));
  if (unknown !== undefined) throw invalid(`${what} has ${JSON.stringify(unknown)}, which is no builtin.`);
  return names;
}

/** True for a builtin that versions under these settings must not name. */
export function isForbidden(builtin: string, { builtins }: GateSettings): boolean {
  return forbidden.test(builtin) && !builtins.some((name) => named(name, builtin));
}

function named(pattern: string, builtin: string): boolean {
  return pattern === builtin || (pattern.endsWith(".*") && builtin.startsWith(pattern.slice(0, -1)));
}
