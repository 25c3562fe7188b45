// Hooks: where what is audited in a domain is told, whether it is taken, and a message to try it.
import { hookFault } from "../../hooks/hooks.ts";
import { messageOf } from "../../hooks/message.ts";
import type { Hook, HookSettings } from "../../store/hooks.ts";
import type { Reads } from "../../store/store.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/paging.ts";
import { invalid, notFound } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import { bodyOf, reasonOf, textField, textList } from "../http/shape.ts";
import { seconds, timeText } from "../times.ts";
import { domainPath, foundDomain, livingDomain } from "./domains.ts";
import { changeFacts } from "./facts.ts";

const hookPath = `${domainPath}/hooks/:hook`;
const idPattern = /^[a-z][a-z0-9-]{0,62}$/;

async function foundHook(call: Call, reads: Reads = call.reads): Promise<Hook> {
  const { id: domain } = await foundDomain(call, reads);
  const hook = await reads.hooks.get(domain, param(call, "hook"));
  if (hook === undefined) throw notFound();
  return hook;
}

function hookItem({ id, settings, actor, at, told, misses, message, next }: Hook): Readonly<Record<string, unknown>> {
  return {
    hook: id,
    ...settings,
    since: timeText(at),
    by: actor,
    told,
    ...(misses === 0 ? {} : { failing: { misses, message, next: timeText(next) } }),
  };
}

function settingsOf(call: Call, domain: string): HookSettings {
  const body = bodyOf(call);
  const actions = textList(body, "actions");
  const settings = {
    url: textField(body, "url"),
    secret: textField(body, "secret"),
    ...(actions.length === 0 ? {} : { actions }),
  };
  const fault = hookFault(call.rms.sources.grants, domain, settings);
  if (fault !== undefined) throw invalid(`The body's /url ${fault}.`, [{ pointer: "/url", code: "rms_hook", message: fault }]);
  return settings;
}

function putHook(call: Call): Promise<Answer> {
  const id = param(call, "hook");
  return changeFacts(call, async (tx) => {
    if (!idPattern.test(id)) throw invalid(`${JSON.stringify(id)} is no id of a hook: those are as the ids of domains.`);
    const { id: domain } = await livingDomain(call, tx);
    const settings = settingsOf(call, domain);
    const before = await tx.hooks.get(domain, id);
    // A new one is told what happens from now on.
    const told = before?.told ?? (await tx.audit.head())?.seq ?? 0;
    const now = seconds(call.rms.now());
    const { subject: actor } = call.principal;
    await tx.hooks.put({ domain, id, settings, actor, at: now, told, pending: undefined, misses: 0, message: "", next: now });
    const after = await foundHook(call, tx);
    return {
      answer: { status: before === undefined ? 201 : 200, body: hookItem(after) },
      factsStay: true,
      event: { action: "hook.put", object: `hooks/${id}`, reason: reasonOf(call), detail: settings },
    };
  });
}

function deleteHook(call: Call): Promise<Answer> {
  return changeFacts(call, async (tx) => {
    const { domain, id, told } = await foundHook(call, tx);
    await tx.hooks.remove(domain, id);
    return {
      answer: { status: 204 },
      factsStay: true,
      event: { action: "hook.delete", object: `hooks/${id}`, reason: reasonOf(call), detail: { told } },
    };
  });
}

async function testHook(call: Call): Promise<Answer> {
  const { domain, id, settings } = await foundHook(call);
  const fault = await call.rms.hooks.send(domain, settings, messageOf(id, domain, []), call.closed);
  return { status: 200, body: { hook: id, taken: fault === undefined, ...(fault === undefined ? {} : { message: fault }) } };
}

export const hookRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${domainPath}/hooks`,
    scope: "domain:admin",
    summary: "Where what happens in a domain is told",
    handle: async (call) => {
      const { id: domain } = await foundDomain(call);
      return page(call.query, {
        read: (part) => call.reads.hooks.list(domain, part),
        key: ({ id }) => id,
        show: hookItem,
      });
    },
  },
  {
    method: "GET",
    path: hookPath,
    scope: "domain:admin",
    summary: "One hook, with how far it was told",
    handle: async (call) => ({ status: 200, body: hookItem(await foundHook(call)) }),
  },
  {
    method: "PUT",
    path: hookPath,
    scope: "domain:admin",
    summary: "Have what happens in a domain told to an address",
    handle: putHook,
  },
  { method: "DELETE", path: hookPath, scope: "domain:admin", summary: "Tell it no more", handle: deleteHook },
  {
    method: "POST",
    path: `${hookPath}/test`,
    scope: "domain:admin",
    summary: "Send a message without events, and tell whether it was taken",
    handle: testHook,
  },
];
