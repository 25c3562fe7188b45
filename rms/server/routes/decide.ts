// Questions: what a published version decides for an input, with the domain's data of now.
import { canonicalJson, type Json, readJson } from "#bundles/canonical-json.ts";
import type { BuildRecord } from "../../store/builds.ts";
import type { Policy } from "../../store/policies.ts";
import type { Moment } from "../../store/roles.ts";
import type { Version } from "../../store/versions.ts";
import { currentBuild, pinnedBuild } from "../builds.ts";
import type { Answer } from "../http/answer.ts";
import { hostileJson } from "../http/body.ts";
import { invalid, notFound, Problem } from "../http/problem.ts";
import type { Call, Route } from "../http/route.ts";
import { type Body, bodyOf, optionalText } from "../http/shape.ts";
import { ask, type Explain } from "../questions.ts";
import { seconds } from "../times.ts";
import { entrypointName, foundDomain, foundPolicy, policyPath } from "./domains.ts";
import { momentItem, momentOf } from "./moments.ts";
import { renderHocon } from "./samples.ts";

function namedBy(body: Body): { readonly version: string | undefined; readonly channel: string | undefined } {
  const version = optionalText(body, "version");
  const channel = optionalText(body, "channel");
  if ((version === undefined) === (channel === undefined)) throw invalid("Name either a channel or a version.");
  return { version, channel };
}

/** The build that answers: of the version named, or what the channel serves. */
async function askedOf(call: Call, { domain, id }: Policy, body: Body): Promise<BuildRecord> {
  const { version, channel } = namedBy(body);
  const { rms } = call;
  const served = channel === undefined ? undefined : await rms.store.channels.get(domain, id, channel);
  const name = version ?? served?.version;
  if (name === undefined || (await rms.store.versions.get(domain, id, name)) === undefined) throw notFound();
  const pinned = served === undefined ? undefined : await pinnedBuild(rms, served);
  const build = pinned ?? (await currentBuild(rms, domain, id, name));
  const record = await rms.store.builds.get(build.digest);
  if (record === undefined) throw new Error(`the build ${build.digest} is not recorded`);
  return record;
}

/** The input as JSON text; undefined when the question has none. */
async function inputOf(call: Call, policy: Policy, body: Body): Promise<string | undefined> {
  const hocon = optionalText(body, "hocon");
  if (hocon !== undefined && body["input"] !== undefined) throw invalid("Give either input or hocon.");
  if (hocon !== undefined) return renderHocon(call.rms, policy.domain, "input.conf", hocon);
  if (body["input"] === undefined) return undefined;
  return exactInput(call) ?? JSON.stringify(body["input"]);
}

/** The input as it was written: numbers in JSON may have more digits than JavaScript keeps. */
function exactInput({ rawBody }: Call): string | undefined {
  const read = readJson(rawBody.toString("utf8"));
  const input = "value" in read && read.value instanceof Map ? (read.value as ReadonlyMap<string, Json>).get("input") : undefined;
  return input === undefined ? undefined : canonicalJson(input);
}

async function decide(call: Call, body: Body): Promise<Answer> {
  const { rms } = call;
  const policy = await foundPolicy(call);
  const { domain, id, entrypoints } = policy;
  const wanted = optionalText(body, "entrypoint") ?? entrypoints[0];
  if (wanted === undefined) throw invalid("The policy has no entrypoints; name one as package/rule.");
  const input = await inputOf(call, policy, body);
  const moment = momentOf(call, optionalText(body, "at"), optionalText(body, "knownAt"));
  if (moment !== undefined) return decideThen(call, policy, body, { moment, input, entrypoint: entrypointName(wanted) });
  const build = await askedOf(call, policy, body);
  const { version, library, snapshot, freshUntil, digest, revision, transport: bundle } = build;
  const now = rms.now();
  const explain = explainOf(body);
  const entrypoint = entrypointName(wanted);
  const question = { domain, policy: id, version, library, bundle, entrypoint, explain, input, now: now.getTime() };
  const decision = await ask(rms, { kind: "decision", ...question });
  if ("fault" in decision) throw new Problem(422, "evaluation", "The decision failed", decision.fault);
  return {
    status: 200,
    body: {
      ...(decision.result === undefined ? {} : { result: decision.result }),
      revision,
      snapshot,
      fresh: seconds(now) <= freshUntil,
      ...(decision.explanation === undefined ? {} : { explanation: decision.explanation }),
      basis: { kind: "asPublished", at: now.toISOString(), version, digest },
    },
  };
}

