// Who gains and who loses by another version of a policy: people in the place of who asks, in requests that were seen, decided by both.
import { byUtf8 } from "#bundles/canonical-json.ts";
import { sha256 } from "../store/blobs.ts";
import { meaningOf, unknownDecision } from "./meaning.ts";
import type { PeopleClass } from "./people.ts";
import { subjectPlace, withSubject } from "./subject-place.ts";

/** A decision of an entrypoint as JSON text, or why there is none; undefined decisions are `undefined`. What ended at a limit is `unknown`: a sidecar has others. */
export type Decide = (input: string, entrypoint: string) => string;

export interface Request {
  readonly name: string;
  readonly input: unknown;
}

export interface ImpactQuestion {
  readonly before: Decide;
  readonly after: Decide;
  /** Each `package/rule`; every request is decided by all of them. */
  readonly entrypoints: readonly string[];
  /** Those of them that keep people out where they say anything. */
  readonly refusals: readonly string[];
  readonly classes: readonly PeopleClass[];
  readonly requests: readonly Request[];
  /** JSON Pointer of who asks; found in each request unless given. */
  readonly place: string | undefined;
  /** Evaluations at most, and when to end (milliseconds of the process's clock). */
  readonly budget: number;
  readonly deadline: number;
  /** People who are named. */
  readonly most: number;
  /** Roles whose members are counted apart. */
  readonly watch?: readonly string[];
  /**
   * Whether the owner bounds other decisions: then the digest is of them, too. Else it is of those of which nobody can tell whether they let
   * somebody in, and these count for the roles that are watched.
   */
  readonly boundsChanged?: boolean;
}

export interface Affected {
  readonly subject: string;
  readonly roles: readonly string[];
  /** Each by its name, with those entrypoints where there are several: `read.conf (shop/allow, shop/show)`. */
  readonly requests: readonly string[];
}

export interface AffectedPeople {
  readonly people: number;
  /** The first of them, by their ids. */
  readonly subjects: readonly Affected[];
}

export interface RequestImpact {
  /** With the entrypoint where there are several. */
  readonly name: string;
  /** `package/rule`. */
  readonly entrypoint: string;
  /** JSON Pointer of who asks. */
  readonly place: string;
  readonly gained: number;
  readonly lost: number;
  /** People whose decision is another one, without a yes that comes or goes as far as it can be told. */
  readonly changed: number;
  /** Those of them of whose decision nobody can tell whether it lets them in. */
  readonly unclear: number;
  /** People for whom the new version fails, and the old one does not. */
  readonly failed: number;
  /** People who were decided about; the budget, or what one decision may take, ended before the others. */
  readonly covered: number;
}

export interface Impact {
  readonly people: number;
  readonly classes: number;
  readonly evaluations: number;
  readonly requests: readonly RequestImpact[];
  /** Requests in which nobody known is found. */
  readonly withoutSubject: readonly string[];
  readonly gained: AffectedPeople;
  readonly lost: AffectedPeople;
  /** Who is decided for otherwise in a request, or in vain, without a yes that comes or goes there. */
  readonly changed: AffectedPeople;
  /** Those of them of whose decision, before or now, nobody can tell whether it lets them in. */
  readonly unclear: AffectedPeople;
  /** The requests that somebody whom RMS does not know may make now, or no longer. */
  readonly strangers: {
    readonly gained: readonly string[];
    readonly lost: readonly string[];
    /** Those that nobody decided in time or memory, if any. */
    readonly unknown?: readonly string[];
    /** Those that are decided otherwise, or in vain, without a yes that comes or goes. */
    readonly changed?: readonly string[];
    /** Those of them of which nobody can tell whether they may be made. */
    readonly unclear?: readonly string[];
  };
  /** Members of the roles that are watched who gain or lose, or may do so. */
  readonly watched: readonly WatchedRole[];
  /** Of who gains and who loses what, whole. */
  readonly digest: string;
}

export interface WatchedRole {
  readonly role: string;
  readonly people: number;
  /** The first of them, by their ids. */
  readonly subjects: readonly string[];
}

/** A request as one entrypoint decides it. */
interface Placed {
  /** With the entrypoint where there are several. */
  readonly name: string;
  /** The request's own name. */
  readonly request: string;
  readonly input: unknown;
  readonly entrypoint: string;
  /** JSON Pointer of who asks. */
  readonly at: string;
  readonly counts: Counts;
}

