// How far the check of one module got, and what it found.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { ModuleAnnotations } from "./annotations.ts";
import type { CheckedModule } from "./checked.ts";
import type { Reads, Shape } from "./module-interface.ts";
import type { RuleMemory } from "./rule-memory.ts";
import type { ModuleUnit } from "./rule-units.ts";
import { moduleStages } from "./stages/order.ts";

export interface Found {
  /** The stage that found it. */
  readonly at: number;
  readonly diagnostic: Diagnostic;
}

/** How far the check of one module got. */
export interface State {
  readonly parsed: ParsedModule;
  readonly package: string;
  readonly ruleNames: ReadonlySet<string>;
  readonly callsMetadata: boolean;
  unit: ModuleUnit;
  /** Groups of stages that ran. */
  groups: number;
  /** The stage that failed: no later one ran. */
  stoppedAt: number | undefined;
  found: Found[];
  hints: Found[];
  shape: Shape;
  /** What the module reads of others; undefined when a stage failed before that is known. */
  reads: Reads | undefined;
  annotations: ModuleAnnotations | undefined;
  restored: CheckedModule | undefined;
  /** The rules of the last version of the module whose checks came through. */
  memory: RuleMemory | undefined;
  /** True when the unit's names go on from an earlier version. */
  continued: boolean;
}

/** True when the next stages of a module are those of a group. */
export function awaits(state: State, group: number): boolean {
  return state.groups === group && !stoppedBefore(state, firstStage(group));
}

export function stoppedBefore({ stoppedAt }: State, at: number): boolean {
  return stoppedAt !== undefined && stoppedAt <= at;
}

export function firstStage(group: number): number {
  return moduleStages[group]?.[0]?.at ?? 0;
}
