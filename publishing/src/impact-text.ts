// Who gains and who loses, for people: lines for a terminal, or Markdown for reviewers.
import type { AffectedPeople, KnownImpact } from "./known-impact.ts";

/** Of whose decision nobody can tell whether it lets them in. */
const mayDoEither = "may gain or lose";

const nobody: AffectedPeople = { people: 0, subjects: [] };

/** People who are named in the text. */
const mostNamed = 20;

/** One sentence. */
export function impactSummary({ gained, lost, unclear, strangers }: KnownImpact): string {
  const open = strangers.gained.length === 0 ? "" : "; anybody may now: ".concat(strangers.gained.join(", "));
  const either = unclear === undefined || unclear.people === 0 ? "" : `, ${counted(unclear.people)} may do either`;
  return `${counted(gained.people)} ${verb(gained.people, "gain")}, ${counted(lost.people)} ${verb(lost.people, "lose")}${either}${open}`;
}

const counted = (people: number): string => (people === 0 ? "nobody" : people === 1 ? "1 person" : `${people} people`);
const verb = (people: number, word: string): string => (people > 1 ? word : `${word}s`);

export function impactLines(impact: KnownImpact): readonly string[] {
  return [
    impactSummary(impact),
    ...named("gains", impact.gained),
    ...named("loses", impact.lost),
    ...named(mayDoEither, impact.unclear),
    ...toldOnce(
      "somebody whom RMS does not know gets another decision, of which nobody can tell whether it lets them in",
      impact.strangers.unclear,
    ),
    ...toldOnce("somebody whom RMS does not know gets another decision", onlyChanged(impact.strangers)),
    ...toldOnce("somebody whom RMS does not know may no longer", impact.strangers.lost),
    ...toldOnce(
      "whether somebody whom RMS does not know may takes too long or too much memory to decide",
      impact.strangers.unknown,
    ),
    ...reach(impact),
  ];
}

/** For a comment on a change. */
export function impactMarkdown(impact: KnownImpact): readonly string[] {
  const rows = (effect: string, { subjects } = nobody): readonly string[] =>
    subjects.map(
      ({ subject, roles, requests }) =>
        `| ${effect} | ${cell(subject)} | ${cell(roles.join(", "))} | ${cell(requests.join(", "))} |`,
    );
  const all = [...rows("gains", impact.gained), ...rows("loses", impact.lost), ...rows(mayDoEither, impact.unclear)];
  const table = all.length === 0 ? [] : ["| | person | roles | requests |", "|---|---|---|---|", ...all, ""];
  return [`**${cell(impactSummary(impact))}**`, "", ...table, ...reach(impact).map((line) => `- ${cell(line.trim())}`)];
}

function toldOnce(what: string, names: readonly string[] = []): readonly string[] {
  return names.length === 0 ? [] : [`  ${what}: ${names.join(", ")}`];
}

function onlyChanged({ changed = [], unclear = [] }: KnownImpact["strangers"]): readonly string[] {
  return changed.filter((name) => !unclear.includes(name));
}

const cell = (text: string): string => text.replaceAll(/[\\|*_`<>[\]]/g, "\\$&").replaceAll("\n", " ");

function named(effect: string, { people, subjects } = nobody): readonly string[] {
  const lines = subjects.slice(0, mostNamed).map(({ subject, roles, requests }) => {
    const held = roles.length === 0 ? "no roles" : roles.join(", ");
    return `  ${effect}  ${subject} (${held}): ${requests.join(", ")}`;
  });
  return people > lines.length ? [...lines, `  ${effect}  and ${people - lines.length} more`] : lines;
}

/** What the comparison knows, and what it does not. */
function reach({
  basis,
  entrypoint,
  entrypoints = [entrypoint],
  refusals,
  people,
  requests,
  changed,
  withoutSubject,
  lackingSamples = [],
  recorded,
  clock = [],
}: KnownImpact): readonly string[] {
  const decided = entrypoints.length;
  const inputs = requests.length / decided;
  const least = Math.min(...requests.map(({ covered }) => covered));
  const failed = requests.filter((one) => one.failed > 0).map(({ name }) => name);
  const otherwise = requests.filter((one) => one.changed > 0).map(({ name }) => name);
  const { read, masked, gained, lost } = recorded;
  return [
    requests.length === 0
      ? "  no request says who asks, so that nobody was decided for"
      : `  ${least === people ? `all ${people}` : `${least} of ${people}`} people in ${inputs === 1 ? "1 request" : `${inputs} requests`}${decided > 1 ? ` by ${decided} entrypoints` : ""}, ${
          basis === "each" ? "each by themselves" : "those of equal roles together, but for those whom the policy names"
        }`,
    ...toldOnce("keeps people out where it says anything, so that whom it lets alone gains", refusals),
    ...(changed === undefined || changed.people === 0
      ? []
      : [
          `  ${counted(changed.people)} ${changed.people === 1 ? "gets" : "get"} another decision, or an error, where they are not known to gain or lose`,
        ]),
    ...toldOnce("another decision, though nobody is known to gain or lose by it", otherwise),
    ...toldOnce("fails now", failed),
    ...toldOnce("nobody who is known asks", withoutSubject),
    ...toldOnce("not in the version, and decided all the same", lackingSamples),
    ...(clock.length === 0
      ? []
      : [`  decided as of now; the policies call ${clock.join(", ")}, so another time may decide otherwise`]),
    ...(read === 0
      ? []
      : [
          `  of ${read} logged decisions ${gained} become yes, ${lost} no, ${recorded.changed} something else; ${masked} are masked`,
        ]),
  ];
}
