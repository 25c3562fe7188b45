// `rw hooks`: which systems RMS tells what is audited in a domain.
import { columns, expectReply, type RmsCall, rmsCommand } from "../rms-command.ts";

const usage = "rw hooks [list], put ID URL --secret REFERENCE, test ID, remove ID";

export const hooks = rmsCommand({
  name: "hooks",
  usage: "hooks [list | put <id> <url> | test <id> | remove <id>] [flags]",
  summary: "Show, set and test which systems RMS tells what happens",
  details: `
RMS posts what its audit log gets in the domain, signed with a secret that the operator allows for the host (env:NAME or file:/path), until it
is taken. --action narrows it to some actions, or to all that begin alike (member.*). docs/rms.md has the form of the messages.

    $ rw hooks
    $ rw hooks put iam https://iam.example/rms --secret env:HOOK_KEY --action 'member.*' -m "accounts follow roles"
    $ rw hooks test iam
    $ rw hooks remove iam
`,
  positionals: [0, 3],
  flags: [
    { name: "message", short: "m", kind: "string", help: "why, for the audit log", default: "" },
    { name: "secret", kind: "string", placeholder: "reference", help: "of put: what messages are signed with" },
    { name: "action", kind: "strings", help: "of put: only this action, such as member.put or member.*; may be repeated" },
  ],
  run: async (target) => {
    const [act = "list", id, url, ...more] = target.call.positionals;
    if (more.length > 0) return target.fail(`${act} is not used so: ${usage}`);
    if (act === "list" && id === undefined) return list(target);
    if (act === "put" && id !== undefined && url !== undefined) return put(target, id, url);
    if (act === "test" && id !== undefined && url === undefined) return test(target, id);
    if (act === "remove" && id !== undefined && url === undefined) return remove(target, id);
    return target.fail(`${act} is not used so: ${usage}`);
  },
});

async function list({ client, domain, print }: RmsCall): Promise<number> {
  const { items } = expectReply(await client.hooks.all(domain));
  const rows = items.map(({ hook, url, actions = ["all"], told, failing }) => [
    hook,
    url,
    actions.join(", "),
    String(told),
    failing === undefined ? "ok" : `${failing.misses} × ${failing.message}, again at ${failing.next}`,
  ]);
  const table = columns([["ID", "URL", "ACTIONS", "TOLD", "STATE"], ...rows]);
  return print(items, rows.length === 0 ? `${domain} has no hooks: nobody is told what happens there\n` : table);
}

async function put({ call, client, domain, print, fail }: RmsCall, id: string, url: string): Promise<number> {
  const secret = call.flag("secret");
  if (secret === undefined) return fail("a hook needs --secret REFERENCE, such as env:HOOK_KEY");
  const body = { url, secret, actions: call.all("action"), reason: call.flag("message") ?? "" };
  const hook = expectReply(await client.hooks.put(domain, id, body));
  return print(hook, `${hook.url} is told what happens in ${domain} from event ${hook.told + 1} on\n`);
}

async function test({ client, domain, print, fail }: RmsCall, id: string): Promise<number> {
  const tried = expectReply(await client.hooks.test(domain, id));
  if (!tried.taken) return fail(`the message was not taken: ${tried.message ?? "nobody says why"}`);
  return print(tried, "the message was taken\n");
}

async function remove({ call, client, domain, print }: RmsCall, id: string): Promise<number> {
  expectReply(await client.hooks.remove(domain, id, call.flag("message") ?? ""));
  return print({ hook: id, removed: true }, `${id} is told nothing more\n`);
}
