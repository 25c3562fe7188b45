// Rulewright as a library, for Node and browsers: checks and formats policies, compiles them, decides, and resolves HOCON. Nothing here reads
// files, asks networks or keeps anything; wrong texts are told as problems and never thrown.
import type {
  CheckOptions,
  Compiled,
  CompileOptions,
  Formatted,
  Hocon,
  HoconOptions,
  LanguageOptions,
  Policies,
  Problem,
} from "./api.ts";
import { checked } from "./checked.ts";
import { resolved } from "./hocon.ts";
import { loaded } from "./policy.ts";
import { written } from "./written.ts";

export type * from "./api.ts";

/** All that `opa check` finds, of all policies together, by file and place. */
export function checkPolicies(policies: Policies, options: CheckOptions = {}): readonly Problem[] {
  return checked(policies, options).problems;
}

/** The text as `opa fmt` writes it; the problems of one that cannot be formatted. */
export function formatPolicy(text: string, options: LanguageOptions = {}): Formatted {
  return written(text, options);
}

/** Checks the policies and compiles them to one Wasm module. In a browser this belongs into a worker. */
export function compilePolicies(policies: Policies, options: CompileOptions = {}): Compiled {
  return loaded(policies, options);
}

/** The value of a HOCON text as the reference library resolves it. */
export function resolveHocon(text: string, options: HoconOptions = {}): Hocon {
  return resolved(text, options);
}
