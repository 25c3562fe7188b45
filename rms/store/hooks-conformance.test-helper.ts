// What every driver of the store must do with hooks, as tests.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { appendAudit } from "./audit-log.ts";
import { type Hook, longestPause } from "./hooks.ts";
import type { Store } from "./store.ts";

const hook: Hook = {
  domain: "shop",
  id: "iam",
  settings: { url: "https://iam.example/", secret: "env:KEY", actions: ["member.*"] },
  actor: "ann",
  at: 10,
  told: 0,
  pending: undefined,
  misses: 0,
  message: "",
  next: 0,
};

const missed = { told: 2, pending: 3, misses: 1, message: "no answer", next: 50 };

export function hookConformance(driver: string, open: () => Promise<{ store: Store; remove(): Promise<void> }>): void {
  describe(`hooks in ${driver}`, () => {
    let store: Store;
    let remove: () => Promise<void>;

    const happens = (domain: string): Promise<void> =>
      store.transaction((tx) => {
        const event = { actor: "ann", action: "member.put", domain, object: domain, requestId: "", reason: "" };
        return appendAudit(tx, event, new Date(0));
      });

    beforeEach(async () => {
      ({ store, remove } = await open());
      await store.transaction(async (tx) => {
        const more = { title: "", owners: [], maxAge: 60, builtins: [], includeMembers: false, at: 1 };
        for (const id of ["shop", "other"]) await tx.domains.create({ id, package: id, ...more });
        await tx.hooks.put(hook);
      });
    });
    afterEach(async () => {
      await store.close();
      await remove();
    });

    test("a hook comes back as it was given, until it is removed", async () => {
      expect(await store.hooks.get("shop", "iam")).toEqual(hook);
      expect(await store.hooks.get("other", "iam")).toBeUndefined();
      const changed = { ...hook, settings: { url: "https://other.example/", secret: "file:/key" }, actor: "bob" };
      await store.transaction((tx) => tx.hooks.put(changed));
      expect(await store.hooks.list("shop", { limit: 9 })).toEqual([changed]);
      expect(await store.hooks.list("shop", { limit: 9, after: "iam" })).toEqual([]);
      await store.transaction((tx) => tx.hooks.remove("shop", "iam"));
      await store.transaction((tx) => tx.hooks.progress(changed, missed));
      expect(await store.hooks.list("shop", { limit: 9 })).toEqual([]);
    });

    test("progress is of the hook that it was made with", async () => {
      for (const other of [
        { ...hook, settings: { ...hook.settings, url: "https://other.example/" } },
        { ...hook, at: 11 },
        { ...hook, told: 1 },
      ]) {
        await store.transaction((tx) => tx.hooks.put(other));
        await store.transaction((tx) => tx.hooks.progress(hook, missed));
        expect(await store.hooks.get("shop", "iam")).toEqual(other);
      }
    });

    test("who has waited longest comes first, and nobody waits longer than the longest pause", async () => {
      await happens("shop");
      const later = { ...hook, id: "zoo", told: 0, next: 5 };
      const last = { ...hook, id: "abc", told: 0, misses: 1, next: 9 };
      await store.transaction(async (tx) => {
        for (const one of [later, last]) await tx.hooks.put(one);
      });
      const due = async (now: number): Promise<readonly string[]> => (await store.hooks.due(now)).map(({ id }) => id);
      expect(await due(9)).toEqual(["iam", "zoo", "abc"]);
      expect(await due(8)).toEqual(["iam", "zoo"]);
      expect(await due(4)).toEqual(["iam", "zoo"]);
      expect(await due(9 - longestPause)).toEqual(["iam", "zoo"]);
      expect(await due(8 - longestPause)).toEqual(["iam", "zoo", "abc"]);
    });

    test("those with news of their own domain are due, at their time", async () => {
      await happens("other");
      expect(await store.hooks.due(99)).toEqual([]);
      await happens("shop");
      await happens("shop");
      expect((await store.hooks.due(0)).map(({ id }) => id)).toEqual(["iam"]);
      expect((await store.audit.of("shop", { limit: 9 })).map(({ seq }) => seq)).toEqual([2, 3]);
      expect((await store.audit.of("shop", { after: 2, limit: 1 })).map(({ seq }) => seq)).toEqual([3]);
      await store.transaction((tx) => tx.hooks.progress(hook, missed));
      expect(await store.hooks.get("shop", "iam")).toEqual({ ...hook, ...missed });
      expect([(await store.hooks.due(49)).length, (await store.hooks.due(50)).length]).toEqual([0, 1]);
      await store.transaction((tx) => tx.hooks.progress({ ...hook, ...missed }, { ...missed, told: 3, next: 0 }));
      expect(await store.hooks.due(99)).toEqual([]);
    });
  });
}
