// What `rw approve`, `rw reject` and `rw withdraw` share: one act on one version, with its reason.
import type { KnownVersion, VersionAct } from "#publishing/rms-client.ts";
import type { Command, Flag } from "./command.ts";
import { expectNamed, type RmsCall, rmsCommand } from "./rms-command.ts";

export function versionAct(made: {
  readonly act: VersionAct;
  readonly summary: string;
  readonly details: string;
  readonly flags?: readonly Flag[];
  /** What is to be seen before the act, and what of it goes with it; undefined ends the command. */
  readonly before?: (target: RmsCall, version: string) => Promise<{ readonly impact?: string } | undefined>;
  /** What is so now. */
  said(version: KnownVersion): string;
}): Command {
  const { act, summary, details, said, flags = [], before } = made;
  return rmsCommand({
    name: act,
    usage: `${act} <version> [flags]`,
    summary,
    details,
    positionals: [1, 1],
    flags: [{ name: "message", short: "m", kind: "string", help: "why, for the audit log", default: "" }, ...flags],
    run: async (target) => {
      const { call, client, domain, policy, print } = target;
      const [version = ""] = call.positionals;
      const seen = before === undefined ? {} : await before(target, version);
      if (seen === undefined) return 0;
      const reply = await client.actOnVersion(domain, policy, version, act, { reason: call.flag("message") ?? "", ...seen });
      const value = expectNamed(target, `version ${version}`, reply);
      return print(value, `${domain}/${policy}@${version} ${said(value)}\n`);
    },
  });
}
