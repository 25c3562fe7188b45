// Lint after checking: when the keys rest, in turns that come after everything that somebody waits for, and given up for a newer text.
import { decisionQuestionsOf, decisionSteps, lintSteps } from "#features/rego/linting.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { EvaluatedLinting } from "./evaluated-linting.ts";
import type { Inputs } from "./inputs.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Session } from "./session.ts";

/** So long nobody types before what is linted already is linted again. */
const rest = 120;

/** Lints each project that was checked, unless the settings say no. */
export function registerLinting(session: Session, scheduler: Scheduler, inputs: Inputs): void {
  const { ports, workspace } = session;
  const evaluated = new EvaluatedLinting(session);
  /** What takes back the next look at a root. */
  const waiting = new Map<string, () => void>();
  const lint = async (root: string): Promise<void> => {
    const project = workspace.project(root);
    const start = ports.now();
    const found = await evaluated.done(project, lintSteps(project));
    if (found === undefined) return;
    scheduler.linted(root, found, ports.now() - start);
    const questions = decisionQuestionsOf(project, inputs.profileOf(root));
    const ofProject = await evaluated.customFindings(project);
    const aboutDecisions =
      questions === undefined
        ? none
        : await evaluated.done(project, decisionSteps(project, await evaluated.decided(project, questions)));
    if (ofProject === undefined || aboutDecisions === undefined) return;
    scheduler.linted(root, joined(ofProject, aboutDecisions), ports.now() - start, "evaluatedRules");
  };
  const lintLater = (root: string): void => {
    const isFirst = !waiting.has(root);
    waiting.get(root)?.();
    if (!session.settingsOf(root).lint.enable) {
      scheduler.addFindings("evaluatedRules", root, none);
      scheduler.addFindings("lint", root, none);
      return;
    }
    const cancel = ports.later(isFirst ? 0 : rest, () => {
      lint(root).catch((error: unknown) => {
        ports.log(`linting ${root} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      });
    });
    waiting.set(root, cancel);
  };
  scheduler.onEdited((root) => evaluated.edited(root));
  scheduler.onChecked((root) => {
    lintLater(root);
    // What rules say of other roots is another thing now.
    for (const other of [...waiting.keys()]) if (evaluated.rulesRootOf(other) === root) lintLater(other);
  });
}

type ByFile = ReadonlyMap<string, readonly Diagnostic[]>;

const none: ByFile = new Map();

function joined(a: ByFile, b: ByFile): ByFile {
  const all = new Map(a);
  for (const [path, found] of b) all.set(path, [...(all.get(path) ?? []), ...found]);
  return all;
}
