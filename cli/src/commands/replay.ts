// `rw replay`: what a project decides today for the inputs of a decision log, beside what was decided then.
import { gunzipSync } from "node:zlib";
import { canonicalJson, toJson } from "#bundles/canonical-json.ts";
import { type LogFault, type LoggedDecision, readDecisionLog } from "#features/decision-log/events.ts";
import { outcomeText, type Replay, type Replayed, replaying } from "#features/decision-log/replay.ts";
import { sampleName, sampleOf } from "#features/decision-log/sample.ts";
import { entrypointName } from "#workspace/config.ts";
import type { Command, Invocation } from "../command.ts";
import { type Io, systemFault } from "../io.ts";
import { prettyJson } from "../json-text.ts";
import { join } from "../load-parts.ts";
import { configFault, openProject } from "../project.ts";

/** Bytes of a log that was packed. */
const largestLog = 512 * 1024 * 1024;
/** Sentences about events that cannot be decided again. */
const mostFaults = 10;
/** Decisions that are made before the next ones are read. */
const partSize = 5_000;
/** Milliseconds that one decision may take. */
const patience = 5_000;

export const replay: Command = {
  name: "replay",
  usage: "replay <log> [<log> [...]] [flags]",
  summary: "Decide the inputs of a decision log again, and tell what is decided otherwise",
  details: `
A log is what OPA sends or prints (JSON arrays, or one event a line; other lines are passed over), what RMS lists as decisions of a
domain, or either packed with gzip; - is standard input. Lines are decided as they are read; events or an array over several lines (as with
--log-format json-pretty) are read whole, up to 256 MB. Each decision is made again by the project, with the clock and the answers of
http.send and other builtins that the log holds (nd_builtin_cache), and the data of today; who has which role is
asked of the roles file of today, as it stands at the time of the decision.

    $ rw replay decisions.ndjson
    $ kubectl logs deploy/orders -c opa | rw replay - --project policies/orders --rule orders/allow
    $ rw replay decisions.json.gz --samples inputs/from-log --mask /input/user/email

A difference is unclear where the log does not hold all that a decision was made from: masked values of the input that the rule reads, answers of
builtins that vary. --samples writes each input that is decided otherwise into a folder, beside what was
decided then as what is expected; what the log hides, and what --mask names, is "***" there, in the decision too.

The exit code is 0 when everything is decided as it was or is unclear, and 1 when anything is decided otherwise or nothing can be decided.
`,
  flags: [
    { name: "project", kind: "string", placeholder: "folder", default: ".", help: "the project whose policies decide" },
    {
      name: "rule",
      kind: "list",
      placeholder: "path",
      help: "only decisions of these rules or packages (orders/allow, data.orders)",
    },
    { name: "limit", kind: "number", default: 20, help: "how many decisions that differ are shown (0: all)" },
    {
      name: "samples",
      kind: "string",
      placeholder: "folder",
      help: "write the inputs that are decided otherwise as sample inputs",
    },
    {
      name: "mask",
      kind: "strings",
      placeholder: "pointer",
      help: "with --samples: a place of the input that is written as ***",
    },
    { name: "format", short: "f", kind: "string", choices: ["pretty", "json"], default: "pretty", help: "output format" },
  ],
  run: async (call) => {
    const { io } = call;
    const fail = (message: string): number => {
      io.err(`error: ${message}\n`);
      return 1;
    };
    if (call.positionals.length === 0) return fail("name a decision log, or - for standard input");
    const missing = call.positionals.find((path) => path !== "-" && io.kind(path) !== "file");
    if (missing !== undefined) return fail(`${missing} is no file`);
    const opened = await openProject(call.flag("project") ?? ".", io);
    if ("fault" in opened) return fail(opened.fault);
    const fault = configFault(opened.project);
    if (fault !== undefined) return fail(fault);
    const decide = replaying(opened.project);
    const tally: Tally = { same: 0, different: [], faults: [] };
    for (const path of call.positionals) {
      const log = await readLog(call, path);
      const lead = path === "-" ? "" : `${path}: `;
      const problem = take(call, "fault" in log ? [log] : readDecisionLog(log), lead, decide, tally);
      if (problem !== undefined) return fail(problem);
    }
    const { same, different, faults } = tally;
    for (const one of faults.slice(0, mostFaults)) io.err(`warning: ${one}\n`);
    if (faults.length > mostFaults)
      io.err(`warning: and ${faults.length - mostFaults} more events that cannot be decided again\n`);
    if (same + different.length === 0)
      return fail("no decision to make again: no event of these logs has a decision_id and a path that is wanted");
    const folder = call.flag("samples");
    const written = folder === undefined ? [] : writeSamples(call, folder, different);
    io.out(
      call.flag("format") === "json"
        ? `${prettyJson(toJson(jsonOf(different, same)))}\n`
        : prettyOf(different, same, call.number("limit") ?? 20),
    );
    for (const path of written) io.err(`written ${path}\n`);
    return different.some(({ kind }) => kind === "changed") ? 1 : 0;
  },
};

interface Tally {
  same: number;
  /** All that is to be told: what is decided as it was is counted only. */
  readonly different: Replayed[];
  readonly faults: string[];
}

