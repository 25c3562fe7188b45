// `rw roles apply`: puts the roles and members of a readable file into RMS, for examples and local work.
import { projectRoles } from "#publishing/project-roles.ts";
import { roleChanges } from "#publishing/role-changes.ts";
import type { Command } from "../command.ts";
import { configFault, openProject } from "../project.ts";
import { rmsFlags, rmsTarget } from "../rms-target.ts";

export const roles: Command = {
  name: "roles",
  usage: "roles apply [folder] [flags]",
  summary: "Put a project's roles file into RMS",
  details: `
The file that \`roles\` of rw.conf names becomes roles, members and suspensions of the domain; each change is a line: + for what comes,
~ for what becomes another, - for what ends. What is in RMS and not in the file is named and stays; --prune ends those roles and
memberships, but for memberships that a source made (\`rw sources\`). Suspensions are lifted in RMS alone.

    $ rw roles apply --dry-run
    $ rw roles apply --prune --reason "ann left, eve is an auditor now"
    $ rw roles apply examples/orders --reason "first roles"

The exit code is 0 when everything was taken, and 1 otherwise.
`,
  flags: [
    ...rmsFlags,
    { name: "reason", kind: "string", default: "rw roles apply", help: "why, for the audit log" },
    { name: "dry-run", kind: "boolean", help: "show what would change, and change nothing" },
    { name: "prune", kind: "boolean", help: "end the roles and memberships that the file does not have" },
  ],
  run: async (call) => {
    const { io } = call;
    const fail = (message: string): number => {
      io.err(`error: ${message}\n`);
      return 1;
    };
    if (call.positionals[0] !== "apply" || call.positionals.length > 2)
      return fail("the one thing to do with roles is: rw roles apply [folder]");
    const opened = await openProject(call.positionals[1] ?? ".", io);
    if ("fault" in opened) return fail(opened.fault);
    const { project } = opened;
    const wrong = configFault(project);
    if (wrong !== undefined) return fail(wrong);
    const target = rmsTarget(call, project);
    if ("fault" in target) return fail(target.fault);
    const read = projectRoles(project);
    if ("fault" in read) return fail(read.fault);
    const { name } = read;
    const { client, domain } = target;
    const reason = call.flag("reason") ?? "";
    const compared = await roleChanges(client, domain, read.facts, reason);
    if (!compared.ok && compared.failure.status === 404)
      return fail(`RMS has no domain ${domain}, or the token may not see it (\`rw publish --create\` makes it)`);
    if (!compared.ok) return fail(compared.failure.message);
    const { changes, ends } = compared.value;
    const prunes = call.on("prune");
    for (const { line, make } of prunes ? [...changes, ...ends] : changes) {
      const reply = call.on("dry-run") ? undefined : await make();
      if (reply?.ok === false) return fail(reply.failure.message);
      io.out(`${line}\n`);
    }
    const members = read.facts.roles.reduce((count, role) => count + role.members.length, 0);
    io.out(`${read.facts.roles.length} roles, ${members} memberships, ${read.facts.suspended.length} suspended in ${domain}\n`);
    if (ends.length > 0 && !prunes)
      io.out(
        `in RMS and not in ${name}, so they stay (\`rw roles apply --prune\` ends them):\n${ends.map(({ line }) => `${line.replace(/^-/u, " ")}\n`).join("")}`,
      );
    const kept = [
      ...Object.keys(read.facts.directories ?? {}).map((kind) => `directories.${kind}`),
      ...(read.facts.attributes === undefined ? [] : ["attributes"]),
    ];
    if (kept.length > 0)
      io.err(
        `note: ${kept.join(" and ")} of ${name} are for samples and tests here: in RMS they come from sources (\`rw sources\`)\n`,
      );
    if (call.on("dry-run")) io.out("nothing was changed\n");
    return 0;
  },
};