interface PastQuestion {
  readonly moment: Moment;
  readonly input: string | undefined;
  readonly entrypoint: string;
}

/** With the version that was in force and the facts that held at another time, as they were known at one. */
async function decideThen(
  call: Call,
  { domain, id: policy }: Policy,
  body: Body,
  { moment, input, entrypoint }: PastQuestion,
): Promise<Answer> {
  const { rms } = call;
  const recorded = Math.floor(Math.min(moment.at, moment.knownAt) / 1_000_000);
  const version = await versionThen(call, { domain, policy }, body, recorded);
  const { maxAge } = await foundDomain(call);
  const last = await rms.store.builds.lastOf({ domain, policy, version: version.version }, recorded);
  const snapshot = last?.snapshot ?? 0;
  const past = { moment, freshUntil: Math.floor(moment.at / 1_000_000) + maxAge, snapshot };
  const explain = explainOf(body);
  const library = rms.library.version;
  const question = { domain, policy, version: version.version, library, bundle: "", entrypoint, explain, input, past };
  const decision = await ask(rms, { kind: "decision", ...question, now: moment.at / 1000 });
  if ("fault" in decision) throw new Problem(422, "evaluation", "The decision failed", decision.fault);
  const basis = { kind: "asKnown", ...momentItem(moment), version: version.version, digest: version.digest };
  const revision = last?.revision ?? `${domain}/${policy}@${version.version}`;
  return { status: 200, body: { ...decision, revision, snapshot, fresh: true, basis } };
}

/** The version named, if it was there then, or what the channel served then. */
async function versionThen(
  call: Call,
  { domain, policy }: Pick<Version, "domain" | "policy">,
  body: Body,
  at: number,
): Promise<Version> {
  const { versions, channels } = call.rms.store;
  const { version, channel } = namedBy(body);
  if (channel !== undefined && (await channels.get(domain, policy, channel)) === undefined) throw notFound();
  const moves = channel === undefined ? [] : await channels.history(domain, policy, channel);
  const name = version ?? moves.find((move) => move.at <= at)?.version;
  if (name === undefined) throw invalid(`The channel ${channel ?? ""} served nothing then.`);
  const found = await versions.get(domain, policy, name);
  if (found === undefined) throw notFound();
  if (found.at > at) throw invalid(`The version ${name} was not there then.`);
  return found;
}

/** `true` asks for everything. */
function explainOf({ explain }: Body): Explain | undefined {
  if (explain === true || explain === "true") return "full";
  return explain === "notes" || explain === "fails" || explain === "full" ? explain : undefined;
}

function asked(call: Call): Body {
  const body: Body = Object.fromEntries(call.query);
  if (typeof body["input"] !== "string") return body;
  let input: unknown;
  try {
    input = JSON.parse(body["input"]);
  } catch {
    throw invalid("input is not JSON.");
  }
  const fault = hostileJson(input);
  if (fault !== undefined) throw invalid(fault);
  return { ...body, input };
}

/** A HOCON body is the input itself; the rest of the question is in the query. */
function posted(call: Call): Body {
  if (!/^application\/(?:x-)?hocon\b/i.test(call.headers["content-type"] ?? "")) return bodyOf(call);
  return { ...Object.fromEntries(call.query), hocon: call.rawBody.toString("utf8") };
}

export const decideRoutes: readonly Route[] = [
  {
    method: "POST",
    path: `${policyPath}/decide`,
    scope: "read",
    summary: "What a channel or a version decides for an input in JSON or HOCON",
    consumes: ["application/hocon", "application/x-hocon"],
    handle: (call) => decide(call, posted(call)),
  },
  {
    method: "GET",
    path: `${policyPath}/decide`,
    scope: "read",
    summary: "The same question in a query",
    handle: (call) => decide(call, asked(call)),
  },
];
