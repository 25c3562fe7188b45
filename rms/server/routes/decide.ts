// Questions: what a published version decides for an input, with the domain's data of now.
import type { Policy } from "../../store/policies.ts";
import { currentBuild, currentStamp } from "../builds.ts";
import { runDecision } from "../decisions.ts";
import { invalid, notFound, Problem } from "../http/problem.ts";
import type { Answer, Call, Route } from "../http/router.ts";
import { type Body, objectBody, optionalText } from "../http/shape.ts";
import { seconds } from "../rms.ts";
import { foundPolicy, policyPath } from "./domains.ts";
import { renderHocon } from "./samples.ts";

/** The version that a question is about: the one named, or that of the channel. */
async function versionOf(call: Call, { domain, id }: Policy, body: Body): Promise<string> {
  const version = optionalText(body, "version", { max: 64 });
  const channel = optionalText(body, "channel", { max: 64 });
  if ((version === undefined) === (channel === undefined)) throw invalid("Name either a channel or a version.");
  const { store } = call.rms;
  const found =
    version === undefined ? await store.channels.get(domain, id, channel!) : await store.versions.get(domain, id, version);
  if (found === undefined) throw notFound();
  return found.version;
}

/** The input as JSON text; undefined when the question has none. */
async function inputOf(call: Call, body: Body): Promise<string | undefined> {
  const hocon = optionalText(body, "hocon", { max: 1024 * 1024 });
  if (hocon !== undefined && body["input"] !== undefined) throw invalid("Give either input or hocon.");
  if (hocon !== undefined) return renderHocon(call, "input.conf", hocon);
  return body["input"] === undefined ? undefined : JSON.stringify(body["input"]);
}

async function decide(call: Call, body: Body): Promise<Answer> {
  const { rms } = call;
  const policy = await foundPolicy(call);
  const { domain, id, entrypoints } = policy;
  if (body["at"] !== undefined || body["knownAt"] !== undefined)
    throw invalid("Questions about another time than now are not answered yet.");
  const version = await versionOf(call, policy, body);
  const entrypoint = (optionalText(body, "entrypoint", { max: 512 }) ?? entrypoints[0])
    ?.replace(/^data[./]/, "")
    .replaceAll(".", "/");
  if (entrypoint === undefined) throw invalid("The policy has no entrypoints; name one as package/rule.");
  const input = await inputOf(call, body);
  const build = await currentBuild(rms, domain, id, version);
  const stamp = await currentStamp(rms, domain);
  const now = rms.now();
  const decision = await runDecision(rms, { domain, policy: id, version, stamp, entrypoint, input, now: now.getTime() });
  if ("fault" in decision) throw new Problem(422, "evaluation", "The decision failed", decision.fault);
  return {
    status: 200,
    body: {
      ...(decision.result === undefined ? {} : { result: decision.result }),
      revision: build.revision,
      snapshot: decision.snapshot,
      fresh: seconds(now) <= stamp.freshUntil,
      basis: { kind: "asPublished", at: now.toISOString(), version, digest: build.digest },
    },
  };
}

const names = ["channel", "version", "entrypoint", "input", "hocon", "at", "knownAt", "explain", "reason"];

function asked(call: Call): Body {
  const body = objectBody(Object.fromEntries(call.query), names);
  if (typeof body["input"] !== "string") return body;
  try {
    return { ...body, input: JSON.parse(body["input"]) as unknown };
  } catch {
    throw invalid("input is not JSON.");
  }
}

/** A HOCON body is the input itself; the rest of the question is in the query. */
function posted(call: Call): Body {
  if (!/^application\/(?:x-)?hocon\b/i.test(call.headers["content-type"] ?? "")) return objectBody(call.body, names);
  return objectBody({ ...Object.fromEntries(call.query), hocon: call.rawBody.toString("utf8") }, names);
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
