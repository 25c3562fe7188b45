// What held at a time, as it was known at one: against timelines that are kept beside the store, and against what builds had then.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openSqliteStore } from "./store.ts";

const second = 1_000_000;
const subjects = ["ann", "bob"];

interface Act {
  readonly kind: "put" | "end" | "suspend" | "restore";
  readonly subject: string;
  /** Seconds from the time of the act. */
  readonly from: number | undefined;
  readonly length: number | undefined;
}

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom("put", "put", "put", "end", "suspend", "restore"),
  subject: fc.constantFrom(...subjects),
  from: fc.option(fc.integer({ min: -40, max: 30 }), { nil: undefined }),
  length: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
});

/** When a membership holds, as it is known after some acts: half-open spans of seconds. */
type Timeline = readonly (readonly [from: number, until: number])[];

const before = (line: Timeline, end: number): Timeline =>
  line.flatMap(([from, until]) => (from < end ? [[from, Math.min(until, end)] as const] : []));

/** The timeline after an act at that time: what was before stays, unless the act says otherwise of a time in the past. */
function after(line: Timeline, { kind, from, length }: Act, now: number): Timeline {
  if (kind === "end") return before(line, now);
  if (kind !== "put") return line;
  const start = from === undefined ? now : now + from;
  const end = length === undefined ? Number.POSITIVE_INFINITY : start + length;
  // Without a beginning it has counted for ever as far as a build is concerned, and from now on in the record.
  return [...before(line, Math.min(now, start)), [start, end] as const];
}

test("a question about any time, with the knowledge of any time, is answered as the acts until then say", async () => {
  const folder = mkdtempSync(join(tmpdir(), "past-"));
  let run = 0;
  const store = openSqliteStore(join(folder, "rms.db"));
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (acts) => {
      const domain = `d${run++}`;
      const by = (at: number) => ({ at: at * second, actor: "a", reason: "" });
      await store.transaction(async (tx) => {
        const more = { title: "", owners: [], maxAge: 60, builtins: [], includeMembers: false, at: 0 };
        await tx.domains.create({ id: domain, package: domain, ...more });
        await tx.roles.put(domain, { id: "r", includes: [], responsibilities: [] }, by(1));
      });
      const known: { readonly at: number; readonly lines: ReadonlyMap<string, Timeline>; readonly out: ReadonlySet<string> }[] = [
        { at: 1, lines: new Map(subjects.map((one) => [one, []])), out: new Set() },
      ];
      for (const [index, one] of acts.entries()) {
        const now = 100 + index * 10;
        const { subject, from, length } = one;
        const last = known.at(-1)!;
        const out = new Set(last.out);
        await store.transaction(async (tx) => {
          const start = from === undefined ? undefined : now + from;
          const until = length === undefined ? undefined : (start ?? now) + length;
          if (one.kind === "put") await tx.roles.putMember(domain, "r", { subject, from: start, until }, by(now));
          else if (one.kind === "end") await tx.roles.endMember(domain, "r", subject, by(now));
          else if (one.kind === "suspend") await tx.roles.suspend(domain, subject, by(now));
          else await tx.roles.restore(domain, subject, by(now));
        });
        if (one.kind === "suspend") out.add(subject);
        if (one.kind === "restore") out.delete(subject);
        known.push({ at: now, lines: new Map(last.lines).set(subject, after(last.lines.get(subject)!, one, now)), out });
      }
      const holders = async (at: number, knownAt: number): Promise<unknown> => {
        const moment = { at: at * second, knownAt: knownAt * second };
        const { roles, suspended } = await store.roles.factsAt(domain, moment);
        const members = roles.flatMap((role) => role.members.map(({ subject }) => subject));
        const named = async (only: Parameters<typeof store.roles.membersAt>[2]): Promise<readonly string[]> =>
          (await store.roles.membersAt(domain, moment, only)).map(({ subject }) => subject);
        expect(await named({ roles: ["other", "r"] })).toEqual(members);
        expect(await named({ subject: "ann" })).toEqual(members.filter((subject) => subject === "ann"));
        return { members, suspended };
      };
      for (const knowing of known) {
        // Times at which an act, or the edge of a span, makes a difference, and in between.
        for (let at = 55; at < 230; at += 5) {
          const recorded = known.findLast((one) => one.at <= Math.min(at, knowing.at))!;
          const holds = (line: Timeline): boolean => line.some(([from, until]) => from <= at && at < until);
          expect(await holders(at, knowing.at), `${JSON.stringify(acts)} at ${at}, known at ${knowing.at}`).toEqual({
            members: subjects.filter((subject) => holds(knowing.lines.get(subject)!)),
            suspended: [...recorded.out].sort(),
          });
        }
      }
      // The golden rule: what builds have now is what is known now of now.
      const now = known.at(-1)!.at;
      const { facts } = await store.roles.facts(domain);
      const built = facts.roles.flatMap(({ members }) =>
        members.filter(({ from = 0, until = Infinity }) => from <= now && now < until).map(({ subject }) => subject),
      );
      expect(await holders(now, now)).toEqual({ members: built, suspended: facts.suspended });
    }),
    { numRuns: 25 },
  );
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the time of a question grows with the members, not with their square", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rms-past-"));
  const store = openSqliteStore(join(folder, "rms.db"));
  const domain = "shop";
  const many = Array.from({ length: 5000 }, (_, n) => `user-${n}`);
  await store.transaction(async (tx) => {
    await tx.domains.create({
      id: domain,
      title: "",
      package: domain,
      owners: [],
      maxAge: 900,
      builtins: [],
      includeMembers: false,
      at: 0,
    });
    await tx.roles.put(domain, { id: "r", includes: [], responsibilities: [] }, { at: second, actor: "ann", reason: "" });
    // Each correction of the past replaces what every question about it must leave out.
    for (const at of [2, 3, 4]) {
      const changes = many.map((subject) => ({
        subject,
        member: { from: at === 2 ? undefined : at - 2, until: undefined },
        reason: "",
      }));
      await tx.roles.changeMembers(domain, "r", changes, { at: at * second, actor: "ann" });
    }
  });
  const started = process.cpuUsage();
  const { roles } = await store.roles.factsAt(domain, { at: 2.5 * second, knownAt: 5 * second });
  const { user, system } = process.cpuUsage(started);
  expect(roles[0]?.members.length).toBe(many.length);
  // 0.05 s; with a scan of all corrections for each member it is 3 s and more.
  expect((user + system) / 1e6).toBeLessThan(1);
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
