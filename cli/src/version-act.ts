// What `rw approve`, `rw reject` and `rw withdraw` share: one act on one version, with its reason.
import type { KnownVersion, VersionAct } from "#publishing/rms-client.ts";
import type { Command } from "./command.ts";
import { expectNamed, rmsCommand } from "./rms-command.ts";

export function versionAct(made: {
  readonly act: VersionAct;
  readonly summary: string;
  readonly details: string;
  /** What is so now. */
  said(version: KnownVersion): string;
}): Command {
  const { act, summary, details, said } = made;
  return rmsCommand({
    name: act,
    usage: `${act} <version> [flags]`,
    summary,
    details,
    positionals: [1, 1],
    flags: [{ name: "message", short: "m", kind: "string", help: "why, for the audit log", default: "" }],
    run: async (target) => {
      const { call, client, domain, policy, print } = target;
      const [version = ""] = call.positionals;
      const reply = await client.actOnVersion(domain, policy, version, act, call.flag("message") ?? "");
      const value = expectNamed(target, `version ${version}`, reply);
      return print(value, `${domain}/${policy}@${version} ${said(value)}\n`);
    },
  });
}
