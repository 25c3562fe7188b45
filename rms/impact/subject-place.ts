// Where in a request it stands who asks: a text that is the id of somebody whom RMS knows.

/** Names under which requests say who asks; the first in this order counts where several people are in one. */
const usual = [
  "user",
  "subject",
  "sub",
  "principal",
  "username",
  "userid",
  "uid",
  "email",
  "mail",
  "actor",
  "caller",
  "requester",
];
const deepest = 16;

/** JSON Pointers of all texts that are ids of known people, in the order of the document. */
function places(value: unknown, isKnown: (id: string) => boolean, at = "", depth = 0): readonly string[] {
  if (typeof value === "string") return isKnown(value) ? [at] : [];
  if (typeof value !== "object" || value === null || depth === deepest) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    places(item, isKnown, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, depth + 1),
  );
}

/** Undefined where nobody known is in the request. Of several places the one with the most usual name counts, then the one nearest to the top. */
export function subjectPlace(input: unknown, isKnown: (id: string) => boolean): string | undefined {
  const found = places(input, isKnown).map((place) => ({ place, rank: rankOf(place), depth: place.split("/").length }));
  return found.sort((a, b) => a.rank - b.rank || a.depth - b.depth)[0]?.place;
}

/** By the name itself, or that of what holds it, as in `user.id`. */
function rankOf(place: string): number {
  const names = place
    .split("/")
    .slice(-2)
    .map((name) => usual.indexOf(name.toLowerCase().replaceAll(/[_-]/g, "")));
  return Math.min(...names.map((rank) => (rank < 0 ? usual.length : rank)));
}

/** The request with somebody else at the place; undefined where it has no such place. */
export function withSubject(input: unknown, place: string, subject: string): unknown {
  const [, ...keys] = place.split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return replaced(input, keys, subject);
}

function replaced(value: unknown, keys: readonly string[], subject: string): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return subject;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (String(index) === key ? replaced(item, rest, subject) : item));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === key ? replaced(item, rest, subject) : item]),
  );
}
