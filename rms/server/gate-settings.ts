// What a policy asks of its versions beyond what every version must meet: the object `gates` of a policy.
import { builtinsByName } from "#analysis/rego/builtins/index.ts";
import { invalid } from "./http/problem.ts";
import { objectBody, textList } from "./http/shape.ts";

export interface GateSettings {
  /** Percent of the policies' lines that the tests must reach; 0 unless given. */
  readonly coverage: number;
  /** Builtins allowed although they are forbidden by default; `net.*` stands for all that begin so. */
  readonly builtins: readonly string[];
  /** What OPA's strict mode complains about refuses the version instead of warning. */
  readonly strict: boolean;
  /** A version waits until another person than its author approves it. */
  readonly approval: boolean;
}

/** Builtins that leak the sidecar's secrets or reach out of it. */
const forbidden = /^(?:http\.send|opa\.runtime|net\..+|rego\.parse_module)$/;

/** Reads the object; 422 for names and values that mean nothing. */
export function gateSettings(value: unknown): GateSettings {
  const body = objectBody(value, ["coverage", "builtins", "strict", "approval"]);
  const { coverage = 0, strict = false, approval = false } = body;
  if (typeof coverage !== "number" || !(coverage >= 0 && coverage <= 100)) throw invalid("gates.coverage must be 0 to 100.");
  if (typeof strict !== "boolean") throw invalid("gates.strict must be true or false.");
  if (typeof approval !== "boolean") throw invalid("gates.approval must be true or false.");
  const builtins = textList(body, "builtins");
  const known = [...builtinsByName().keys()];
  const unknown = builtins.find((name) => !known.some((one) => named(name, one)));
  if (unknown !== undefined) throw invalid(`gates.builtins names ${JSON.stringify(unknown)}, which is no builtin.`);
  return { coverage, builtins, strict, approval };
}

/** Settings stored before their names were checked mean what they can. */
export function storedGateSettings(value: unknown): GateSettings {
  try {
    return gateSettings(value);
  } catch {
    return { coverage: 0, builtins: [], strict: false, approval: false };
  }
}

/** True for a builtin that versions under these settings must not name. */
export function isForbidden(builtin: string, { builtins }: GateSettings): boolean {
  return forbidden.test(builtin) && !builtins.some((name) => named(name, builtin));
}

function named(pattern: string, builtin: string): boolean {
  return pattern === builtin || (pattern.endsWith(".*") && builtin.startsWith(pattern.slice(0, -1)));
}
