// Decision logs: what is in one beside what the project decides now, and sample inputs made of it.
import { canonicalJson } from "#bundles/canonical-json.ts";
import { indentedJson } from "#features/bundle/indented.ts";
import { type LoggedDecision, readDecisionLog } from "#features/decision-log/events.ts";
import { outcomeText, type Replayed, replaying } from "#features/decision-log/replay.ts";
import { sampleName, sampleOf } from "#features/decision-log/sample.ts";
import * as logs from "#protocol/decision-log.ts";
import { resolve } from "#workspace/paths.ts";
import { maxFileBytes } from "#workspace/source-file.ts";
import { inflated, isPacked } from "../inflated.ts";
import type { Session } from "../session.ts";
import { turn } from "../turns.ts";

/** Decisions of a log that are shown: the last ones. */
const mostEvents = 1000;
const mostFaults = 20;
/** Milliseconds that one decision may take, and all of them. */
const patience = 500;
const allPatience = 15_000;
/** Letters of a value in a row. */
const shown = 200;

interface ReadLog {
  readonly events: readonly LoggedDecision[];
  readonly all: number;
  readonly faults: readonly string[];
}

export function registerDecisionLogs(session: Session): void {
  const { connection, uris } = session;

  const read = async (uri: string): Promise<ReadLog | { readonly problem: string }> => {
    const bytes = await session.host.readFile(uris.path(uri));
    if (bytes === undefined) return { problem: "the log is not there, or cannot be read" };
    if (bytes.length > maxFileBytes)
      return { problem: `the log is larger than ${maxFileBytes / 1024 / 1024} MB: \`rw replay\` reads it` };
    const log = isPacked(bytes) ? await inflated(bytes) : bytes;
    return log instanceof Uint8Array ? lastEvents(session, log) : log;
  };

  connection.onRequest(logs.decisionLog, async ({ uri, log }: logs.DecisionLogParams): Promise<logs.DecisionLogResult> => {
    if (!session.settings.trusted) return { problem: "reading a decision log needs a trusted workspace" };
    const found = await read(log);
    if ("problem" in found) return found;
    const { events, all, faults } = found;
    if (all === 0) return { problem: faults[0] ?? "the log holds no decision: events have a decision_id and a path" };
    const decide = replaying(await session.projectOf(uris.path(uri)));
    const replayed: Replayed[] = [];
    const start = session.ports.now();
    for (let at = 0; at < events.length && session.ports.now() - start < allPatience; ) {
      const begun = session.ports.now();
      for (; at < events.length && session.ports.now() - begun < turn; at++) {
        const end = session.ports.now() + patience;
        const decided = decide(events.slice(at, at + 1), () => ({ cancelled: () => session.ports.now() > end }));
        if ("problem" in decided) return { problem: decided.problem };
        replayed.push(...decided);
      }
      await session.pace.next();
    }
    const order: readonly Replayed["kind"][] = ["changed", "unclear", "same"];
    return { events: order.flatMap((kind) => replayed.filter((one) => one.kind === kind).map(eventOf)), all, faults };
  });

  connection.onRequest(
    logs.logSamples,
    async ({ uri, log, ids, masks }: logs.LogSamplesParams): Promise<logs.LogSamplesResult> => {
      if (!session.settings.trusted) return { problem: "writing sample inputs needs a trusted workspace" };
      const wrong = masks.find((mask) => !mask.startsWith("/input/"));
      if (wrong !== undefined) return { problem: `${wrong} is no place of the input: write /input/user/email` };
      const found = await read(log);
      if ("problem" in found) return found;
      const project = await session.projectOf(uris.path(uri));
      const taken = new Set(project.inputs.samples.map(({ name }) => name.replace(/\.\w+$/u, "")));
      const wanted = new Set(ids);
      const files = found.events
        .filter(({ id, input }) => wanted.has(id) && input !== undefined)
        .flatMap((event) => {
          const sample = sampleName(event, taken);
          taken.add(sample);
          return sampleOf(event, sample, masks).map(({ name, value }) => ({
            uri: uris.uri(resolve(project.root, `inputs/${name}`)),
            text: indentedJson(value),
          }));
        });
      return files.length === 0 ? { problem: "none of these decisions has an input" } : { files };
    },
  );
}

/** The last decisions of a log, read in turns with other work. */
async function lastEvents(session: Session, log: Uint8Array): Promise<ReadLog> {
  const events: LoggedDecision[] = [];
  const faults: string[] = [];
  let all = 0;
  let begun = session.ports.now();
  for (const entry of readDecisionLog(log)) {
    if ("fault" in entry) {
      if (faults.length < mostFaults) faults.push(entry.fault);
    } else {
      all += 1;
      events.push(entry);
      if (events.length > 2 * mostEvents) events.splice(0, mostEvents);
    }
    if (session.ports.now() - begun < turn) continue;
    await session.pace.next();
    begun = session.ports.now();
  }
  return { events: events.slice(-mostEvents), all, faults };
}

function eventOf({ logged, outcome, kind }: Replayed): logs.LoggedEvent {
  return {
    id: logged.id,
    time: logged.time,
    path: logged.path,
    input: logged.input === undefined ? "" : cut(canonicalJson(logged.input)),
    logged: cut(outcomeText(logged.outcome)),
    now: cut(outcomeText(outcome)),
    kind,
  };
}

function cut(text: string): string {
  return text.length > shown ? `${text.slice(0, shown)}…` : text;
}
