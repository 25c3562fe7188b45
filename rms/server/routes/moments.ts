// The time that a question is about, and the time whose knowledge answers it.
import type { Moment } from "../../store/roles.ts";
import { invalid } from "../http/problem.ts";
import type { Call } from "../http/route.ts";
import { micros, microsText } from "../times.ts";

/** Of `at` and `knownAt`; undefined for a question about now. What is not named is now; nothing is known of the future. */
export function momentOf({ rms }: Pick<Call, "rms">, at: string | undefined, knownAt: string | undefined): Moment | undefined {
  if (at === undefined && knownAt === undefined) return undefined;
  const now = micros(rms.now());
  const time = (text: string | undefined): number => (text === undefined ? now : micros(new Date(text)));
  const moment = { at: time(at), knownAt: time(knownAt) };
  if (moment.knownAt > now) throw invalid("knownAt is in the future: what will be known then, nobody can say.");
  return moment;
}

/** As answers name it. */
export function momentItem({ at, knownAt }: Moment): Readonly<Record<"at" | "knownAt", string>> {
  return { at: microsText(at), knownAt: microsText(knownAt) };
}