const stranger = "somebody whom RMS does not know";

export function impactOf(question: ImpactQuestion): Impact {
  const { classes, requests, entrypoints, place, budget, deadline, most } = question;
  const known = new Set(classes.flatMap(({ subjects }) => subjects));
  const refusals = new Set(question.refusals);
  const tally = new Tally(most);
  const found: RequestImpact[] = [];
  const withoutSubject: string[] = [];
  const asked: Readonly<Record<Told, Placed[]>> = { gained: [], lost: [], unknown: [], changed: [], unclear: [] };
  let evaluations = 0;
  const compared = ({ input, at, entrypoint }: Placed, subject: string): Effect | undefined => {
    if (evaluations + 2 > budget || performance.now() > deadline) return undefined;
    evaluations += 2;
    const text = JSON.stringify(withSubject(input, at, subject));
    return effectOf(question.before(text, entrypoint), question.after(text, entrypoint), refusals.has(entrypoint));
  };
  const places = placesOf(requests, place, known);
  const placed = requests.flatMap(({ name, input }, index): readonly Placed[] => {
    const at = places[index];
    if (at !== undefined && withSubject(input, at, "") !== undefined)
      return entrypoints.map((entrypoint) => ({
        name: entrypoints.length === 1 ? name : `${name} (${entrypoint})`,
        ...{ request: name, entrypoint, input, at, counts: new Counts() },
      }));
    withoutSubject.push(name);
    return [];
  });
  for (const one of placed) {
    const told = toldOf(compared(one, stranger));
    if (told !== undefined) asked[told].push(one);
  }
  const strangers = strangersIn(asked, together);
  // Class by class, so that what the budget leaves out is the smallest classes, in every request.
  for (const one of classes)
    for (const request of placed) {
      const effect = compared(request, one.subjects[0] ?? "");
      if (effect === undefined) break;
      request.counts.add(effect, one.subjects.length);
      const told = toldOf(effect);
      if (told !== undefined) tally.add(told, one, request);
    }
  for (const { name, entrypoint, at, counts } of placed) found.push({ name, entrypoint, place: at, ...counts.all });
  return {
    people: known.size,
    classes: classes.length,
    evaluations,
    requests: found,
    withoutSubject,
    gained: tally.of("gained"),
    lost: tally.of("lost"),
    changed: tally.of("changed", "unclear"),
    unclear: tally.of("unclear"),
    strangers,
    watched: (question.watch ?? []).map((role) => tally.watched(role, question.boundsChanged)),
    digest: sha256(JSON.stringify(digested(tally, strangersIn(asked, apart), question.boundsChanged))),
  };
}

/** Without a bound on other decisions an approval is not of them. */
function digested(tally: Tally, strangers: Impact["strangers"], withChanged = false): unknown {
  if (withChanged) return [tally.all(), strangers];
  const { changed: _, ...yesOrNo } = strangers;
  return [tally.all("changed"), yesOrNo];
}

function strangersIn(
  { gained, lost, unknown, changed, unclear }: Readonly<Record<Told, readonly Placed[]>>,
  names: (requests: readonly Placed[]) => readonly string[],
): Impact["strangers"] {
  return {
    gained: names(gained),
    lost: names(lost),
    ...(unknown.length === 0 ? {} : { unknown: names(unknown) }),
    ...(changed.length + unclear.length === 0 ? {} : { changed: names([...changed, ...unclear]) }),
    ...(unclear.length === 0 ? {} : { unclear: names(unclear) }),
  };
}

/** Each entrypoint for itself. */
const apart = (requests: readonly Placed[]): readonly string[] => requests.map(({ name }) => name);

/** A name for each request, with those of several entrypoints by which it is so. */
function together(requests: readonly Placed[]): readonly string[] {
  const groups = [...Map.groupBy(requests, ({ request }) => request)];
  return groups.map(([request, found]) =>
    found[0]?.name === request ? request : `${request} (${found.map(({ entrypoint }) => entrypoint).join(", ")})`,
  );
}

/** Where in each request it stands who asks: where nobody is known, a stranger may ask, in the place where others do. */
export function placesOf(
  requests: readonly Request[],
  place: string | undefined,
  known: ReadonlySet<string>,
): readonly (string | undefined)[] {
  const places = requests.map(({ input }) => place ?? subjectPlace(input, (id) => known.has(id)));
  const usual = mostFrequent(places);
  return places.map((one) => one ?? usual);
}

