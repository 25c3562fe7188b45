// Times of the week as cron writes them, in UTC: minute, hour, day of the month, month, day of the week.

/** What each field takes. */
const fields = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of the month", least: 1, most: 31 },
  { name: "month", least: 1, most: 12 },
  { name: "day of the week", least: 0, most: 7 },
] as const;

export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  isDay(date: Date): boolean;
}

/** The times, or what is wrong with the text. */
export function readCron(text: string): Cron | { readonly fault: string } {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== fields.length)
    return { fault: `has ${parts.length} fields, where there are five: ${fields.map(({ name }) => name).join(", ")}` };
  const sets: ReadonlySet<number>[] = [];
  for (const [index, { name, least, most }] of fields.entries()) {
    const part = parts[index]!;
    const values = valuesOf(part, least, most);
    if (values === undefined)
      return { fault: `has the ${name} ${part}: that is *, numbers from ${least} to ${most}, or ranges, with / for steps` };
    sets.push(values);
  }
  const [minutes, hours, days, months, weekdays] = sets as [ReadonlySet<number>, ReadonlySet<number>, ...typeof sets];
  const [anyDay, anyWeekday] = [parts[2]!.startsWith("*"), parts[4]!.startsWith("*")];
  const isDay = (date: Date): boolean => {
    if (months?.has(date.getUTCMonth() + 1) !== true) return false;
    const inMonth = days?.has(date.getUTCDate()) === true;
    const inWeek = weekdays?.has(date.getUTCDay()) === true || (date.getUTCDay() === 0 && weekdays?.has(7) === true);
    // Where both are named, either does: so it is with cron.
    return anyDay || anyWeekday ? inMonth && inWeek : inMonth || inWeek;
  };
  return { minutes: sorted(minutes), hours: sorted(hours), isDay };
}

const sorted = (values: ReadonlySet<number>): readonly number[] => [...values].sort((a, b) => a - b);

function valuesOf(text: string, least: number, most: number): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  for (const item of text.split(",")) {
    const parts = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(item);
    if (parts === null) return undefined;
    const [, first, last, step] = parts;
    const from = first === undefined ? least : Number(first);
    const to = last !== undefined ? Number(last) : first === undefined || step !== undefined ? most : from;
    const by = Number(step ?? 1);
    if (from < least || to > most || from > to || by === 0) return undefined;
    for (let value = from; value <= to; value += by) found.add(value);
  }
  return found;
}

const day = 86_400;
/** From one 29 February to the next there may be eight years. */
const longest = 8 * 366;

/** Seconds since 1970: the first time of the cron after a time; infinite where there is none, as on 30 February. */
export function nextTime({ minutes, hours, isDay }: Cron, after: number): number {
  const today = Math.floor(after / day) * day;
  for (let days = 0; days <= longest; days++) {
    const start = today + days * day;
    if (!isDay(new Date(start * 1000))) continue;
    for (const hour of hours)
      for (const minute of minutes) {
        const at = start + hour * 3600 + minute * 60;
        if (at > after) return at;
      }
  }
  return Number.POSITIVE_INFINITY;
}
