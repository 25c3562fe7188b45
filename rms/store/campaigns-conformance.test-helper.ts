// What every driver of the store must do with campaigns, as tests.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CampaignDecision, CampaignItem, NewCampaign } from "./campaigns.ts";
import type { Recording } from "./roles.ts";
import type { Store } from "./store.ts";

const second = 1_000_000;
const by = (at: number): Recording => ({ at: at * second, actor: "ann", reason: "tested" });
const campaign: NewCampaign = {
  title: "Spring",
  scope: { risks: ["high"], before: 100 },
  reviewers: "manager",
  fallback: "eve",
  at: 10,
  openedBy: "ann",
  due: 20,
  undecided: "end",
};
const decision = (decision: "keep" | "end", at: number): CampaignDecision => ({
  decision,
  actor: "mia",
  reason: "looked",
  at: at * second,
});
const ann = { role: "seller", subject: "ann" };
const bob = { role: "seller", subject: "bob" };

export function campaignConformance(driver: string, open: () => Promise<{ store: Store; remove(): Promise<void> }>): void {
  describe(`campaigns in ${driver}`, () => {
    let store: Store;
    let remove: () => Promise<void>;

    const states = async (): Promise<readonly string[]> =>
      (await store.campaigns.items("shop", 1, { limit: 9 })).map(
        ({ subject, member, decided }: CampaignItem) => `${subject} ${decided?.decision ?? (member ? "undecided" : "gone")}`,
      );

    beforeEach(async () => {
      ({ store, remove } = await open());
      await store.transaction(async (tx) => {
        const more = { title: "", owners: [], maxAge: 60, builtins: [], includeMembers: false, at: 1 };
        for (const id of ["shop", "other"]) await tx.domains.create({ id, package: id, ...more });
        await tx.roles.put("shop", { id: "seller", includes: [], responsibilities: [] }, by(2));
        for (const subject of ["ann", "bob"])
          await tx.roles.putMember("shop", "seller", { subject, from: undefined, until: 99 }, by(3));
        expect(await tx.campaigns.open("shop", campaign)).toBe(1);
        await tx.campaigns.add("shop", 1, [
          { ...ann, reviewer: "mia" },
          { ...bob, reviewer: undefined },
        ]);
      });
    });
    afterEach(async () => {
      await store.close();
      await remove();
    });

    test("a campaign and its memberships come back as they were given, and only of their domain", async () => {
      const counts = { items: 2, keep: 0, end: 0, undecided: 2, gone: 0 };
      expect(await store.campaigns.get("shop", 1)).toEqual({ ...campaign, number: 1, signed: undefined, counts });
      expect([await store.campaigns.unsigned("shop"), await store.campaigns.unsigned("other")]).toEqual([1, 0]);
      expect(await store.campaigns.get("other", 1)).toBeUndefined();
      const member = { since: 3 * second, by: "ann", reason: "tested", from: undefined, until: 99, origin: undefined };
      expect(await store.campaigns.items("shop", 1, { limit: 1 })).toEqual([
        { ...ann, reviewer: "mia", member, decided: undefined },
      ]);
      expect(await store.campaigns.items("shop", 1, { limit: 9, after: ann })).toMatchObject([bob]);
      expect(await store.campaigns.items("shop", 1, { limit: 9, reviewer: "mia" })).toMatchObject([ann]);
      expect(await store.campaigns.itemsNamed("shop", 1, [bob, { ...bob, role: "none" }])).toMatchObject([bob]);
    });

    test("campaigns are numbered in their domain, the newest first", async () => {
      expect(await store.transaction((tx) => tx.campaigns.open("shop", campaign))).toBe(2);
      expect(await store.transaction((tx) => tx.campaigns.open("other", campaign))).toBe(1);
      expect((await store.campaigns.list("shop", { limit: 9 })).map(({ number }) => number)).toEqual([2, 1]);
      expect((await store.campaigns.list("shop", { limit: 9, after: 2 })).map(({ number }) => number)).toEqual([1]);
    });

    test("a decision may be made again, and is of the membership that stood then", async () => {
      await store.transaction((tx) => tx.campaigns.decide("shop", 1, [ann, bob], decision("end", 11)));
      await store.transaction((tx) => tx.campaigns.decide("shop", 1, [ann], decision("keep", 12)));
      expect(await states()).toEqual(["ann keep", "bob end"]);
      expect(await store.campaigns.items("shop", 1, { limit: 9, state: "end" })).toMatchObject([
        { ...bob, decided: decision("end", 11) },
      ]);
      await store.transaction((tx) => tx.roles.putMember("shop", "seller", { subject: "ann", from: 1, until: 98 }, by(13)));
      await store.transaction((tx) => tx.roles.endMember("shop", "seller", "bob", by(13)));
      expect(await states()).toEqual(["ann undecided", "bob gone"]);
      expect((await store.campaigns.get("shop", 1))?.counts).toEqual({ items: 2, keep: 0, end: 0, undecided: 1, gone: 1 });
      for (const [state, found] of [["undecided", ann] as const, ["gone", bob] as const])
        expect(await store.campaigns.items("shop", 1, { limit: 9, state })).toMatchObject([found]);
    });

    test("what is signed stays, whatever becomes of the memberships", async () => {
      await store.transaction(async (tx) => {
        await tx.campaigns.decide("shop", 1, [ann], decision("keep", 11));
        await tx.roles.endMember("shop", "seller", "bob", by(12));
        await tx.campaigns.assign("shop", 1, [ann], "tom");
        await tx.campaigns.sign("shop", 1, { at: 14, actor: "olga", digest: "d" });
      });
      await store.transaction((tx) => tx.roles.endMember("shop", "seller", "ann", by(15)));
      expect(await store.campaigns.get("shop", 1)).toMatchObject({
        signed: { at: 14, actor: "olga", digest: "d" },
        counts: { items: 2, keep: 1, end: 0, undecided: 0, gone: 1 },
      });
      expect(await states()).toEqual(["ann keep", "bob gone"]);
      for (const change of [
        store.transaction((tx) => tx.campaigns.decide("shop", 1, [ann], decision("end", 16))),
        store.transaction((tx) => tx.campaigns.assign("shop", 1, [ann], "eve")),
      ])
        await expect(change).rejects.toThrow("a signed campaign never changes");
    });

    test("what is due and ends by itself is told until it is signed", async () => {
      await store.transaction((tx) => tx.campaigns.open("other", { ...campaign, undecided: "keep" }));
      expect(await store.campaigns.overdue(19)).toEqual([]);
      expect(await store.campaigns.overdue(20)).toEqual([{ domain: "shop", number: 1 }]);
      await store.transaction((tx) => tx.campaigns.sign("shop", 1, { at: 20, actor: "olga", digest: "d" }));
      expect(await store.campaigns.overdue(20)).toEqual([]);
    });
  });
}
