// `rw replay`: what a project decides today for the inputs of a decision log, beside what was decided then.
import { gunzipSync } from "node:zlib";
import { canonicalJson, toJson } from "#bundles/canonical-json.ts";
import { type DecisionLog, type LoggedDecision, readDecisionLog } from "#features/decision-log/events.ts";
import { outcomeText, type Replayed, replaying } from "#features/decision-log/replay.ts";
import { sampleName, sampleOf } from "#features/decision-log/sample.ts";
import { entrypointName } from "#workspace/config.ts";
import type { Command, Invocation } from "../command.ts";
import { prettyJson } from "../json-text.ts";
import { join } from "../load-parts.ts";
import { configFault, openProject } from "../project.ts";

/** Bytes of a log that was packed. */
const largestLog = 512 * 1024 * 1024;
/** Sentences about events that cannot be decided again. */
const mostFaults = 10;
/** Milliseconds that one decision may take. */
const patience = 5_000;

export const replay: Command = {
  name: "replay",
  usage: "replay <log> [<log> [...]] [flags]",
  summary: "Decide the inputs of a decision log again, and tell what is decided otherwise",
  details: `
A log is what OPA sends or prints (JSON arrays, or one event a line; other lines are passed over), what RMS lists as decisions of a
domain, or either packed with gzip; - is standard input. Each decision is made again by the project, with the clock and the
answers of http.send and other builtins that the log holds (nd_builtin_cache), and the data of today.

    $ rw replay decisions.ndjson
    $ kubectl logs deploy/orders -c opa | rw replay - --project policies/orders --rule orders/allow
    $ rw replay decisions.json.gz --samples inputs/from-log --mask /input/user/email

A difference is unclear where the log does not hold all that a decision was made from: masked values of the input that the rule reads, answers of
builtins that vary. --samples writes each input that is decided otherwise into a folder, beside what was
decided then as what is expected; what the log hides, and what --mask names, is "***" there.

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
    const logs = await Promise.all(call.positionals.map((path) => readLog(call, path)));
    const faults = logs.flatMap((log) => log.faults);
    for (const one of faults.slice(0, mostFaults)) io.err(`warning: ${one}\n`);
    if (faults.length > mostFaults)
      io.err(`warning: and ${faults.length - mostFaults} more events that cannot be decided again\n`);
    const decisions = logs.flatMap((log) => log.decisions).filter((one) => isWanted(call, one));
    if (decisions.length === 0)
      return fail("no decision to make again: no event of these logs has a decision_id and a path that is wanted");
    const decide = replaying(
      opened.project,
      decisions.map(({ path }) => path),
    );
    if ("problem" in decide) return fail(decide.problem);
    const replayed = decisions.map((one) => {
      const end = performance.now() + patience;
      return decide(one, { cancelled: () => performance.now() > end });
    });
    const folder = call.flag("samples");
    const written = folder === undefined ? [] : writeSamples(call, folder, replayed);
    io.out(
      call.flag("format") === "json"
        ? `${prettyJson(toJson(jsonOf(replayed)))}\n`
        : prettyOf(replayed, call.number("limit") ?? 20),
    );
    for (const path of written) io.err(`written ${path}\n`);
    return replayed.some(({ kind }) => kind === "changed") ? 1 : 0;
  },
};

async function readLog({ io }: Invocation, path: string): Promise<DecisionLog> {
  if (path === "-") return readDecisionLog(await io.readStdin());
  const bytes = io.readFile(path);
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    const { decisions, faults } = readDecisionLog(
      new TextDecoder().decode(isPacked ? gunzipSync(bytes, { maxOutputLength: largestLog }) : bytes),
    );
    return { decisions, faults: faults.map((one) => `${path}: ${one}`) };
  } catch (error) {
    if (!isPacked) throw error;
    return { decisions: [], faults: [`${path}: cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

/** A rule stands for itself, a package for all below it. */
function isWanted(call: Invocation, { path }: LoggedDecision): boolean {
  const rules = call.all("rule").map((rule) => (rule.includes("/") ? rule : entrypointName(rule)));
  return rules.length === 0 || rules.some((rule) => rule === "" || path === rule || path.startsWith(`${rule}/`));
}

const differs = ({ kind }: Replayed): boolean => kind !== "same";

function prettyOf(replayed: readonly Replayed[], limit: number): string {
  const different = replayed.filter(differs);
  const shown = limit > 0 ? different.slice(0, limit) : different;
  const lines = shown.map((one) => {
    const { logged, missing } = one;
    const input = logged.input === undefined ? "no input" : cut(canonicalJson(logged.input), 160);
    const why = missing.length === 0 ? "" : `    unclear: the log lacks ${missing.join(", ")}\n`;
    return `${logged.time}  ${logged.path}  ${changeOf(one)}\n    ${input}  (${logged.id})\n${why}`;
  });
  const more = different.length > shown.length ? `and ${different.length - shown.length} more (--limit 0 shows all)\n` : "";
  const count = (kind: Replayed["kind"]): number => replayed.filter((one) => one.kind === kind).length;
  const totals = `${replayed.length} decisions: ${count("same")} as logged, ${count("changed")} otherwise, ${count("unclear")} unclear\n`;
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

function jsonOf(replayed: readonly Replayed[]): object {
  return {
    decisions: replayed.length,
    changes: replayed.filter(differs).map(({ logged, outcome, kind, missing }) => ({
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
