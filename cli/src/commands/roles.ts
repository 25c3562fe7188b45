// `rw roles apply`: puts the roles and members of a readable file into RMS, for examples and local work.
import { type RoleFacts, readDomainFacts } from "#bundles/rms-data.ts";
import type { Reply } from "#publishing/rms-client.ts";
import { resolve } from "#workspace/paths.ts";
import { placeInRoles } from "#workspace/rms.ts";
import { faultLine } from "#workspace/stopping-faults.ts";
import { absentFacts, endFacts, factLine } from "../absent-facts.ts";
import type { Command } from "../command.ts";
import { configFault, openProject } from "../project.ts";
import { rmsFlags, rmsTarget } from "../rms-target.ts";

export const roles: Command = {
  name: "roles",
  usage: "roles apply [folder] [flags]",
  summary: "Put a project's roles file into RMS",
  details: `
The file that \`roles\` of rw.conf names becomes roles, members and suspensions of the domain. What is in RMS and not in the file is named and stays;
--prune ends those roles and memberships. Suspensions are lifted in RMS alone.

    $ rw roles apply
    $ rw roles apply --prune --reason "ann left, eve is an auditor now"
    $ rw roles apply examples/orders --reason "first roles"

The exit code is 0 when everything was taken, and 1 otherwise.
`,
  flags: [
    ...rmsFlags,
    { name: "reason", kind: "string", default: "rw roles apply", help: "why, for the audit log" },
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
    const name = project.config.roles;
    const file = name === undefined ? undefined : project.find(resolve(project.root, name));
    if (file === undefined) return fail('rw.conf names no roles file that is there (`roles = "roles.conf"`)');
    const { json, problems } = project.inputs.resolve(file);
    if (json === undefined) return fail(problems[0] ?? `${name} cannot be resolved`);
    const read = readDomainFacts(JSON.parse(json), project.config.rms.domain);
    if ("fault" in read)
      return fail(faultLine(project, { file: file.path, range: placeInRoles(file, read.at), message: read.fault }));
    const { client, domain } = target;
    const reason = call.flag("reason") ?? "";
    const calls: (() => Promise<Reply<unknown>>)[] = [];
    for (const { id, members: _members, ...body } of includedFirst(read.facts.roles))
      calls.push(() => client.putRole(domain, id, { ...body, reason }));
    for (const role of read.facts.roles) {
      for (const { subject, from, until } of role.members) {
        const time = (seconds: number | undefined): string | undefined =>
          seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
        calls.push(() => client.putMember(domain, role.id, subject, { validFrom: time(from), validUntil: time(until), reason }));
      }
    }
    for (const subject of read.facts.suspended) calls.push(() => client.suspend(domain, subject, reason));
    for (const one of calls) {
      const reply = await one();
      if (!reply.ok) return fail(reply.failure.message);
    }
    const members = read.facts.roles.reduce((count, role) => count + role.members.length, 0);
    io.out(`${read.facts.roles.length} roles, ${members} memberships, ${read.facts.suspended.length} suspended in ${domain}\n`);
    const absent = await absentFacts(client, domain, read.facts.roles);
    if (!absent.ok) return fail(absent.failure.message);
    const left = absent.value;
    if (left.length === 0) return 0;
    if (!call.on("prune")) {
      io.out(`in RMS and not in ${name}, so they stay (\`rw roles apply --prune\` ends them):\n${left.map(factLine).join("")}`);
      return 0;
    }
    const ended = await endFacts(client, domain, left, reason);
    if (!ended.ok) return fail(ended.failure.message);
    io.out(`not in ${name}, and ended:\n${left.map(factLine).join("")}`);
    return 0;
  },
};

/** Roles in an order in which none names one that is not there yet; those that include each other last. */
function includedFirst(roles: readonly RoleFacts[]): readonly RoleFacts[] {
  const byId = new Map(roles.map((role) => [role.id, role]));
  const ordered = new Set<RoleFacts>();
  const seen = new Set<RoleFacts>();
  const add = (role: RoleFacts): void => {
    if (seen.has(role)) return;
    seen.add(role);
    for (const id of role.includes) {
      const included = byId.get(id);
      if (included !== undefined) add(included);
    }
    ordered.add(role);
  };
  roles.forEach(add);
  return [...ordered];
}
