// Samples and includes: inputs in HOCON or JSON that authors share, and the files that their `include` may name.
import type { Transaction } from "../../store/store.ts";
import type { Shelf } from "../../store/texts.ts";
import type { Scope } from "../access.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/paging.ts";
import { invalid, notFound } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import { bodyOf, reasonOf, textField } from "../http/shape.ts";
import { write } from "../http/write.ts";
import { ask } from "../questions.ts";
import type { Rms } from "../rms.ts";
import { micros } from "../times.ts";
import { audit, domainPath, foundDomain, foundPolicy, policyPath } from "./domains.ts";

const maxText = 1024 * 1024;

interface Place {
  readonly shelf: Shelf;
  readonly name: string;
}

async function shelfOf(call: Call, kind: Shelf["kind"]): Promise<Shelf> {
  if (kind === "includes") return { kind, domain: (await foundDomain(call)).id, policy: "" };
  const { domain, id } = await foundPolicy(call);
  return { kind, domain, policy: id };
}

async function placeOf(call: Call, kind: Shelf["kind"]): Promise<Place> {
  const shelf = await shelfOf(call, kind);
  const name = param(call, "name");
  const parts = name.split("/");
  if (name.length > 250 || /[\u0000-\u001f\\]/.test(name) || parts.some((part) => part === "" || part === "." || part === ".."))
    throw invalid(`${JSON.stringify(name)} is no relative path.`);
  return { shelf, name };
}

/** Ends what was there and records the new text, if any, with the audit event. */
async function record(
  tx: Transaction,
  call: Call,
  { shelf, name }: Place,
  text: string | undefined,
  reason: string,
): Promise<void> {
  const by = { at: micros(call.rms.now()), actor: call.principal.subject, reason };
  if (text === undefined) await tx.texts.end(shelf, name, by);
  else await tx.texts.put(shelf, name, text, by);
  const { domain, policy, kind } = shelf;
  const owner = policy === "" ? domain : `${domain}/${policy}`;
  await audit(tx, call, `${kind}.${text === undefined ? "delete" : "put"}`, domain, `${owner}/${kind}/${name}`, reason);
}

async function put(call: Call, kind: Shelf["kind"]): Promise<Answer> {
  const place = await placeOf(call, kind);
  const isJson = /^application\/json\b/i.test(call.headers["content-type"] ?? "application/json");
  const body = isJson ? bodyOf(call) : { text: textBody(call) };
  const text = textField(body, "text");
  if (text.length > maxText) throw invalid(`The text may have ${maxText} characters.`);
  return write(call, async (tx) => {
    const standing = await tx.texts.get(place.shelf, place.name);
    if (standing !== text) await record(tx, call, place, text, reasonOf(call));
    return { status: standing === undefined ? 201 : 200, body: { name: place.name, text } };
  });
}

function textBody(call: Call): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(call.rawBody);
  } catch {
    throw invalid("The text is not UTF-8.");
  }
}

async function list(call: Call, kind: Shelf["kind"]): Promise<Answer> {
  const shelf = await shelfOf(call, kind);
  return page(call.query, {
    read: (part) => call.reads.texts.names(shelf, part),
    key: (name) => name,
    show: (name) => ({ name }),
  });
}

/** The JSON text of an input; includes come from the domain's own store, and from nowhere else. 422 with file and row otherwise. */
export async function renderHocon(rms: Rms, domain: string, name: string, text: string): Promise<string> {
  const rendered = await ask(rms, { kind: "render", domain, name, text });
  if ("json" in rendered) return rendered.json;
  throw invalid("The HOCON text does not resolve.", rendered.errors);
}

const routesOf = (kind: Shelf["kind"], base: string, scope: Scope, what: string): readonly Route[] => [
  { method: "GET", path: base, scope: "read", summary: `The names of the ${what}`, handle: (call) => list(call, kind) },
  {
    method: "GET",
    path: `${base}/*name`,
    scope: "read",
    summary: `One of the ${what}`,
    produces: ["text/plain"],
    handle: async (call) => {
      const { shelf, name } = await placeOf(call, kind);
      const text = await call.reads.texts.get(shelf, name);
      if (text === undefined) throw notFound();
      return { status: 200, headers: { "Content-Type": "text/plain; charset=utf-8" }, body: text };
    },
  },
  {
    method: "PUT",
    path: `${base}/*name`,
    scope,
    summary: `Set one of the ${what}`,
    maxBody: 2 * maxText,
    consumes: ["text/plain", "application/hocon", "application/x-hocon"],
    handle: (call) => put(call, kind),
  },
  {
    method: "DELETE",
    path: `${base}/*name`,
    scope,
    summary: `Remove one of the ${what}`,
    handle: async (call) => {
      const place = await placeOf(call, kind);
      return write(call, async (tx) => {
        if ((await tx.texts.get(place.shelf, place.name)) === undefined) throw notFound();
        await record(tx, call, place, undefined, reasonOf(call));
        return { status: 204 };
      });
    },
  },
];

export const sampleRoutes: readonly Route[] = [
  {
    method: "POST",
    path: `${policyPath}/samples/*name/render`,
    scope: "read",
    summary: "A sample as JSON, its includes merged",
    handle: async (call) => {
      const { shelf, name } = await placeOf(call, "samples");
      const text = await call.rms.store.texts.get(shelf, name);
      if (text === undefined) throw notFound();
      return {
        status: 200,
        headers: { "Content-Type": "application/json; charset=utf-8" },
        body: await renderHocon(call.rms, shelf.domain, name, text),
      };
    },
  },
  ...routesOf("samples", `${policyPath}/samples`, "publish", "policy's samples"),
  ...routesOf("includes", `${domainPath}/includes`, "publish", "domain's server-side includes"),
];
