// `rw sources`: where RMS has its people from: settings, a look at what they would change, syncs and what became of them.
import type { KnownRun, SourceTest } from "#publishing/known-sources.ts";
import { resolve } from "#workspace/paths.ts";
import { readDocument } from "../documents.ts";
import { columns, expectReply, type RmsCall, rmsCommand } from "../rms-command.ts";

export const sources = rmsCommand({
  name: "sources",
  usage: "sources [list | put <id> <file> | test <id> [file] | sync <id> | runs <id> | remove <id>] [flags]",
  summary: "Show, set, test and sync the sources of people in RMS",
  details: `
A source reads people, groups and attributes from a file or a service, and keeps memberships as it says. Its settings are a HOCON, JSON or
YAML file; docs/rms.md has them all. \`test\` reads the source, as it is in RMS or as the file has it, and tells what a sync would do: it
writes nothing. A sync that finds suspiciously less than before is refused, and the old data stay; --force takes it with a reason, and where
the domain wants four eyes a second person must want the same. \`remove\` ends all that the source made.

    $ rw sources
    $ rw sources test hr hr.conf
    $ rw sources put hr hr.conf -m "people come from HR now"
    $ rw sources sync hr
    $ rw sources sync hr --force -m "the office in Rome closed"
    $ rw sources runs hr --limit 5
    $ rw sources remove hr --dry-run
`,
  positionals: [0, 3],
  flags: [
    { name: "message", short: "m", kind: "string", help: "why, for the audit log", default: "" },
    { name: "force", kind: "boolean", help: "take what comes, however much less it is" },
    { name: "dry-run", kind: "boolean", help: "of put and remove: show what would be, and change nothing" },
    { name: "limit", kind: "number", help: "of runs: so many of the newest", default: "20" },
  ],
  run: async (target) => {
    const [act = "list", id, file, ...more] = target.call.positionals;
    const taken = acts[act];
    const wanted = (taken?.words ?? 0) + (act === "test" && file !== undefined ? 1 : 0);
    const given = target.call.positionals.length - (target.call.positionals.length === 0 ? 0 : 1);
    if (taken === undefined || more.length > 0 || given !== wanted)
      return target.fail(`${act}${taken === undefined ? " is nothing to do with sources" : " is not used so"}: ${usage}`);
    return taken.run(target, id ?? "", file);
  },
});

const usage = "rw sources [list], put ID FILE, test ID [FILE], sync ID, runs ID, remove ID";

interface Act {
  /** Words behind it. */
  readonly words: number;
  run(target: RmsCall, id: string, file: string | undefined): Promise<number>;
}

const acts: Readonly<Record<string, Act>> = {
  list: { words: 0, run: list },
  put: { words: 2, run: put },
  test: { words: 1, run: test },
  sync: { words: 1, run: sync },
  runs: { words: 1, run: runs },
  remove: { words: 1, run: remove },
};

async function list({ client, domain, print }: RmsCall): Promise<number> {
  const { items } = expectReply(await client.sources(domain));
  const rows = items.map(({ id, settings, lastRun, asOf, freshUntil }) => [
    id,
    settings.kind,
    settings.file ?? settings.url ?? "",
    settings.cron ?? (settings.every === undefined ? "by hand" : `every ${settings.every} s`),
    lastRun?.result ?? "never synced",
    asOf ?? "",
    freshUntil ?? "",
  ]);
  const table = columns([["ID", "KIND", "READS", "SYNCS", "LAST", "AS OF", "FRESH UNTIL"], ...rows]);
  const why = items.flatMap(({ id, lastRun }) =>
    lastRun?.message === undefined ? [] : [`${id} ${lastRun.result}: ${lastRun.message}\n`],
  );
  return print(items, rows.length === 0 ? `${domain} has no sources\n` : `${table}${why.join("")}`);
}

async function put(target: RmsCall, id: string, file: string | undefined): Promise<number> {
  const { call, client, domain, print, fail } = target;
  const read = settingsOf(target, file ?? "");
  if ("fault" in read) return fail(read.fault);
  const body = { ...read.settings, reason: call.flag("message") ?? "" };
  const value = named(target, id, await client.putSource(domain, id, body, call.on("dry-run")));
  const what = `${value.settings.kind}, ${value.settings.file ?? value.settings.url ?? ""}`;
  const next = call.on("dry-run") ? "nothing was changed" : `\`rw sources test ${id}\` tells what a sync would do`;
  return print(value, `${id} reads ${what}; ${next}\n`);
}

async function test(target: RmsCall, id: string, file: string | undefined): Promise<number> {
  const { client, domain, print, fail } = target;
  const read = file === undefined ? undefined : settingsOf(target, file);
  if (read !== undefined && "fault" in read) return fail(read.fault);
  const value = named(target, id, await client.testSource(domain, id, read?.settings));
  print(value, testText(value));
  return value.refused === undefined ? 0 : 1;
}

