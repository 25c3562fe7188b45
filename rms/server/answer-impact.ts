// Two versions of a policy on the facts of now: who gains and who loses, and what logged decisions would be.
import { checkModules } from "#analysis/rego/check.ts";
import { canonicalJson } from "#bundles/canonical-json.ts";
import type { DomainFacts } from "#bundles/rms-data.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { clockBuiltins } from "../impact/clock.ts";
import { type Decide, impactOf, placesOf, type Request } from "../impact/impact.ts";
import { unknownDecision } from "../impact/meaning.ts";
import { namedTexts, type PeopleClass, peopleClasses } from "../impact/people.ts";
import { replayed } from "../impact/replayed.ts";
import { asksForRolesAlone } from "../impact/roles-alone.ts";
import { joinedRequests, lacking, versionSamples } from "../impact/version-samples.ts";
import { type BuildSource, documentsWith, type SourceFile, versionFiles } from "./build.ts";
import { rulesOf } from "./gate-run.ts";
import { type ImpactAnswer, type ImpactQuestion, type ImpactReport, impactLimits } from "./questions.ts";

/** 256 MiB. */
const maxPages = 4096;
/** Loop steps of one decision: what takes more is not known. */
const maxFuel = 20_000_000n;
/** People who are named. */
const mostNamed = 100;
/** Seconds for which the facts count as fresh: nobody asks whether they are. */
const freshFor = 3600;

type Source = Pick<BuildSource, "store" | "blobs" | "library">;

export async function answerImpact(source: Source, question: ImpactQuestion): Promise<ImpactAnswer> {
  const { domain, policy, against, candidate, entrypoints, refusals, place, budget, logged, watch, boundsChanged } = question;
  const deadline = performance.now() + impactLimits.time / 2;
  const { store } = source;
  const now = Math.floor(question.now / 1000);
  const { snapshot, facts } = await store.roles.facts(domain);
  const stamp = { asOf: now, freshUntil: now + freshFor, snapshot, sources: await freshSources(source, domain, now) };
  const old = await versionFiles(source, { domain, policy, version: against });
  const files =
    "files" in candidate ? candidate.files : await versionFiles(source, { domain, policy, version: candidate.version });
  const earlier = question.earlier === undefined ? [] : await versionFiles(source, { domain, policy, version: question.earlier });
  const [served, held] = question.withSamples
    ? [[...versionSamples(old), ...versionSamples(earlier)], versionSamples(files)]
    : [[], []];
  const requests = question.withSamples ? joinedRequests(question.requests, served, held) : question.requests;
  const sides = [old, files].map((one) => {
    const { data, policies } = documentsWith(one, facts, stamp);
    return decider([...policies, ...source.library.files], canonicalJson(data), entrypoints, question.now);
  });
  const [before, after] = sides;
  if (before === undefined || after === undefined) throw new Error("there are two sides");
  if ("fault" in before) return { fault: `the version ${against}: ${before.fault}` };
  if ("fault" in after) return after;
  if (before.isMissing === true && after.isMissing === true) return { fault: `there is no rule ${entrypoints.join(", ")}` };
  const policiesAndData = [...old, ...files].filter(({ path }) => !path.endsWith("_test.rego"));
  const classes = whoIsDecidedFor({ facts, now, requests, entrypoints, place, budget }, policiesAndData);
  const recorded = replayed(
    before.decide,
    after.decide,
    await store.decisions.newest(domain, anyTime, { after: undefined, limit: logged }),
    { policy: `${domain}/${policy}`, entrypoints, refusals, deadline },
  );
  const impact = impactOf({
    ...{ before: before.decide, after: after.decide, classes: classes.people, entrypoints, refusals, requests, place },
    ...{ budget, deadline, most: mostNamed, watch, boundsChanged },
  });
  const clock = clockBuiltins(policiesAndData.filter(isPolicy).map(({ text }) => text));
  const lackingSamples = lacking(served, held);
  return {
    ...impact,
    entrypoints,
    ...(refusals.length === 0 ? {} : { refusals }),
    basis: classes.basis,
    recorded,
    ...(lackingSamples.length === 0 ? {} : { lackingSamples }),
    ...(clock.length === 0 ? {} : { clock }),
  };
}

