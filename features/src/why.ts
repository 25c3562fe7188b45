// Why a rule is what it is, for one input: the policies as they are evaluated for that, and the tree of what was heard.

import type { Checked } from "#analysis/rego/checked.ts";
import { type CompileRequest, compileSteps } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { CourseListener, courseRequest } from "#evaluation/course.ts";
import { type ExplainedEvent, explain } from "#evaluation/explanation.ts";
import { Explained } from "#evaluation/explanation-text.ts";
import type { HeardMark, LookedAt } from "#evaluation/heard-marks.ts";
import { withTestValues } from "#evaluation/test-values.ts";
import type { Steps } from "#grammars/text/steps.ts";
import { entrypointName } from "#workspace/config.ts";
import type { Project } from "#workspace/project.ts";
import { type Member, memberOf, withMember } from "./why-member.ts";
import { enteredRules, type WhyNode, WhyTree } from "./why-tree.ts";

/** A module whose evaluation is heard. Who evaluates needs no trees. */
export interface HeardModule {
  readonly module: EmittedModule;
  readonly lookedAt: LookedAt;
}

export interface TracedRule {
  /** Every clause is tried, also where the rule index, or a clause before it, would leave it out. */
  readonly all: HeardModule;
  /** The rule index leaves out what it leaves out. */
  readonly indexed: HeardModule;
  /** The member that is asked about. */
  readonly member: Member | undefined;
  /** The tree, from the marks of an evaluation of each; `value` is what the rule is. */
  why(all: readonly HeardMark[], indexed: readonly HeardMark[], value: string): readonly WhyNode[];
}

/** The modules in which a rule tells its course, for one member if that is asked about; a problem where it cannot be evaluated. */
export function* tracedRule(project: Project, path: string, asked?: string): Steps<TracedRule | { readonly problem: string }> {
  const entrypoints = [entrypointName(path)];
  const needed = yield* project.compilation.checkedSteps(entrypoints);
  if ("problem" in needed) return needed;
  const member = asked === undefined ? undefined : memberOf(project, path, asked);
  const told = withTestValues(needed, (rule) => !rule.default);
  const checked = member === undefined ? told : withMember(project, path, told, member);
  const all = yield* heard(checked, { entrypoints, indexing: "never" });
  // What is told apart for the values is not what the index sees.
  const indexed = yield* heard(needed, { entrypoints });
  if (all === undefined || indexed === undefined) return { problem: "the policies cannot be compiled" };
  const why: TracedRule["why"] = (marks, fewer, value) => {
    const entered = enteredRules(indexed.explained, indexed.events(fewer));
    return new WhyTree(project, checked, all.explained, all.events(marks), entered).of(path, value, member);
  };
  return { all, indexed, member, why };
}

interface Told extends HeardModule {
  readonly explained: Explained;
  events(heard: readonly HeardMark[]): readonly ExplainedEvent[];
}

function* heard(checked: Checked, request: CompileRequest): Steps<Told | undefined> {
  const { module } = yield* compileSteps(checked, { ...request, ...courseRequest, earlyExit: false });
  if (module === undefined) return undefined;
  const course = new CourseListener(module);
  const events = (marks: readonly HeardMark[]): readonly ExplainedEvent[] => {
    course.reset();
    course.replay(marks);
    return explain(course.reached, "full");
  };
  const lookedAt = module.marks.map(({ names }) => names.length);
  return { module: { ...module, marks: [] }, lookedAt, explained: new Explained(checked, module.files), events };
}
