// An error of a policy as the editor shows it: of a text that cannot be read, what is to be mended and where, and not where reading ended.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { NotCompiled } from "#workspace/compilation.ts";
import type { Project } from "#workspace/project.ts";
import { faultLine } from "#workspace/stopping-faults.ts";
import { faultsOf } from "./index.ts";

export function shownFault(project: Project, fault: Diagnostic): Diagnostic {
  const file = project.find(fault.file);
  if (file?.kind !== "rego" || !project.parsed(file).diagnostics.includes(fault)) return fault;
  return faultsOf(project.parsed(file))[0] ?? fault;
}

/** Why policies cannot be evaluated, with the error that their author sees. */
export function shownProblem(project: Project, { problem, fault }: NotCompiled): string {
  const shown = fault === undefined ? undefined : shownFault(project, fault);
  if (shown === undefined || shown === fault) return problem;
  return `the policies have errors: ${faultLine(project, { ...shown, message: shown.message.split("\n", 1)[0]! })}`;
}
