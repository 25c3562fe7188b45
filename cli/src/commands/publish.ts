// `rw publish`: check, test, compare, publish to RMS, move a channel, say what the sidecars run.
import { rolesUnknownTo } from "#publishing/project-roles.ts";
import { type PublishOutcome, publishProject, type Step } from "#publishing/publish.ts";
import { isVersion } from "#publishing/version-order.ts";
import { numberText } from "#publishing/version-proposal.ts";
import type { Command } from "../command.ts";
import { configWarnings } from "../config-warnings.ts";
import { openProject } from "../project.ts";
import { rmsFlags, rmsTarget } from "../rms-target.ts";
import { systemTime } from "../system-time.ts";

const marks: Readonly<Record<Step["state"], string>> = { waiting: "○", running: "…", ok: "✓", failed: "✗", skipped: "–" };

export const publish: Command = {
  name: "publish",
  usage: "publish [folder] [flags]",
  summary: "Check, test, compare and publish a project to RMS",
  details: `
The project is checked and tested: its test_ rules, and what NAME.expected.json expects of each sample, must hold. Its decisions are
compared with those of the channel, RMS tells who of the people that it knows gains and who loses (as \`rw diff --people\` does), and its
policies and data become a version, which never changes afterwards. The channel (--channel, else rms.channel of rw.conf, as in the editor)
moves to it, and the sidecars that have reported are counted. --no-channel only stores the version.

    $ rw publish --dry-run
    $ rw publish --channel dev -m "returns up to 30 days"
    $ rw publish --version 2.0.0 --no-channel --format json

The exit code is 0 when the version is published (or with --dry-run could be), and 1 when a step failed: then nothing is half published.
`,
  flags: [
    ...rmsFlags,
    {
      name: "channel",
      kind: "string",
      placeholder: "id",
      help: "move this channel to the version afterwards (rw.conf rms.channel)",
    },
    { name: "no-channel", kind: "boolean", help: "store the version and move no channel" },
    { name: "version", kind: "string", placeholder: "semver", help: "version number (default: the next one, by what changes)" },
    { name: "message", short: "m", kind: "string", help: "what changed and why", default: "" },
    { name: "create", kind: "boolean", help: "create the domain and the policy where they are missing" },
    {
      name: "dry-run",
      kind: "boolean",
      help: "publish nothing: which decisions change, who gains and loses, and what RMS would say to it",
    },
    { name: "format", short: "f", kind: "string", choices: ["pretty", "json"], default: "pretty", help: "output format" },
  ],
  run: async (call) => {
    const { io } = call;
    const fail = (message: string): number => {
      io.err(`error: ${message}\n`);
      return 1;
    };
    if (call.positionals.length > 1) return fail("name one folder");
    if (call.on("no-channel") && call.flag("channel") !== undefined) return fail("give either --channel or --no-channel");
    const version = call.flag("version");
    if (version !== undefined && !isVersion(version))
      return fail(`${JSON.stringify(version)} is no version: it must be like 1.4.2 or 2.0.0-rc.1`);
    const opened = await openProject(call.positionals[0] ?? ".", io);
    if ("fault" in opened) return fail(opened.fault);
    const cancel = new AbortController();
    process.once("SIGINT", () => cancel.abort());
    // What was begun at RMS is seen through.
    let begun = false;
    const target = rmsTarget(call, opened.project, () => (begun ? undefined : cancel.signal));
    if ("fault" in target) return fail(target.fault);
    for (const told of configWarnings(opened.project)) io.err(`warning: ${told}\n`);
    const shown = new Map<string, string>();
    const pretty = call.flag("format") === "pretty";
    const outcome = await publishProject(opened.project, {
      ...target,
      channel: call.on("no-channel") ? undefined : (call.flag("channel") ?? opened.project.config.rms.channel),
      version,
      message: call.flag("message") ?? "",
      create: call.on("create"),
      ...(call.on("dry-run") ? { ask: "always" as const } : { accepted: "always" }),
      now: systemTime(),
      clock: () => performance.now(),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      signal: cancel.signal,
      onProgress: (steps) => {
        begun = steps.some(({ name, state }) => name === "channel" && state !== "waiting");
        if (!pretty) return;
        for (const step of steps) {
          if (step.state === "waiting" || step.state === "running" || shown.get(step.name) === step.state) continue;
          shown.set(step.name, step.state);
          io.out(stepText(step));
        }
      },
    });
    if (!pretty) io.out(`${JSON.stringify(outcome, undefined, 2)}\n`);
    if (outcome.outcome === "failed") return fail(outcome.problem ?? "the publish failed");
    if (outcome.outcome === "confirm") {
      if (pretty) io.out(`${aheadText(outcome, version)}nothing was published\n`);
      return 0;
    }
    if (pretty)
      io.out(
        `published ${target.domain}/${target.policy}@${outcome.version ?? ""}${outcome.revision === undefined ? "" : `, revision ${outcome.revision}`}\n`,
      );
    const unknown = pretty ? await rolesUnknownTo(target.client, target.domain, opened.project) : undefined;
    if (unknown !== undefined)
      io.err(`note: RMS has none of the roles of ${unknown}, so nobody holds one there: \`rw roles apply\` puts them there\n`);
    return 0;
  },
};

/** The number that the version would get, and what RMS said it would make of it. */
function aheadText({ steps, proposed }: PublishOutcome, given: string | undefined): string {
  const step = steps.find(({ name }) => name === "publish");
  if (step?.state !== "waiting") return "";
  const number = proposed === undefined ? given : numberText(given ?? proposed.version, proposed);
  const summary = [...(number === undefined ? [] : [number]), ...(step.summary === "" ? [] : [step.summary])].join("; ");
  return summary === "" ? "" : stepText({ ...step, summary });
}

function stepText({ name, state, summary, ms, detail }: Step): string {
  const time = ms === undefined ? "" : ` (${(ms / 1000).toFixed(1)} s)`;
  const more = detail ? `${detail.replace(/^/gm, "    ")}\n` : "";
  return `${marks[state]} ${name.padEnd(10)} ${summary}${time}\n${more}`;
}
