// What is around a query: the policies, data and input that the flags name, loaded and checked. Errors in the order in which OPA finds them.
import { checkModules } from "#analysis/rego/check.ts";
import type { Checked } from "#analysis/rego/checked.ts";
import { schemaFault } from "#evaluation/builtins/json-schema/index.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { entrypointsOf, optimizationFault } from "../bundle-build/entrypoints.ts";
import { checkedBeside } from "../checked-sources.ts";
import type { Invocation } from "../command.ts";
import { type ErrorItem, errorItems, errorText } from "../errors.ts";
import { type CheckFlags, faultItems, loadNamed, loadOptions, type Sources } from "../load-flags.ts";
import type { LoadOptions, Timed } from "../load-parts.ts";
import { systemTime } from "../system-time.ts";
import { type World, worldOf } from "../world.ts";
import { instantOf } from "./flags.ts";
import { readQueryInput } from "./input.ts";
import { mostErrors } from "./parse.ts";

export interface Surroundings {
  readonly loading: LoadOptions;
  readonly sources: Sources;
  readonly checked: Checked;
  readonly input: string | undefined;
  readonly world: World;
  /** Nanoseconds; undefined is the clock's time. */
  readonly now: bigint | undefined;
}

export type Obstacle =
  | { readonly errors: readonly ErrorItem[] }
  /** Printed as it is, whatever the format. */
  | { readonly plain: string };

const bothBuiltinErrors =
  "cannot use --show-builtin-errors with --strict-builtin-errors, --strict-builtin-errors will return the first built-in error encountered immediately";

/** `sharedNames` is that of the check. */
export async function loadSurroundings(
  call: Invocation,
  text: string,
  flags: CheckFlags,
  timed: Timed,
  sharedNames: boolean,
): Promise<Surroundings | Obstacle> {
  const input = await readQueryInput(call);
  if ("fault" in input) return { plain: input.fault };
  if (call.has("strict-builtin-errors") && call.on("strict-builtin-errors") && call.on("show-builtin-errors"))
    return { plain: bothBuiltinErrors };
  const instant = instantOf(call);
  if (instant === undefined) return { plain: `--time: ${call.flag("time")} is no time like 2026-01-31T12:00:00Z` };
  if (text === "" && !isOptimised(call)) return { errors: [{ message: "cannot evaluate empty query" }] };
  const loading = loadOptions(call);
  const world = worldOf(call, [...call.all("data"), ...call.all("bundle")]);
  if ("fault" in world) return { plain: world.fault };
  const now = instant.now ?? world.clock;
  const sources = loadNamed(call, { ...loading, timed, rolesAt: () => now ?? systemTime() });
  const obstacle = isOptimised(call) ? optimisedFault(sources) : sourceFault(sources);
  if (obstacle !== undefined) return obstacle;
  if (optimises(call) && !annotatesEntrypoint(sources.modules))
    return { plain: "bundle optimizations require at least one entrypoint" };
  const checked = checkSources(call, sources, flags, timed, sharedNames);
  if (!checked.complete) {
    const errors = checkErrors(checked, sources.modules);
    return isOptimised(call) ? { plain: errorText(errors).trimEnd() } : { errors };
  }
  const undecided = isOptimised(call) ? optimizationFault(checked, entrypointsOf(call, checked)) : undefined;
  if (undecided !== undefined) return { plain: undecided };
  return { loading, sources, checked, input: input.json, world, now };
}

function sourceFault({ faults, bundleFault }: Sources): Obstacle | undefined {
  if (faults.length > 0) return { errors: faultItems(faults) };
  if (bundleFault === undefined) return undefined;
  const { message } = bundleFault;
  return { errors: [{ message: message.startsWith("bundle activation") ? message : `loading error: ${message}` }] };
}

/** What is optimised OPA makes a bundle of first, whose faults are told in one text. */
function optimisedFault({ faults, bundleFault }: Sources): Obstacle | undefined {
  if (faults.length > 0) return { plain: `load error: ${errorText(faultItems(faults), true).trimEnd()}` };
  if (bundleFault === undefined) return undefined;
  const { message } = bundleFault;
  return { plain: message.startsWith("bundle activation") ? message : `load error: ${message}` };
}

function checkSources(call: Invocation, sources: Sources, flags: CheckFlags, timed: Timed, sharedNames: boolean): Checked {
  const { modules } = sources;
  return timed(modules.length === 0 ? undefined : "timer_rego_module_compile_ns", () =>
    checkedBeside(sources, (documents) =>
      checkModules(modules, {
        strict: call.has("strict") && call.on("strict"),
        printing: true,
        sharedNames,
        maxErrors: mostErrors,
        builtins: flags.builtins,
        ...documents,
        annotations: true,
        ...(flags.schemas === undefined ? {} : { schemas: flags.schemas }),
        schemaFault,
      }),
    ),
  );
}

function checkErrors({ diagnostics }: Checked, modules: readonly ParsedModule[]): readonly ErrorItem[] {
  if (modules.length === 0) return [{ message: "compiler has errors", code: "eval_internal_error" }];
  return errorItems(diagnostics, modules);
}

/** True where OPA would optimise what is loaded, and no flag says for what. */
function optimises(call: Invocation): boolean {
  return isOptimised(call) && !call.given("entrypoint");
}

function isOptimised(call: Invocation): boolean {
  return call.has("optimize") && (call.number("optimize") ?? 0) > 0 && (call.given("data") || call.given("bundle"));
}

function annotatesEntrypoint(modules: readonly ParsedModule[]): boolean {
  return modules.some(({ module }) => module.comments.some((comment) => /^\s*entrypoint:\s*true\s*$/u.test(comment.text)));
}
