// `rw diff`: how a project, or a version, differs from a published version: lines and decisions.
import { unifiedDiff } from "#grammars/text/line-diff.ts";
import { diffProject, versionTexts } from "#publishing/decision-diff.ts";
import { changeLine } from "#publishing/decisions.ts";
import { projectFiles } from "#publishing/publish.ts";
import { painted } from "../painted-diff.ts";
import { expectChannel, expectNamed, expectReply, rmsCommand } from "../rms-command.ts";
import { systemTime } from "../system-time.ts";

export const diff = rmsCommand({
  name: "diff",
  usage: "diff [channel|version] [channel|version] [flags]",
  summary: "Compare a project with what is published, line by line and decision by decision",
  details: `
One name compares the project with that channel or version, two compare these with each other; without one the channel of
rw.conf is taken. Decisions are compared for every sample, profile and entrypoint of the project.
With --fail the exit code is 1 when anything differs.

    $ rw diff prod
    $ rw diff 1.4.1 1.4.2 --name-only
`,
  positionals: [0, 2],
  flags: [
    { name: "name-only", kind: "boolean", help: "name the files that differ instead of their lines" },
    { name: "fail", kind: "boolean", help: "exit with 1 when anything differs" },
  ],
  run: async (target) => {
    const { call, client, domain, policy, project, print, fail } = target;
    const [left = project.config.rms.channel, right] = call.positionals;
    if (left === undefined) return fail("name a channel or a version, or rms.channel in rw.conf");
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