/** Decides what is wanted, part by part; why the project cannot be asked. `lead` names the log of a fault. */
function take(
  call: Invocation,
  entries: Iterable<LoggedDecision | LogFault>,
  lead: string,
  decide: Replay,
  tally: Tally,
): string | undefined {
  let part: LoggedDecision[] = [];
  const decidePart = (): string | undefined => {
    const decided = decide(part, () => {
      const end = performance.now() + patience;
      return { cancelled: () => performance.now() > end };
    });
    if ("problem" in decided) return decided.problem;
    const different = decided.filter(differs);
    tally.same += decided.length - different.length;
    tally.different.push(...different);
    part = [];
    return undefined;
  };
  for (const entry of entries) {
    if ("fault" in entry) tally.faults.push(`${lead}${entry.fault}`);
    else if (isWanted(call, entry)) part.push(entry);
    if (part.length < partSize) continue;
    const problem = decidePart();
    if (problem !== undefined) return problem;
  }
  return part.length === 0 ? undefined : decidePart();
}

/** The bytes of a file that is unpacked, or of standard input; why there are none. */
async function readLog({ io }: Invocation, path: string): Promise<Uint8Array | LogFault> {
  return path === "-" ? new TextEncoder().encode(await io.readStdin()) : readLogFile(path, io);
}

function readLogFile(path: string, io: Io): Uint8Array | LogFault {
  const why = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  let bytes: Uint8Array;
  try {
    bytes = io.readFile(path);
  } catch (error) {
    return { fault: `cannot be read: ${systemFault(error) ?? why(error)}` };
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: largestLog });
  } catch (error) {
    return { fault: `cannot be unpacked: ${why(error)}` };
  }
}

/** A rule stands for itself, a package for all below it. */
function isWanted(call: Invocation, { path }: LoggedDecision): boolean {
  const rules = call.all("rule").map((rule) => (rule.includes("/") ? rule : entrypointName(rule)));
  return rules.length === 0 || rules.some((rule) => rule === "" || path === rule || path.startsWith(`${rule}/`));
}

const differs = ({ kind }: Replayed): boolean => kind !== "same";

function prettyOf(different: readonly Replayed[], same: number, limit: number): string {
  const shown = limit > 0 ? different.slice(0, limit) : different;
  const lines = shown.map((one) => {
    const { logged, missing } = one;
    const input = logged.input === undefined ? "no input" : cut(canonicalJson(logged.input), 160);
    const why = missing.length === 0 ? "" : `    unclear: the log lacks ${missing.join(", ")}\n`;
    return `${logged.time}  ${logged.path}  ${changeOf(one)}\n    ${input}  (${logged.id})\n${why}`;
  });
  const more = different.length > shown.length ? `and ${different.length - shown.length} more (--limit 0 shows all)\n` : "";
  const count = (kind: Replayed["kind"]): number => different.filter((one) => one.kind === kind).length;
  const totals = `${same + different.length} decisions: ${same} as logged, ${count("changed")} otherwise, ${count("unclear")} unclear\n`;
  return `${lines.join("")}${more}${summaryOf(different)}${totals}`;
}

/** How often each change of each rule occurs, the most frequent first. */
function summaryOf(different: readonly Replayed[]): string {
  const groups = Map.groupBy(different, (one) => `  ${one.logged.path}  ${changeOf(one)}`);
  const rows = [...groups].map(([text, { length }]) => ({ text, length })).sort((a, b) => b.length - a.length);
  return rows.map(({ text, length }) => `${String(length).padStart(8)}${text}\n`).join("");
}

function changeOf({ logged, outcome }: Replayed): string {
  return `${cut(outcomeText(logged.outcome), 60)} → ${cut(outcomeText(outcome), 60)}`;
}

const cut = (text: string, room: number): string => (text.length > room ? `${text.slice(0, room - 1)}…` : text);

function jsonOf(different: readonly Replayed[], same: number): object {
  return {
    decisions: same + different.length,
    changes: different.map(({ logged, outcome, kind, missing }) => ({
      decision_id: logged.id,
      timestamp: logged.time,
      path: logged.path,
      kind,
      ...(logged.input === undefined ? {} : { input: logged.input }),
      logged: shownOutcome(logged.outcome),
      now: shownOutcome(outcome),
      ...(missing.length === 0 ? {} : { missing }),
    })),
  };
}

function shownOutcome(outcome: Replayed["outcome"]): object {
  switch (outcome.kind) {
    case "value":
      return { value: outcome.value };
    case "undefined":
      return { undefined: true };
    case "error":
      return { error: outcome.code || outcome.message };
  }
}

/** Each input that is decided otherwise once, with what was decided then; the paths that were written. */
function writeSamples({ io, all }: Invocation, folder: string, replayed: readonly Replayed[]): readonly string[] {
  const changed = replayed.filter(({ kind, logged }) => kind === "changed" && logged.input !== undefined);
  const distinct = Map.groupBy(changed, ({ logged }) => `${logged.path} ${canonicalJson(logged.input ?? null)}`);
  io.makeFolder(folder);
  const taken = new Set<string>();
  return [...distinct.values()].flatMap(([first]) => {
    const sample = sampleName(first!.logged, taken);
    taken.add(sample);
    const files = sampleOf(first!.logged, sample, all("mask"));
    return files.map(({ name, value }) => {
      const path = join(folder, name);
      io.writeFile(path, `${prettyJson(value)}\n`);
      return path;
    });
  });
}