interface Wanted {
  readonly facts: DomainFacts;
  /** Seconds since 1970. */
  readonly now: number;
  readonly requests: readonly Request[];
  readonly entrypoints: readonly string[];
  readonly place: string | undefined;
  readonly budget: number;
}

/** Everybody by themselves where the budget is enough for that or roles do not tell all; else people of equal roles together. */
function whoIsDecidedFor(
  { facts, now, requests, entrypoints, place, budget }: Wanted,
  texts: readonly SourceFile[],
): { readonly basis: ImpactReport["basis"]; readonly people: readonly PeopleClass[] } {
  const everybody = peopleClasses(facts, { now, each: true, named: new Set() });
  const known = new Set(everybody.flatMap(({ subjects }) => subjects));
  const places = [...new Set(placesOf(requests, place, known))].filter((one) => one !== undefined);
  const policies = texts.filter(isPolicy).map(({ text }) => text);
  const isEnough = (everybody.length + 1) * requests.length * entrypoints.length * 2 <= budget;
  if (isEnough || !asksForRolesAlone(policies, places)) return { basis: "each", people: everybody };
  const named = namedTexts(texts.map(({ text }) => text));
  return { basis: "roles", people: peopleClasses(facts, { now, each: false, named }) };
}

const isPolicy = ({ path }: SourceFile): boolean => path.endsWith(".rego");

/** Codes of what ends at a limit that a sidecar does not have, or by a fault that is ours. */
const limits: ReadonlySet<string> = new Set(["eval_cancel_error", "rw_limit_error", "eval_internal_error"]);

const anyTime = { from: undefined, to: undefined };

/** What sources say counts as read now: how old it is decides about both versions alike. */
async function freshSources({ store }: Source, domain: string, now: number) {
  const known = Object.entries(await store.sources.freshness(domain));
  return Object.fromEntries(known.map(([id, one]) => [id, { ...one, asOf: now, freshUntil: now + freshFor }]));
}

function decider(
  policies: readonly SourceFile[],
  data: string,
  entrypoints: readonly string[],
  now: number,
): { readonly decide: Decide; readonly isMissing?: true } | { readonly fault: string } {
  const modules = policies.map(({ path, text }) => parseModule(text, { file: path }));
  const broken = modules.flatMap(({ diagnostics }) => diagnostics)[0];
  if (broken !== undefined) return { fault: `${broken.file}: ${broken.message}` };
  const checked = checkModules(modules, { strict: false, printing: true });
  const wrong = checked.diagnostics.find(({ severity }) => severity === "error");
  if (wrong !== undefined) return { fault: `${wrong.file}: ${wrong.message}` };
  const rules = rulesOf(modules);
  const there = new Set(entrypoints.filter((one) => rules.has(one)));
  // A version without the rules decides nothing; without them on both sides the question is wrong.
  if (there.size === 0) return { decide: () => "undefined", isMissing: true };
  const { module, diagnostics } = compile(checked, { entrypoints: [...there] });
  if (module === undefined) return { fault: diagnostics[0]?.message ?? "the policies do not compile" };
  const clock = BigInt(now) * 1_000_000n;
  const instance = createInstance(module, { now: () => clock, maxPages });
  const fault = instance.setData(data);
  if (fault !== undefined) return { fault: fault.message };
  return {
    decide: (input, entrypoint) => {
      if (!there.has(entrypoint)) return "undefined";
      const outcome = instance.evaluate(entrypoint, input, { now: clock, fuel: maxFuel });
      if (outcome.kind === "error") return limits.has(outcome.error.code) ? unknownDecision : `error: ${outcome.error.message}`;
      return /^\[\{"result":([\s\S]*)\}\]\s*$/.exec(outcome.text)?.[1] ?? "undefined";
    },
  };
}
