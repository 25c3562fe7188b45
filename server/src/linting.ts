// Lint after checking: in turns of its own, when nothing that somebody waits for is left to do, and given up for a newer text.
import { lintSteps } from "#features/rego/linting.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Session } from "./session.ts";
import { inTurns, turn } from "./turns.ts";

/** Lints each project that was checked, unless the settings say no. */
export function registerLinting(session: Session, scheduler: Scheduler): void {
  const { pace, workspace, ports } = session;
  const lint = async (root: string): Promise<void> => {
    const project = workspace.project(root);
    const start = ports.now();
    const isPresent = (): boolean => workspace.project(root) === project;
    const done = await inTurns(pace, lintSteps(project), turn, isPresent, "last");
    if (done !== undefined && isPresent()) scheduler.linted(root, done.result, ports.now() - start);
  };
  scheduler.onChecked((root) => {
    if (!session.settingsOf(root).lint.enable) return scheduler.addFindings("lint", root, []);
    lint(root).catch((error: unknown) => {
      ports.log(`linting ${root} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
  });
}
