// Compiled policies, loaded with their data.
import type { Checked } from "#analysis/rego/checked.ts";
import { compile } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { createInstance, type Instance, type Outcome } from "#evaluation/instance.ts";
import type { SourcePlace } from "#evaluation/source-place.ts";
import { entrypointName, rulePath } from "#workspace/config.ts";
import { findEntrypoints } from "#workspace/entrypoints.ts";
import type {
  Compiled,
  CompileOptions,
  DecideOptions,
  Decision,
  Json,
  PartialDecision,
  PartialOptions,
  Policies,
  Policy,
} from "./api.ts";
import { checked as checkedPolicies } from "./checked.ts";
import { evaluateOptions, nanoseconds } from "./limits.ts";
import { partialDecision } from "./partial.ts";
import { problemsOf } from "./problems.ts";

/** 64 KiB each: as much memory as a decision may take. */
const maxPages = 16_384;

export function loaded(policies: Policies, options: CompileOptions): Compiled {
  const { modules, problems, checked } = checkedPolicies(policies, options);
  if (checked === undefined) return { policy: undefined, problems };
  const entrypoints = findEntrypoints(options.entrypoints ?? [], () => modules);
  const { module, diagnostics } = compile(checked, { entrypoints: entrypoints.map(entrypointName) });
  const all = [...problems, ...problemsOf(diagnostics, new Map(Object.entries(policies)))];
  return { policy: module === undefined ? undefined : new LoadedPolicy(checked, entrypoints, module), problems: all };
}

class LoadedPolicy implements Policy {
  readonly entrypoints: readonly string[];
  readonly #checked: Checked;
  readonly #instance: Instance;
  /** JSON text. */
  #data = "{}";

  constructor(checked: Checked, entrypoints: readonly string[], module: EmittedModule) {
    this.entrypoints = entrypoints;
    this.#checked = checked;
    this.#instance = createInstance(module, { now: () => nanoseconds(new Date()), maxPages });
  }

  setData(data: { readonly [name: string]: Json }): string | undefined {
    const json = JSON.stringify(data);
    const fault = this.#instance.setData(json);
    if (fault === undefined) this.#data = json;
    return fault?.message;
  }

  decide(entrypoint: string, input?: Json, options: DecideOptions = {}): Decision {
    const path = rulePath(entrypoint);
    if (!this.entrypoints.includes(path))
      return { kind: "error", code: "rw_entrypoint_error", message: `${path} is no entrypoint of the policy`, prints: [] };
    const text = input === undefined ? undefined : JSON.stringify(input);
    return decisionOf(this.#instance.evaluate(entrypointName(path), text, evaluateOptions(options)));
  }

  partial(query: string, options: PartialOptions = {}): PartialDecision {
    return partialDecision(this.#checked, { query, data: this.#data, maxPages }, options);
  }

  portable(): Uint8Array {
    const { module } = compile(this.#checked, { entrypoints: this.entrypoints.map(entrypointName), build: "portable" });
    return module!.bytes;
  }
}

function decisionOf(outcome: Outcome): Decision {
  const prints = outcome.prints.map(({ line, place }) => ({ text: line, ...placed(place) }));
  if (outcome.kind === "error") {
    const { code, message, place } = outcome.error;
    const at = place === undefined ? {} : { file: place.file, row: place.row, column: place.col };
    return { kind: "error", code, message, ...at, prints };
  }
  // One binding for a rule that is defined: `[{"result":…}]`.
  const json = /^\[\{"result":(.*)\}\]$/su.exec(outcome.text)?.[1];
  return json === undefined ? { kind: "undefined", prints } : { kind: "value", value: JSON.parse(json), json, prints };
}

function placed(place: SourcePlace | undefined): { readonly file?: string; readonly row?: number } {
  return place === undefined ? {} : { file: place.file, row: place.row };
}
