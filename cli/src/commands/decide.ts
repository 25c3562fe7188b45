// `rw decide`: what a channel or a version in RMS decides for an input, with the roles and members of now.
import { assignedInput, inputFlags, readInput } from "../input.ts";
import { expectNamed, rmsCommand } from "../rms-command.ts";
import { momentFlags } from "../rms-target.ts";

export const decide = rmsCommand({
  name: "decide",
  usage: "decide [input-file] [flags]",
  summary: "Ask RMS what a published policy decides",
  details: `
The input is a JSON, YAML or HOCON file, resolved here as 'rw eval --input' resolves it: its includes, the base document and the
profile are those of the project. Standard input (-) goes to RMS as it is written; its HOCON may include the domain's server-side includes.
Without --version the channel of rw.conf answers; with --at its version, the roles and the members of that time. The exit code is 1 with --fail when the decision is undefined or false.

    $ rw decide inputs/ann.conf --channel prod
    $ echo '{"user": "ann"}' | rw decide - --version 1.4.2 --explain notes --fail
    $ rw decide inputs/ann.conf --channel prod --at 2026-03-02T12:00:00Z
`,
  positionals: [0, 1],
  flags: [
    { name: "channel", kind: "string", placeholder: "id", help: "the version of this channel decides (rw.conf rms.channel)" },
    { name: "version", kind: "string", placeholder: "semver", help: "this version decides" },
    {
      name: "entrypoint",
      short: "e",
      kind: "string",
      placeholder: "package/rule",
      help: "the rule asked for (default: the first)",
    },
    ...inputFlags,
    ...momentFlags,
    { name: "explain", kind: "string", choices: ["notes", "fails", "full"], help: "tell how the decision came about" },
    { name: "fail", kind: "boolean", help: "exit with 1 when the decision is undefined or false" },
  ],
  run: async (target) => {
    const { call, client, domain, policy, project, print, fail } = target;
    const { io } = call;
    const [file] = call.positionals;
    const version = call.flag("version");
    const channel = call.flag("channel") ?? (version === undefined ? project.config.rms.channel : undefined);
    if (version === undefined && channel === undefined)
      return fail("name who decides: --channel ID or --version SEMVER, or rms.channel in rw.conf");
    if (version !== undefined && channel !== undefined) return fail("name either a channel or a version");
    if (file !== undefined && file !== "-" && io.kind(file) !== "file") return fail(`there is no input file ${file}`);
    const hocon = file === "-" ? await io.readStdin() : undefined;
    const read = file === undefined ? assignedInput(call) : file === "-" ? undefined : readInput(call, file);
    if (read !== undefined && "fault" in read) return fail(read.fault);
    const input = read?.json;
    const entrypoint = call.flag("entrypoint");
    const explain = (["notes", "fails", "full"] as const).find((one) => one === call.flag("explain"));
    const moment = { at: call.flag("at"), knownAt: call.flag("known-at") };
    const question = { channel, version, entrypoint, hocon, input, explain, ...moment };
    const what = version === undefined ? `channel ${channel}` : `version ${version}`;
    const value = expectNamed(target, what, await client.decide(domain, policy, question));
    const defined = "result" in value;
    if (!value.fresh) io.err("warning: the data is older than the domain allows; sidecars deny until it is fresh\n");
    const told = (value.explanation ?? []).map((line) => `${narrow(line)}\n`).join("");
    print(value, `${told}${defined ? JSON.stringify(value.result, undefined, 2) : "undefined"}\n`);
    return call.on("fail") && (!defined || value.result === false) ? 1 : 0;
  },
});

/** A line of an explanation without the blanks that put the values of all lines into one column: that may lie hundreds of columns away. */
function narrow(line: string): string {
  return line.replace(/^(.*\S) {2,}(\{.*\})\s*$/u, (_, event: string, values: string) =>
    values === "{}" ? event : `${event}  ${values}`,
  );
}
