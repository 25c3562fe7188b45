// Who gains and who loses before a version is published or a channel moves: the people of the domain, and logged decisions.
import type { Request } from "../../impact/impact.ts";
import { refusalsOf } from "../../impact/refusals.ts";
import { may } from "../access.ts";
import { storedGateSettings } from "../gate-settings.ts";
import type { Answer } from "../http/answer.ts";
import { forbidden, invalid, notFound, Problem } from "../http/problem.ts";
import type { Call, Route } from "../http/route.ts";
import { type Body, bodyOf, optionalNumber, optionalText, textField } from "../http/shape.ts";
import type { ImpactReport } from "../questions.ts";
import { ask, type ImpactQuestion, impactLimits } from "../questions.ts";
import { entrypointName, foundPolicy, policyPath } from "./domains.ts";
import { readFiles } from "./given-files.ts";
import { renderHocon } from "./samples.ts";

/** Samples of the policy that are decided where the question brings no requests. */
const mostSamples = 50;
const usualLogged = 200;

async function impact(call: Call): Promise<Answer> {
  const { rms } = call;
  const policy = await foundPolicy(call);
  const { domain, id, entrypoints, gates } = policy;
  const body = bodyOf(call);
  const channel = textField(body, "channel");
  const served = await call.reads.channels.get(domain, id, channel);
  if (served === undefined) throw notFound();
  const asked = optionalText(body, "entrypoint");
  const [first, ...others] = asked === undefined ? entrypoints : [entrypointName(asked)];
  if (first === undefined) throw invalid("The policy has no entrypoints; name one as package/rule.");
  const question: ImpactQuestion = {
    kind: "impact",
    domain,
    policy: id,
    against: served.version,
    candidate: await candidateOf(call, body, domain, id),
    entrypoints: [first, ...others],
    refusals: refusalsOf([first, ...others], storedGateSettings(gates).impact?.refusals),
    requests: (await givenRequests(body)) ?? (await storedRequests(call, domain, id)),
    withSamples: false,
    watch: [],
    boundsChanged: false,
    place: optionalText(body, "subject"),
    budget: optionalNumber(body, "evaluations") ?? impactLimits.evaluations,
    logged: loggedOf(call, body),
    now: rms.now().getTime(),
  };
  const found = await ask(rms, question);
  if ("fault" in found) throw new Problem(422, "evaluation", "The versions cannot be compared", found.fault);
  const { against } = question;
  return { status: 200, body: { channel, against, entrypoint: first, ...shownImpact(found) } };
}

/** What an answer tells of it. */
export function shownImpact({ watched: _watched, ...shown }: ImpactReport): Omit<ImpactReport, "watched"> {
  return shown;
}

/** A policy of the caller's own could tell the inputs that sidecars logged: they are decided again for those alone who may read them. */
function loggedOf({ principal }: Call, body: Body): number {
  const wanted = optionalNumber(body, "logged");
  if (may(principal, "audit:read")) return wanted ?? usualLogged;
  if (wanted !== undefined && wanted > 0) throw forbidden("audit:read");
  return 0;
}

async function candidateOf(call: Call, body: Body, domain: string, policy: string): Promise<ImpactQuestion["candidate"]> {
  const version = optionalText(body, "version");
  if ((version === undefined) === (body["files"] === undefined)) throw invalid("Name either a version or files.");
  if (version === undefined) return { files: readFiles(body["files"]) };
  if ((await call.reads.versions.get(domain, policy, version)) === undefined) throw notFound();
  return { version };
}

async function givenRequests(body: Body): Promise<readonly Request[] | undefined> {
  const requests = body["requests"] as readonly Body[] | undefined;
  return requests?.map((one) => ({ name: textField(one, "name"), input: one["input"] }));
}

/** The policy's samples, which authors share. */
export async function storedRequests(call: Call, domain: string, policy: string): Promise<readonly Request[]> {
  const shelf = { kind: "samples", domain, policy } as const;
  const requests: Request[] = [];
  for (const name of await call.reads.texts.names(shelf, { limit: mostSamples })) {
    const text = (await call.reads.texts.get(shelf, name)) ?? "";
    requests.push({ name, input: JSON.parse(await renderHocon(call.rms, domain, name, text)) as unknown });
  }
  return requests;
}

export const impactRoutes: readonly Route[] = [
  {
    method: "POST",
    path: `${policyPath}/impact`,
    scope: "read",
    summary: "Who gains and who loses by a version, or by files, against what a channel serves",
    maxBody: 16 * 1024 * 1024,
    handle: impact,
  },
];