function mostFrequent(places: readonly (string | undefined)[]): string | undefined {
  const groups = Map.groupBy(places, (place) => place);
  groups.delete(undefined);
  return [...groups].sort(([, a], [, b]) => b.length - a.length)[0]?.[0];
}

type Told = "gained" | "lost" | "unknown" | "changed" | "unclear";
type Effect = Told | "same" | "failed";

/** A decision that fails now is another one. */
function toldOf(effect: Effect | undefined): Told | undefined {
  if (effect === "failed") return "changed";
  return effect === "same" ? undefined : effect;
}

function effectOf(before: string, after: string, isRefusal: boolean): Effect {
  // A policy could hide whom it lets in behind a long loop.
  if (before === unknownDecision || after === unknownDecision) return "unknown";
  if (before === after) return "same";
  const [did, does] = [meaningOf(before, isRefusal), meaningOf(after, isRefusal)];
  if (did === undefined || does === undefined) return "unclear";
  if (did !== does) return does === "in" ? "gained" : "lost";
  return after.startsWith("error: ") && !before.startsWith("error: ") ? "failed" : "changed";
}

/** How many people a request is decided for, and how. */
class Counts {
  private readonly counts = { gained: 0, lost: 0, changed: 0, unclear: 0, failed: 0, covered: 0 };

  add(effect: Effect, people: number): void {
    if (effect === "unknown") return;
    this.counts.covered += people;
    if (effect !== "same") this.counts[effect] += people;
    if (effect === "unclear") this.counts.changed += people;
  }

  get all(): Omit<RequestImpact, "name" | "entrypoint" | "place"> {
    return this.counts;
  }
}

/** Who gains, who loses and of whom that is not known, with the requests. */
class Tally {
  private readonly most: number;
  private readonly found = {
    gained: new Map<PeopleClass, Placed[]>(),
    lost: new Map<PeopleClass, Placed[]>(),
    unknown: new Map<PeopleClass, Placed[]>(),
    changed: new Map<PeopleClass, Placed[]>(),
    unclear: new Map<PeopleClass, Placed[]>(),
  };

  constructor(most: number) {
    this.most = most;
  }

  add(effect: Told, one: PeopleClass, request: Placed): void {
    const requests = this.found[effect].get(one);
    if (requests === undefined) this.found[effect].set(one, [request]);
    else requests.push(request);
  }

  of(...effects: readonly Told[]): AffectedPeople {
    const found = Map.groupBy(
      effects.flatMap((effect) => [...this.found[effect]]),
      ([one]) => one,
    );
    const all = [...found].map(([one, parts]) => [one, parts.flatMap(([, requests]) => requests)] as const);
    const named = all.flatMap(([{ roles, subjects }, requests]) =>
      subjects.slice(0, this.most).map((subject) => ({ subject, roles, requests })),
    );
    const people = all.reduce((sum, [{ subjects }]) => sum + subjects.length, 0);
    const first = named.sort((a, b) => byUtf8(a.subject, b.subject)).slice(0, this.most);
    return { people, subjects: first.map((one): Affected => ({ ...one, requests: together(one.requests) })) };
  }

  watched(role: string, withoutUnclear = false): WatchedRole {
    const { gained, lost, unclear } = this.found;
    const felt = new Set([...gained.keys(), ...lost.keys(), ...(withoutUnclear ? [] : unclear.keys())]);
    const held = [...felt].filter(({ roles }) => roles.includes(role));
    const subjects = held.flatMap((one) => one.subjects.slice(0, this.most));
    const people = held.reduce((sum, one) => sum + one.subjects.length, 0);
    return { role, people, subjects: subjects.sort(byUtf8).slice(0, this.most) };
  }

  /** Everybody with what they may do now or no longer, in an order that does not depend on how they were decided for. */
  all(without?: Told): unknown {
    const rows = ([effect, found]: [string, ReadonlyMap<PeopleClass, readonly Placed[]>]) =>
      [...found].flatMap(([{ subjects }, requests]) => {
        const names = apart(requests);
        return subjects.map((subject) => JSON.stringify([effect, subject, names]));
      });
    return Object.entries(this.found)
      .filter(([effect]) => effect !== without)
      .flatMap(rows)
      .sort();
  }
}