async function sync(target: RmsCall, id: string): Promise<number> {
  const { call, client, domain, print, fail } = target;
  const force = call.on("force");
  const reason = call.flag("message") ?? "";
  if (force && reason === "") return fail("a forced sync needs a reason: -m WHY");
  const before = named(target, id, await client.source(domain, id)).lastRun?.run ?? 0;
  const { run } = named(target, id, await client.syncSource(domain, id, { force, reason }));
  const done = run ?? (await laterRun(target, id, before));
  print(done, runText(id, done));
  return done.result === "changed" || done.result === "unchanged" ? 0 : 1;
}

/** Milliseconds between two looks for the end of a sync that takes longer than a call. */
const pause = 1000;

async function laterRun(target: RmsCall, id: string, before: number): Promise<KnownRun> {
  for (;;) {
    await new Promise((turn) => setTimeout(turn, pause));
    const { lastRun } = named(target, id, await target.client.source(target.domain, id));
    if (lastRun !== undefined && lastRun.run > before) return lastRun;
  }
}

async function runs(target: RmsCall, id: string): Promise<number> {
  const { call, client, domain, print } = target;
  const { items } = named(target, id, await client.sourceRuns(domain, id, call.number("limit") ?? 20));
  const rows = items.map((run) => [
    String(run.run),
    run.at,
    run.result,
    run.actor,
    run.message ?? told(run.counts ?? {}),
    run.reason,
  ]);
  const table = columns([["RUN", "AT", "RESULT", "BY", "WHAT", "WHY"], ...rows]);
  return print(items, rows.length === 0 ? `${id} was never synced\n` : table);
}

async function remove(target: RmsCall, id: string): Promise<number> {
  const { call, client, domain, print } = target;
  const dry = call.on("dry-run");
  const value = named(target, id, await client.deleteSource(domain, id, call.flag("message") ?? "", dry));
  const memberships = value?.diff?.before.memberships ?? 0;
  return print(
    value ?? {},
    dry ? `${memberships} memberships would end with ${id}; nothing was changed\n` : `${id} is removed\n`,
  );
}

/** A good answer; where there is no such source, the command ends by its name. */
function named<T>({ domain }: RmsCall, id: string, reply: Parameters<typeof expectReply<T>>[0]): T {
  if (reply.ok || reply.failure.status !== 404) return expectReply(reply);
  return expectReply({
    ok: false,
    failure: { ...reply.failure, message: `${domain} has no source ${id}, or the token may not see it` },
  });
}

function settingsOf({ call }: RmsCall, file: string): { readonly settings: object } | { readonly fault: string } {
  const { io } = call;
  const read = readDocument(resolve(io.cwd, file), io);
  if ("fault" in read) return read;
  const settings: unknown = JSON.parse(read.json);
  if (typeof settings !== "object" || settings === null || Array.isArray(settings)) return { fault: `${file} holds no object` };
  return { settings };
}

/** What of the counts is not nothing. */
function told(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}

function runText(id: string, { run, result, message, counts = {}, drops = [], missingRoles = [] }: KnownRun): string {
  const what = message ?? told(counts);
  return `${id}: ${result}${what === "" ? "" : `: ${what}`} (run ${run})\n${dropsText(drops)}${missingText(missingRoles)}`;
}

const dropsText = (drops: NonNullable<KnownRun["drops"]>): string =>
  drops.map(({ what, before, after }) => `  ${what}: ${before} → ${after}\n`).join("");

const missingText = (roles: readonly string[]): string =>
  roles.length === 0
    ? ""
    : `  not there, though rules name them: the roles ${roles.join(", ")}; \`rw roles apply\` makes them, and the next sync gives them\n`;

function testText({ counts, drops, missingRoles, refused, rows, members }: SourceTest): string {
  const people = columns([
    ["SUBJECT", "STATUS", "MANAGER", "GROUPS", "ATTRIBUTES"],
    ...rows.map(({ subject, status, manager = "", groups, attributes }) => [
      subject,
      status,
      manager,
      groups.join(", "),
      Object.entries(attributes)
        .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
        .join(", "),
    ]),
  ]);
  const sign = { begins: "+", ends: "-", "ends later": "~" };
  const changes = members
    .map(({ role, subject, change, reason }) => `${sign[change]} ${subject} in ${role}: ${reason}\n`)
    .join("");
  const verdict = refused === undefined ? "nothing was changed" : `a sync would be refused: ${refused}`;
  return `${people}${changes}${told(counts)}\n${dropsText(drops)}${missingText(missingRoles)}${verdict}\n`;
}
