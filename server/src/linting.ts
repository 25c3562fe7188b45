// Lint after checking: when the keys rest, in turns that come after everything that somebody waits for, and given up for a newer text.
import { lintSteps } from "#features/rego/linting.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Session } from "./session.ts";
import { inTurns, turn } from "./turns.ts";

/** So long nobody types before what is linted already is linted again. */
const rest = 120;

/** Lints each project that was checked, unless the settings say no. */
export function registerLinting(session: Session, scheduler: Scheduler): void {
  const { pace, workspace, ports } = session;
  /** What takes back the next look at a root. */
  const waiting = new Map<string, () => void>();
  const lint = async (root: string): Promise<void> => {
    const project = workspace.project(root);
    const start = ports.now();
    const isPresent = (): boolean => workspace.project(root) === project;
    const done = await inTurns(pace, lintSteps(project), turn, isPresent, "last");
    if (done !== undefined && isPresent()) scheduler.linted(root, done.result, ports.now() - start);
  };
  scheduler.onChecked((root) => {
    const isFirst = !waiting.has(root);
    waiting.get(root)?.();
    if (!session.settingsOf(root).lint.enable) return scheduler.addFindings("lint", root, new Map());
    const cancel = ports.later(isFirst ? 0 : rest, () => {
      lint(root).catch((error: unknown) => {
        ports.log(`linting ${root} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      });
    });
    waiting.set(root, cancel);
  });
}
