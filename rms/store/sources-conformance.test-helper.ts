// What every driver of the store must do with sources of people, as tests.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Recording } from "./roles.ts";
import type { SourcedSubject, SourceRun, SourceSettings } from "./sources.ts";
import type { Store } from "./store.ts";

const second = 1_000_000;
const by = (at: number): Recording => ({ at: at * second, actor: "ann", reason: "tested" });
const settings: SourceSettings = { kind: "csv", file: "x.csv", map: { subject: "id" }, directory: "ldap", maxAge: 60 };
const said = (more: Partial<SourcedSubject> = {}): SourcedSubject => ({ status: "active", attributes: {}, groups: [], ...more });
const run = (at: number, result: SourceRun["result"]): Omit<SourceRun, "number"> => ({
  ...{ at, ended: at + 1, result, actor: "ann", reason: "", message: "", digest: "d", consent: undefined },
  delta: { counts: {} },
});

export function sourceConformance(driver: string, open: () => Promise<{ store: Store; remove(): Promise<void> }>): void {
  describe(`sources of people in ${driver}`, () => {
    let store: Store;
    let remove: () => Promise<void>;

    beforeEach(async () => {
      ({ store, remove } = await open());
      await store.transaction(async (tx) => {
        const more = { title: "", owners: [], maxAge: 60, builtins: [], includeMembers: false, at: 1 };
        for (const id of ["shop", "other"]) await tx.domains.create({ id, package: id, ...more });
        await tx.roles.put("shop", { id: "seller", includes: [], responsibilities: [] }, by(2));
        await tx.sources.put("shop", "hr", settings, by(3));
      });
    });
    afterEach(async () => {
      await store.close();
      await remove();
    });

    test("settings come back as they were given, and only of their domain", async () => {
      const hr = { id: "hr", settings, at: 3 * second, actor: "ann" };
      expect(await store.sources.get("shop", "hr")).toEqual(hr);
      expect(await store.sources.get("other", "hr")).toBeUndefined();
      await store.transaction((tx) => tx.sources.put("shop", "ad", { ...settings, every: 60 }, by(4)));
      expect((await store.sources.list("shop")).map(({ id }) => id)).toEqual(["ad", "hr"]);
      expect((await store.sources.list("shop", { limit: 9, after: "ad" })).map(({ id }) => id)).toEqual(["hr"]);
      expect((await store.sources.all()).map(({ domain, id }) => `${domain}/${id}`)).toEqual(["shop/ad", "shop/hr"]);
    });

    test("what a source says is in the facts of now and of then; who has left is in nothing", async () => {
      const first = new Map([
        ["ann", said({ manager: "mia", attributes: { department: "eu" }, groups: ["Sales"] })],
        ["__proto__", said({ groups: ["__proto__"] })],
        ["bob", said({ status: "left", groups: ["Sales"], attributes: { department: "eu" } })],
      ]);
      await store.transaction(async (tx) => {
        await tx.sources.record("shop", "hr", first, 5 * second);
        await tx.domains.factsChanged("shop", 5 * second);
        await tx.sources.record("shop", "hr", new Map([["ann", undefined]]), 9 * second);
        await tx.domains.factsChanged("shop", 9 * second);
      });
      expect([...(await store.sources.subjects("shop", "hr")).keys()]).toEqual(["__proto__", "bob"]);
      expect(await store.roles.subjects("shop", { limit: 9 })).toEqual(["__proto__", "bob"]);
      const then = {
        directories: {
          ldap: {
            groups: Object.fromEntries([
              ["Sales", ["ann"]],
              ["__proto__", ["__proto__"]],
            ]),
          },
        },
        attributes: Object.fromEntries([
          ["__proto__", {}],
          ["ann", { department: "eu", manager: "mia" }],
        ]),
      };
      const snapshot = await store.domains.snapshot("shop", 2);
      expect(snapshot && (await store.roles.factsOf("shop", snapshot))).toMatchObject(then);
      expect(await store.roles.factsAt("shop", { at: 6 * second, knownAt: 20 * second })).toMatchObject(then);
      const { facts } = await store.roles.facts("shop");
      expect([Object.keys(facts.attributes ?? {}), Object.keys(facts.directories?.["ldap"]?.groups ?? {})]).toEqual([
        ["__proto__"],
        ["__proto__"],
      ]);
      expect(await store.sources.sayings("shop", "bob")).toEqual(new Map([["hr", first.get("bob")]]));
      expect((await store.roles.facts("other")).facts.attributes).toBeUndefined();
    });

    test("wishes: withheld while somebody ended the membership by hand, and free again with the next one by hand", async () => {
      const wish = { role: "seller", subject: "ann" };
      const member = { subject: "ann", from: undefined, until: undefined };
      const withheld = async (): Promise<unknown> => (await store.sources.wishes("shop", "hr")).map((one) => one.withheld);
      await store.transaction(async (tx) => {
        await tx.sources.wish("shop", "hr", [wish]);
        await tx.roles.putMember("shop", "seller", { ...member, origin: "hr" }, by(5));
      });
      expect(await store.roles.member("shop", "seller", "ann")).toEqual({ ...member, origin: "hr" });
      expect([await withheld(), await store.sources.rolesOf("shop", "hr")]).toEqual([[false], ["seller"]]);
      expect(await store.sources.otherWisher("shop", "ad", "seller", "ann")).toBe("hr");
      await store.transaction((tx) => tx.roles.endMember("shop", "seller", "ann", by(6)));
      expect([await withheld(), await store.sources.otherWisher("shop", "ad", "seller", "ann")]).toEqual([[true], undefined]);
      await store.transaction((tx) => tx.roles.putMember("shop", "seller", member, by(7)));
      expect(await withheld()).toEqual([false]);
      const ends = [{ subject: "ann", member: undefined, reason: "" }];
      await store.transaction((tx) => tx.roles.changeMembers("shop", "seller", ends, by(8), true));
      expect(await withheld()).toEqual([false]);
      await store.transaction((tx) => tx.sources.unwish("shop", "hr", [wish]));
      expect(await withheld()).toEqual([]);
    });

    test("runs are counted; the last good one says how fresh the source is, also then", async () => {
      const add = (at: number, result: SourceRun["result"]): Promise<SourceRun> =>
        store.transaction((tx) => tx.sources.addRun("shop", "hr", run(at, result)));
      expect(await store.sources.freshness("shop")).toEqual({});
      await add(10, "changed");
      expect((await add(20, "unchanged")).number).toBe(2);
      await add(30, "failed");
      await add(40, "refused");
      expect((await store.sources.lastRun("shop", "hr"))?.result).toBe("refused");
      expect((await store.sources.lastGoodRun("shop", "hr"))?.at).toBe(20);
      expect(await store.sources.misses("shop", "hr")).toBe(2);
      expect((await store.sources.runs("shop", "hr", { limit: 2, after: 4 })).map(({ number }) => number)).toEqual([3, 2]);
      expect(await store.sources.freshness("shop")).toEqual({ hr: { asOf: 20, freshUntil: 80, required: false } });
      expect(await store.sources.freshness("shop", 15)).toEqual({ hr: { asOf: 10, freshUntil: 70, required: false } });
      expect(await store.sources.freshness("shop", 2)).toEqual({});
      await store.transaction((tx) => tx.sources.thinRuns(100));
      expect((await store.sources.runs("shop", "hr", { limit: 9 })).map(({ number }) => number)).toEqual([4, 3, 2, 1]);
      await add(50, "unchanged");
      await store.transaction((tx) => tx.sources.thinRuns(100));
      expect((await store.sources.runs("shop", "hr", { limit: 9 })).map(({ number }) => number)).toEqual([5, 4, 1]);
      // The clock was ahead by then.
      await add(45, "unchanged");
      expect((await store.sources.freshness("shop"))["hr"]?.asOf).toBe(45);
    });

    test("the end of a source ends what it brought and nothing else", async () => {
      const member = (subject: string, origin?: string) => ({ subject, from: undefined, until: undefined, origin });
      await store.transaction(async (tx) => {
        await tx.sources.record("shop", "hr", new Map([["ann", said()]]), 5 * second);
        await tx.sources.wish("shop", "hr", [{ role: "seller", subject: "ann" }]);
        await tx.roles.putMember("shop", "seller", member("ann", "hr"), by(5));
        await tx.roles.putMember("shop", "seller", member("bob"), by(5));
        await tx.roles.suspend("shop", "eve", by(5), "hr");
      });
      expect(await store.roles.suspendedBySources("shop")).toEqual(new Set(["eve"]));
      expect(await store.transaction((tx) => tx.sources.end("shop", "hr", by(6)))).toBe(1);
      expect(await store.sources.get("shop", "hr")).toBeUndefined();
      expect([(await store.sources.subjects("shop", "hr")).size, await store.sources.wishes("shop", "hr")]).toEqual([0, []]);
      expect((await store.roles.members("shop", "seller")).map(({ subject }) => subject)).toEqual(["bob"]);
      expect(await store.roles.isSuspended("shop", "eve")).toBe(true);
      expect((await store.roles.facts("shop")).facts.attributes).toBeUndefined();
      expect(await store.sources.faults()).toEqual([]);
    });

    test("everybody whom a source knows, with the manager: of two that differ the last counts, and who has left is nobody", async () => {
      await store.transaction(async (tx) => {
        await tx.sources.put("shop", "ad", settings, by(4));
        const people = {
          ann: said({ manager: "mia" }),
          bob: said(),
          eve: said({ status: "left" }),
          gus: said({ manager: "mia" }),
        };
        await tx.sources.record("shop", "ad", new Map(Object.entries(people)), 5 * second);
        await tx.sources.record(
          "shop",
          "hr",
          new Map([
            ["ann", said({ manager: "tom" })],
            ["gus", said()],
          ]),
          5 * second,
        );
      });
      expect(Object.fromEntries(await store.sources.people("shop"))).toEqual({ ann: "tom", bob: undefined, gus: "mia" });
      expect((await store.sources.people("other")).size).toBe(0);
      const since = { at: 6 * second, actor: "ann", reason: "" };
      await store.transaction((tx) =>
        tx.roles.putMember("shop", "seller", { subject: "ann", from: undefined, until: undefined }, since),
      );
      expect(await store.roles.recordedSince("shop", "seller")).toEqual(new Map([["ann", 6 * second]]));
    });

    test("what is of a source that is not there is told", async () => {
      await store.transaction(async (tx) => {
        await tx.roles.putMember("shop", "seller", { subject: "ann", from: undefined, until: undefined, origin: "gone" }, by(5));
        await tx.sources.record("shop", "gone", new Map([["ann", said()]]), 5 * second);
        await tx.sources.wish("other", "gone", [{ role: "seller", subject: "ann" }]);
      });
      expect(await store.sources.faults()).toEqual([
        "there are memberships of the source shop/gone, which is not there",
        "there are subjects of the source shop/gone, which is not there",
        "there are wishes of the source other/gone, which is not there",
      ]);
    });

    test("reviews: numbered in their domain, one open for a subject, each role decided once", async () => {
      const review = { subject: "ann", source: "hr", at: 10, due: 20, from: { manager: "mia" }, to: {}, manager: undefined };
      const open = (domain: string, subject: string, undecided: "keep" | "end"): Promise<number> =>
        store.transaction((tx) => tx.reviews.open(domain, { ...review, subject, undecided }, ["seller", "auditor"]));
      expect(await open("shop", "ann", "end")).toBe(1);
      expect(await open("shop", "bob", "keep")).toBe(2);
      expect(await open("other", "ann", "end")).toBe(1);
      await expect(open("shop", "ann", "end")).rejects.toThrow();
      const decided = { decision: "end", actor: "eve", reason: "moved", at: 15 } as const;
      await store.transaction((tx) => tx.reviews.decide("shop", 1, "seller", decided));
      await store.transaction((tx) => tx.reviews.decide("shop", 1, "seller", { ...decided, decision: "keep" }));
      const items = [
        { role: "auditor", decided: undefined },
        { role: "seller", decided },
      ];
      expect(await store.reviews.get("shop", 1)).toEqual({ ...review, number: 1, undecided: "end", closed: undefined, items });
      expect((await store.reviews.list("shop", { limit: 1 })).map(({ number }) => number)).toEqual([2]);
      expect((await store.reviews.list("shop", { limit: 9, after: 2 })).map(({ number }) => number)).toEqual([1]);
      expect(await store.reviews.overdue(19)).toEqual([]);
      expect((await store.reviews.overdue(20)).map(({ domain, subject }) => `${domain}/${subject}`)).toEqual([
        "other/ann",
        "shop/ann",
      ]);
      await store.transaction((tx) => tx.reviews.close("shop", 1, 30));
      expect([await store.reviews.openOf("shop", "ann"), (await store.reviews.get("shop", 1))?.closed]).toEqual([undefined, 30]);
      expect((await store.reviews.openOf("shop", "bob"))?.number).toBe(2);
    });
  });
}
