// What a debugger shows at an event: the variables of a frame, input, data, the values of rules that are known, and the results so far.
import { readRegoText } from "#evaluation/rego-text.ts";
import { RegoSet } from "#evaluation/value.ts";
import type { Frame, Frames } from "./frames.ts";
import type { Subject } from "./subject.ts";
import { inside, type Shown, shown, shownText } from "./values.ts";

/** The variables of a frame; where a rule has its value, that too. */
export function localsIn(frames: Frames, { event }: Frame): readonly Shown[] {
  const returned = frames.returnedAt(event);
  const result = returned === undefined ? [] : [shownText(`→ ${returned.name}`, returned.value)];
  return [...result, ...[...frames.localsAt(event)].map(([name, text]) => shownText(name, text, name))];
}

/** Rules with the values that they are known to have, by their refs. */
export function knownAt({ timeline }: Frames, event: number): readonly Shown[] {
  const { cache } = timeline.event(event);
  const values = new Map<string, string>();
  for (const change of timeline.recording.known) {
    if (change.event > event) break;
    if (change.cache !== cache) continue;
    if (change.added === undefined) values.clear();
    else values.set(...change.added);
  }
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([ref, text]) => shownText(ref, text, ref));
}

/** The solutions that the evaluation has come to by now. */
export function resultsAt({ timeline }: Frames, { results, runs }: Subject, until: number): readonly Shown[] {
  const shownResults: Shown[] = [];
  for (const [at, root] of timeline.roots.entries()) {
    const name = runs[at]?.name ?? "query";
    let count = 0;
    for (
      let event: number | undefined = timeline.first(root);
      event !== undefined && event <= until;
      event = timeline.after(event)
    ) {
      const { op, locals } = timeline.event(event);
      if (op !== "Exit") continue;
      count++;
      const values =
        results.size === 0 ? [...locals].slice(0, 1).map(([, text]) => [name, text] as const) : named(results, locals);
      for (const [label, text] of values) shownResults.push(shownText(count === 1 ? label : `${label} (${count})`, text));
    }
  }
  return shownResults;
}

function named(
  results: ReadonlyMap<string, string>,
  locals: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  return [...results].flatMap(([name, label]) => {
    const text = locals.get(name);
    return text === undefined ? [] : [[label, text] as const];
  });
}

/** A document as a scope shows it: what is in it; itself where it is no object. */
export function documentScope(name: string, text: string): readonly Shown[] {
  const value = readRegoText(text);
  const whole = shown(name, value, name);
  return whole.named > 0 || (whole.indexed > 0 && !(value instanceof RegoSet)) ? inside(whole) : [whole];
}
