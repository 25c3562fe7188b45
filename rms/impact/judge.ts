// Whether who gains and who loses by a version is within what the owner of a policy allows.
import type { AffectedPeople, Impact, RequestImpact } from "./impact.ts";

/** At most so many; both must hold where both are given. */
export interface Bound {
  readonly people: number | undefined;
  /** Of the people whom RMS knows. */
  readonly percent: number | undefined;
}

export interface ImpactLimits {
  /** A version is compared with what this one serves. */
  readonly channel: string;
  readonly lose: Bound | undefined;
  readonly gain: Bound | undefined;
  /**
   * Decisions that are others, without a yes that comes or goes, as where obligations differ. Unless given, those of which nobody can tell
   * whether they let somebody in count as both, a gain and a loss.
   */
  readonly changed: Bound | undefined;
  /** Roles whose members neither gain nor lose. */
  readonly never: readonly string[];
  /** Whether somebody whom RMS does not know may gain. */
  readonly strangers: boolean;
  /** Entrypoints that keep people out where they say anything; by their names unless given. */
  readonly refusals: readonly string[] | undefined;
  /** What becomes of a version that exceeds them: it waits for the approval of somebody else, or is refused. */
  readonly otherwise: "approve" | "refuse";
}

export type Judged = Pick<
  Impact,
  "people" | "requests" | "withoutSubject" | "gained" | "lost" | "changed" | "unclear" | "strangers" | "watched"
>;

/** People who are named in a sentence. */
const mostNamed = 10;

/** What exceeds the limits, each in a sentence's part; none where all holds. What was not looked at does not hold. */
export function exceeded(impact: Judged, limits: ImpactLimits): readonly string[] {
  const { lose, gain, never, strangers } = limits;
  const { people, requests, gained, lost, watched } = impact;
  if (people === 0) return [];
  if (requests.length === 0) return ["nobody was decided for, since no sample of the policy says who asks"];
  const least = Math.min(...requests.map(({ covered }) => covered));
  const { gained: doors, unknown = [], changed = [], unclear = [] } = impact.strangers;
  const open = strangers ? [] : doors;
  const otherwise = strangers || limits.changed === undefined ? [] : changed;
  const by = (...effects: readonly Counted[]): string => entrypointsOf(requests, effects);
  return [
    ...(open.length === 0 ? [] : [`somebody whom RMS does not know may now: ${listed(open)}`]),
    ...(unknown.length === 0 || strangers
      ? []
      : [
          `whether somebody whom RMS does not know may is not known, since one decision takes too long or too much memory: ${listed(unknown)}`,
        ]),
    ...(otherwise.length === 0 ? [] : [`somebody whom RMS does not know gets another decision: ${listed(otherwise)}`]),
    ...(unclear.length === 0 || strangers || limits.changed !== undefined
      ? []
      : [`somebody whom RMS does not know gets another decision, ${mayBeEither}: ${listed(unclear)}`]),
    ...beyond(["lose", "loses"], by("lost"), { ...lost, all: people }, lose),
    ...beyond(["gain", "gains"], by("gained"), { ...gained, all: people }, gain),
    ...beyond(
      ["get another decision", "gets another decision"],
      by("changed", "failed"),
      { ...impact.changed, all: people },
      limits.changed,
    ),
    ...(limits.changed === undefined ? unclearBeyond(impact, by("unclear"), limits) : []),
    ...watched
      .filter((one) => never.includes(one.role) && one.people > 0)
      .map(
        ({ role, people, subjects }) =>
          `${counted(people)} of the role ${role} ${verb(people, "gain or lose", "gains or loses")}${by("gained", "lost", "unclear")}, and none may: ${listed(subjects, people)}`,
      ),
    ...(least < people
      ? [
          `${counted(people - least)} ${verb(people - least, "were", "was")} not looked at, since the time, the evaluations or what one decision may take ended before`,
        ]
      : []),
  ];
}

const mayBeEither =
  "of which nobody can tell whether it lets them in (`changed` of the gate would bound such decisions by themselves)";

/** Who may gain and may lose counts beside those who do. */
function unclearBeyond(
  { people: all, gained, lost, unclear }: Judged,
  by: string,
  { gain, lose }: ImpactLimits,
): readonly string[] {
  const room = Math.min(
    ...[[gained, gain] as const, [lost, lose] as const].map(([{ people }, bound]) =>
      bound === undefined ? Number.POSITIVE_INFINITY : Math.max(0, mostOf(bound, all) - people),
    ),
  );
  const { people } = unclear;
  if (people <= room) return [];
  const may = room === 0 ? "none" : `${room} of ${all}`;
  const who = `${counted(people)} ${verb(people, "get", "gets")} another decision${by}, ${mayBeEither}`;
  return [`${who}, and ${may} may beside those who gain or lose: ${listed(named(unclear), people)}`];
}

type Counted = "gained" | "lost" | "changed" | "unclear" | "failed";

/** Where several entrypoints were asked, those by which it is so. */
function entrypointsOf(requests: readonly RequestImpact[], effects: readonly Counted[]): string {
  const several = new Set(requests.map(({ entrypoint }) => entrypoint)).size > 1;
  const found = requests.filter((one) => effects.some((effect) => one[effect] > 0)).map(({ entrypoint }) => entrypoint);
  return several ? ` by ${[...new Set(found)].join(", ")}` : "";
}

function beyond(
  [many, one]: readonly [many: string, one: string],
  by: string,
  { all, ...affected }: AffectedPeople & { readonly all: number },
  bound: Bound | undefined,
): readonly string[] {
  if (bound === undefined) return [];
  const { people } = affected;
  const most = mostOf(bound, all);
  if (people <= most) return [];
  return [
    `${counted(people)} ${verb(people, many, one)}${by}, and ${most === 0 ? "none" : `${most} of ${all}`} may: ${listed(named(affected), people)}`,
  ];
}

const mostOf = ({ people = Number.POSITIVE_INFINITY, percent = 100 }: Bound, all: number): number =>
  Math.min(people, Math.floor((all * percent) / 100));

const named = ({ subjects }: AffectedPeople): readonly string[] =>
  subjects.map(({ subject, roles }) => (roles.length === 0 ? subject : `${subject} (${roles.join(", ")})`));

const counted = (people: number): string => (people === 1 ? "1 person" : `${people} people`);
const verb = (people: number, many: string, one: string): string => (people === 1 ? one : many);

function listed(names: readonly string[], all = names.length): string {
  const first = names.slice(0, mostNamed);
  return first.length === all ? first.join(", ") : `${first.join(", ")} and ${all - first.length} more`;
}
