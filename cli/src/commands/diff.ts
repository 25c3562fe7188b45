// `rw diff`: how a project, or a version, differs from a published version: lines and decisions.
import { unifiedDiff } from "#grammars/text/line-diff.ts";
import { diffProject, versionTexts } from "#publishing/decision-diff.ts";
import { changeLine } from "#publishing/decisions.ts";
import { impactLines, impactMarkdown } from "#publishing/impact-text.ts";
import { projectFiles } from "#publishing/project-files.ts";
import { askImpact, isFelt } from "#publishing/publish-impact.ts";
import { painted } from "../painted-diff.ts";
import { expectChannel, expectNamed, expectReply, type RmsCall, rmsCommand } from "../rms-command.ts";
import { systemTime } from "../system-time.ts";

export const diff = rmsCommand({
  name: "diff",
  usage: "diff [channel|version] [channel|version] [flags]",
  summary: "Compare a project with what is published, line by line and decision by decision",
  details: `
One name compares the project with that channel or version, two compare these with each other; without one the channel of
rw.conf is taken. Decisions are compared for every sample, profile and entrypoint of the project.
With --people RMS decides the project's requests, too, for everybody whom it knows, by what a channel serves and by the project or the
version named second: who gains, who loses, and what logged decisions would be. Nothing is published for that.
With --fail the exit code is 1 when anything differs.

    $ rw diff prod
    $ rw diff prod --people --format markdown
    $ rw diff 1.4.1 1.4.2 --name-only
`,
  positionals: [0, 2],
  flags: [
    { name: "name-only", kind: "boolean", help: "name the files that differ instead of their lines" },
    { name: "people", kind: "boolean", help: "tell who gains and who loses by the policy alone" },
    {
      name: "entrypoint",
      kind: "string",
      placeholder: "package/rule",
      help: "of --people: the rule that decides; all entrypoints of the policy unless given",
    },
    {
      name: "subject",
      kind: "string",
      placeholder: "pointer",
      help: "of --people: where a request says who asks, such as /user/id; found unless given",
    },
    {
      name: "format",
      kind: "string",
      choices: ["pretty", "markdown"],
      help: "of --people: lines, or Markdown for reviewers",
      default: "pretty",
    },
    { name: "fail", kind: "boolean", help: "exit with 1 when anything differs" },
  ],
  run: async (target) => {
    const { call, client, domain, policy, project, print, fail } = target;
    const [left = project.config.rms.channel, right] = call.positionals;
    if (left === undefined) return fail("name a channel or a version, or rms.channel in rw.conf");
    if (call.on("people")) return peopleDiff(target, left, right);
    const published = { client, domain, policy };
    const versionOf = async (name: string): Promise<string> =>
      /^\d/.test(name) ? name : (await expectChannel(target, name)).version;
    const version = await versionOf(left);
    const before = expectNamed(target, `version ${version}`, await versionTexts(published, version));
    const other = right === undefined ? undefined : await versionOf(right);
    const after =
      other === undefined
        ? new Map(Object.entries(projectFiles(project)))
        : expectNamed(target, `version ${other}`, await versionTexts(published, other));
    const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
    const files = paths.flatMap((path) => {
      const [old, now] = [before.get(path), after.get(path)];
      if (old === now) return [];
      return [
        { path, change: old === undefined ? "added" : now === undefined ? "removed" : "changed", old: old ?? "", now: now ?? "" },
      ];
    });
    const decisions = other === undefined ? expectReply(await diffProject(project, published, version, systemTime())) : undefined;
    const shown = files.map(({ path, change, old, now }) =>
      call.on("name-only")
        ? `${change.padEnd(8)} ${path}\n`
        : unifiedDiff(path, old, now, call.io.terminal ? painted : undefined),
    );
    const lines = [
      ...shown,
      ...(decisions === undefined ? [] : [`${decisions.changes.length} of ${decisions.decided} decisions change\n`]),
      ...(decisions?.changes ?? []).map((change) => `    ${changeLine(change)}\n`),
    ];
    const title = `${domain}/${policy}@${version} → ${other ?? "the project"}: ${files.length === 1 ? "1 file differs" : `${files.length} files differ`}\n`;
    const value = {
      against: version,
      version: other,
      files: files.map(({ path, change }) => ({ path, change })),
      ...(decisions === undefined ? {} : { decisions: decisions.decided, changes: decisions.changes }),
    };
    print(value, title + lines.join(""));
    return call.on("fail") && (files.length > 0 || (decisions?.changes.length ?? 0) > 0) ? 1 : 0;
  },
});

/** What a channel serves beside the project, or a version, for the people whom RMS knows. */
async function peopleDiff(target: RmsCall, channel: string, version: string | undefined): Promise<number> {
  const { call, client, domain, policy, project, print, fail } = target;
  if (/^\d/.test(channel)) return fail("--people compares with what a channel serves: name the channel first");
  const named = version === undefined || /^\d/.test(version) ? version : (await expectChannel(target, version)).version;
  const wish = { channel, version: named, entrypoint: call.flag("entrypoint"), subject: call.flag("subject") };
  const what = named === undefined ? `channel ${channel}` : `channel ${channel}, or no version ${named}`;
  const impact = expectNamed(target, what, await askImpact(project, { client, domain, policy }, wish));
  const title = `${domain}/${policy}@${impact.against} → ${named ?? "the project"}, ${(impact.entrypoints ?? [impact.entrypoint]).join(", ")}`;
  const lines = call.flag("format") === "markdown" ? impactMarkdown(impact) : impactLines(impact);
  print(impact, `${[title, ...lines].join("\n")}\n`);
  return call.on("fail") && isFelt(impact) ? 1 : 0;
}
