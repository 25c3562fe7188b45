// What every driver of the store must do, as tests: a driver's own test file gives a way to make an empty store.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Member, Recording } from "./roles.ts";
import type { Store, Transaction } from "./store.ts";

const by = (at: number): Recording => ({ at, actor: "ann", reason: "tested" });
const member = (subject: string, from?: number, until?: number): Member => ({ subject, from, until });
const version = (name: string) =>
  ({
    domain: "shop",
    policy: "main",
    version: name,
    digest: `digest of ${name}`,
    state: "published",
    author: "ann",
    message: "",
    gates: [{ gate: "compile", ok: true }],
    library: "1",
    at: 10,
  }) as const;
const build = (stamp: number, name = "1.0.0") => ({
  domain: "shop",
  policy: "main",
  version: name,
  snapshot: 1,
  stamp,
  digest: `build ${name} ${stamp}`,
  transport: `bytes ${name} ${stamp}`,
  revision: `shop/main@${name}+s1.t${stamp}`,
  kid: "k1",
  size: 1,
  asOf: stamp,
  library: "l1",
  freshUntil: stamp + 900,
  sources: { hr: { asOf: stamp, freshUntil: stamp + 60, required: true } },
  at: stamp,
});
const entry = (seq: number, domain: string) => ({
  seq,
  at: `2026-01-0${seq}T00:00:00.000Z`,
  actor: "ann",
  action: "test",
  domain,
  object: `${domain}/${seq}`,
  requestId: "r",
  reason: "",
  detail: "{}",
  prev: String(seq - 1),
  hash: String(seq),
});

/** A domain with a policy and two versions. */
async function shop(tx: Transaction): Promise<void> {
  await tx.domains.create({
    id: "shop",
    title: "Shop",
    package: "shop",
    owners: ["ann"],
    maxAge: 900,
    builtins: [],
    includeMembers: false,
    at: 1,
  });
  await tx.policies.create({ domain: "shop", id: "main", entrypoints: ["shop/allow"], gates: { coverage: 50 } }, 1);
  await tx.versions.insert(version("1.0.0"), [
    { path: "b.rego", blob: "b" },
    { path: "a.rego", blob: "a" },
  ]);
  await tx.versions.insert(version("1.1.0"), [{ path: "a.rego", blob: "a" }]);
}

export function storeConformance(driver: string, open: () => Promise<{ store: Store; remove(): Promise<void> }>): void {
  describe(`the store in ${driver}`, () => {
    let store: Store;
    let remove: () => Promise<void>;

    beforeEach(async () => {
      ({ store, remove } = await open());
      await store.transaction(shop);
    });
    afterEach(async () => {
      await store.close();
      await remove();
    });

    test("a transaction that throws leaves nothing, and the error reaches the caller", async () => {
      const failed = store.transaction(async (tx) => {
        await tx.domains.setState("shop", "retired");
        await tx.roles.put("shop", { id: "seller", includes: [], responsibilities: [] }, by(5));
        throw new Error("stop");
      });
      await expect(failed).rejects.toThrow("stop");
      expect((await store.domains.get("shop"))?.state).toBe("active");
      expect(await store.roles.list("shop")).toEqual([]);
    });

    test("readers see nothing of a transaction before its end; the transaction sees its own writes", async () => {
      await store.transaction(async (tx) => {
        await tx.domains.setState("shop", "frozen");
        expect((await tx.domains.get("shop"))?.state).toBe("frozen");
        expect((await store.domains.get("shop"))?.state).toBe("active");
      });
      expect((await store.domains.get("shop"))?.state).toBe("frozen");
    });

    test("transactions that look before they write lose no update, however many come at once", async () => {
      const moves = Array.from({ length: 50 }, () =>
        store.transaction(async (tx) => {
          const seq = ((await tx.channels.get("shop", "main", "dev"))?.seq ?? 0) + 1;
          await Promise.resolve();
          const channel = { domain: "shop", policy: "main", id: "dev", version: "1.0.0", dataset: "main", seq };
          await tx.channels.move(channel, { at: seq, actor: "ann", reason: "" });
          return seq;
        }),
      );
      expect(new Set(await Promise.all(moves)).size).toBe(50);
      expect((await store.channels.get("shop", "main", "dev"))?.seq).toBe(50);
    });

    test("domains: created once, changed, listed by id in pages", async () => {
      await store.transaction((tx) =>
        tx.domains.create({
          id: "accounts",
          title: "A",
          package: "a",
          owners: [],
          maxAge: 60,
          builtins: [],
          includeMembers: false,
          at: 1,
        }),
      );
      await store.transaction((tx) =>
        tx.domains.change("shop", {
          title: "The shop",
          owners: ["bob"],
          maxAge: 60,
          logRetention: 86_400,
          logQuota: 10,
          builtins: ["net.*"],
          includeMembers: true,
        }),
      );
      expect(await store.domains.get("shop")).toEqual({
        id: "shop",
        title: "The shop",
        package: "shop",
        owners: ["bob"],
        maxAge: 60,
        logRetention: 86_400,
        logQuota: 10,
        builtins: ["net.*"],
        includeMembers: true,
        state: "active",
        snapshot: 1,
      });
      expect((await store.domains.list({ limit: 1 })).map(({ id }) => id)).toEqual(["accounts"]);
      expect((await store.domains.list({ limit: 5, after: "accounts" })).map(({ id }) => id)).toEqual(["shop"]);
      const twice = store.transaction((tx) =>
        tx.domains.create({
          id: "shop",
          title: "",
          package: "",
          owners: [],
          maxAge: 60,
          builtins: [],
          includeMembers: false,
          at: 1,
        }),
      );
      await expect(twice).rejects.toThrow();
      expect(await store.domains.get("nowhere")).toBeUndefined();
    });

    test("policies: entrypoints and gates come back as they were given", async () => {
      expect(await store.policies.get("shop", "main")).toEqual({
        domain: "shop",
        id: "main",
        entrypoints: ["shop/allow"],
        gates: { coverage: 50 },
      });
      await store.transaction((tx) => tx.policies.change({ domain: "shop", id: "main", entrypoints: [], gates: {} }));
      expect(await store.policies.list("shop")).toEqual([{ domain: "shop", id: "main", entrypoints: [], gates: {} }]);
      expect(await store.policies.get("other", "main")).toBeUndefined();
    });

    test("versions: newest first, files by path, blobs once", async () => {
      const all = await store.versions.list("shop", "main");
      expect(all.map((one) => one.version)).toEqual(["1.1.0", "1.0.0"]);
      const [newest, first] = all;
      expect(newest).toMatchObject({ digest: "digest of 1.1.0", gates: [{ gate: "compile", ok: true }] });
      expect(await store.versions.list("shop", "main", { limit: 9, after: newest?.order ?? 0 })).toEqual([first]);
      expect((await store.versions.files("shop", "main", "1.0.0")).map(({ path }) => path)).toEqual(["a.rego", "b.rego"]);
      expect(await store.versions.file("shop", "main", "1.0.0", "b.rego")).toEqual({ path: "b.rego", blob: "b" });
      expect((await store.versions.blobs()).map(({ blob }) => blob)).toEqual(["a", "b"]);
      await store.transaction((tx) => tx.versions.setState("shop", "main", "1.0.0", "withdrawn"));
      expect((await store.versions.get("shop", "main", "1.0.0"))?.state).toBe("withdrawn");
      await expect(store.transaction((tx) => tx.versions.insert(version("1.0.0"), []))).rejects.toThrow();
      const approve = (actor: string): Promise<boolean> =>
        store.transaction((tx) => tx.versions.approve("shop", "main", "1.0.0", actor, 5));
      expect([await approve("bob"), await approve("ann"), await approve("bob")]).toEqual([true, true, false]);
      expect(await store.versions.approvers("shop", "main", "1.0.0")).toEqual(["bob", "ann"]);
      expect(await store.versions.approvers("shop", "main", "1.1.0")).toEqual([]);
      const consent = (digest: string, actor: string): Promise<boolean> =>
        store.transaction((tx) => tx.versions.consent("shop", "main", "1.0.0", { channel: "prod", digest, actor }, 6));
      expect([await consent("d2", "bob"), await consent("d1", "bob"), await consent("d2", "bob")]).toEqual([true, true, false]);
      expect((await store.versions.consents("shop", "main", "1.0.0")).map(({ digest, actor }) => [digest, actor])).toEqual([
        ["d2", "bob"],
        ["d1", "bob"],
      ]);
      expect(await store.versions.consents("shop", "main", "1.1.0")).toEqual([]);
    });

    test("channels: a move is in the history and in the outbox; a version must be there", async () => {
      const channel = { domain: "shop", policy: "main", id: "dev", version: "1.0.0", dataset: "main", seq: 1 };
      await store.transaction((tx) => tx.channels.move(channel, { at: 5, actor: "ann", reason: "first" }));
      const moved = { ...channel, version: "1.1.0", seq: 2 };
      await store.transaction((tx) => tx.channels.move(moved, { at: 6, actor: "bob", reason: "then" }));
      expect(await store.channels.list("shop", "main")).toEqual([moved]);
      expect(await store.channels.all()).toEqual([moved]);
      expect(await store.channels.all("other")).toEqual([]);
      expect(await store.channels.history("shop", "main", "dev", { limit: 1 })).toEqual([
        { seq: 2, version: "1.1.0", at: 6, actor: "bob", reason: "then" },
      ]);
      expect(await store.channels.history("shop", "main", "dev", { limit: 9, after: 2 })).toMatchObject([{ seq: 1 }]);
      const notices = await store.outbox.pending();
      expect(notices.map(({ domain }) => domain)).toEqual(["shop", "shop"]);
      await store.transaction((tx) => tx.outbox.clear(notices[0]?.seq ?? 0));
      expect(await store.outbox.pending()).toEqual(notices.slice(1));
      const nowhere = store.transaction((tx) =>
        tx.channels.move({ ...channel, version: "9.0.0", seq: 3 }, { at: 7, actor: "ann", reason: "" }),
      );
      await expect(nowhere).rejects.toThrow();
    });

    test("a pinned channel names its build, which stays for as long as it is named", async () => {
      const channel = { domain: "shop", policy: "main", id: "dev", version: "1.0.0", dataset: "main", seq: 1 };
      const pin = { build: build(1).digest, until: 99 };
      const by = { at: 5, actor: "ann", reason: "" };
      await store.transaction(async (tx) => {
        for (const stamp of [1, 2, 3]) await tx.builds.insert(build(stamp));
        await tx.channels.move({ ...channel, pin }, by);
      });
      expect(await store.channels.get("shop", "main", "dev")).toEqual({ ...channel, pin });
      expect((await store.builds.replaced(9)).map(({ stamp }) => stamp)).toEqual([2]);
      await store.transaction((tx) => tx.channels.move({ ...channel, seq: 2 }, by));
      expect(await store.channels.get("shop", "main", "dev")).toEqual({ ...channel, seq: 2 });
      const nowhere = store.transaction((tx) =>
        tx.channels.move({ ...channel, seq: 3, pin: { build: "none", until: undefined } }, by),
      );
      await expect(nowhere).rejects.toThrow();
    });

    test("roles: members and suspensions of now, with any name a subject may have", async () => {
      const role = { id: "seller", title: "Seller", includes: [], responsibilities: [{ action: "sell", resource: "goods/*" }] };
      const subjects = ["__proto__", "constructor", "O'Neil", "cn=bob,ou=x", "a/b", "😀", "\uff61"];
      await store.transaction(async (tx) => {
        await tx.roles.put("shop", role, by(5));
        for (const subject of subjects) await tx.roles.putMember("shop", "seller", member(subject), by(6));
        await tx.roles.putMember("shop", "seller", member("a/b", 100, 200), by(7));
        await tx.roles.suspend("shop", "O'Neil", by(8));
        await tx.domains.factsChanged("shop", 8);
      });
      expect(await store.roles.get("shop", "seller")).toEqual(role);
      expect(await store.roles.memberCount("shop", "seller")).toBe(subjects.length);
      expect(await store.roles.member("shop", "seller", "a/b")).toEqual(member("a/b", 100, 200));
      const sorted = [...subjects].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect((await store.roles.members("shop", "seller")).map(({ subject }) => subject)).toEqual(sorted);
      const rest = await store.roles.members("shop", "seller", { limit: 2, after: sorted[0] });
      expect(rest.map(({ subject }) => subject)).toEqual(sorted.slice(1, 3));
      expect(await store.roles.heldBy("shop", "a/b")).toEqual([{ ...member("a/b", 100, 200), role: "seller" }]);
      expect(await store.roles.isSuspended("shop", "O'Neil")).toBe(true);
      expect(await store.roles.suspended("shop")).toEqual(["O'Neil"]);
      const { snapshot, facts } = await store.roles.facts("shop");
      expect(snapshot).toBe(2);
      expect(facts.suspended).toEqual(["O'Neil"]);
      expect(facts.roles).toMatchObject([{ id: "seller", responsibilities: role.responsibilities }]);
      expect(facts.roles[0]?.members).toContainEqual({ subject: "a/b", from: 100, until: 200 });
      expect((await store.outbox.pending()).map(({ domain }) => domain)).toEqual(["shop"]);
    });

    test("roles: everybody who is or was somebody is found by a part of the id, in pages", async () => {
      await store.transaction(async (tx) => {
        const by = (at: number) => ({ at, actor: "ann", reason: "" });
        await tx.domains.create({
          id: "people",
          title: "",
          package: "people",
          owners: [],
          maxAge: 60,
          builtins: [],
          includeMembers: false,
          at: 1,
        });
        await tx.roles.put("people", { id: "seller", includes: [], responsibilities: [] }, by(1));
        for (const subject of ["Zoë", "ann", "bob", "ann@x"])
          await tx.roles.putMember("people", "seller", { subject, from: undefined, until: undefined }, by(2));
        await tx.roles.endMember("people", "seller", "bob", by(3));
        await tx.roles.suspend("people", "carl_Ann", by(4));
      });
      expect(await store.roles.subjects("people", { limit: 9 })).toEqual(["Zoë", "ann", "ann@x", "bob", "carl_Ann"]);
      expect(await store.roles.subjects("people", { q: "ANN", limit: 9 })).toEqual(["ann", "ann@x", "carl_Ann"]);
      expect(await store.roles.subjects("people", { q: "%", limit: 9 })).toEqual([]);
      expect(await store.roles.subjects("people", { after: "ann", limit: 2 })).toEqual(["ann@x", "bob"]);
    });

    test("roles: the facts of a snapshot are told until others were recorded at the same time or before", async () => {
      const role = { id: "seller", includes: [], responsibilities: [] };
      const second = 1_000_000;
      const change = (at: number, work: (tx: Transaction) => Promise<void>): Promise<void> =>
        store.transaction(async (tx) => {
          await work(tx);
          await tx.domains.factsChanged("shop", at);
        });
      await change(5 * second, (tx) => tx.roles.put("shop", role, by(5 * second)));
      await change(6 * second, (tx) => tx.roles.putMember("shop", "seller", member("ann"), by(6 * second)));
      await change(7 * second, (tx) => tx.roles.end("shop", "seller", by(7 * second)));
      const then = await store.domains.snapshot("shop", 3);
      expect(then).toEqual({ number: 3, at: 6 * second, includeMembers: false });
      expect(then && (await store.roles.factsOf("shop", then))).toEqual({
        domain: "shop",
        roles: [{ ...role, members: [{ subject: "ann" }] }],
        suspended: [],
      });
      await change(6 * second, (tx) => tx.roles.suspend("shop", "ann", by(6 * second)));
      expect(await store.domains.snapshot("shop", 3)).toBeUndefined();
      expect(await store.domains.snapshot("shop", 99)).toBeUndefined();
    });

    test("roles: many members change at once as they would one by one", async () => {
      const role = { id: "seller", includes: [], responsibilities: [] };
      const subjects = ["__proto__", "O'Neil", "a/b", "\u0000", "😀", '"\\'];
      const join = (subject: string, until?: number) => ({ subject, member: { from: undefined, until }, reason: "tested" });
      await store.transaction(async (tx) => {
        await tx.roles.put("shop", role, by(5));
        await tx.roles.changeMembers(
          "shop",
          "seller",
          subjects.map((subject) => join(subject)),
          by(6),
        );
        const leaves = { subject: "a/b", member: undefined, reason: "" };
        const more = [join("O'Neil", 300), leaves, { ...leaves, subject: "nobody" }];
        await tx.roles.changeMembers("shop", "seller", more, by(7));
      });
      const named = await store.roles.membersNamed("shop", "seller", [...subjects, "nobody"]);
      expect([...named.keys()].sort()).toEqual(subjects.filter((subject) => subject !== "a/b").sort());
      expect([named.get("O'Neil"), named.get("😀")]).toEqual([member("O'Neil", undefined, 300), member("😀")]);
      const said = { actor: "ann", reason: "tested" };
      expect(await store.roles.historyOf("shop", "a/b")).toEqual([
        { fact: { ...member("a/b"), role: "seller" }, recordedFrom: 6, recordedTo: 7, ...said },
      ]);
    });

    test("roles: what was recorded stays in the history", async () => {
      const role = { id: "seller", includes: [], responsibilities: [] };
      await store.transaction(async (tx) => {
        await tx.roles.put("shop", role, by(5));
        await tx.roles.putMember("shop", "seller", member("bob"), by(6));
        await tx.roles.putMember("shop", "seller", member("bob", undefined, 300), by(7));
        await tx.roles.endMember("shop", "seller", "bob", by(8));
        await tx.roles.suspend("shop", "bob", by(9));
        await tx.roles.suspend("shop", "bob", by(10));
        await tx.roles.restore("shop", "bob", by(11));
      });
      expect(await store.roles.member("shop", "seller", "bob")).toBeUndefined();
      expect(await store.roles.isSuspended("shop", "bob")).toBe(false);
      const said = { actor: "ann", reason: "tested" };
      expect(await store.roles.historyOf("shop", "bob")).toEqual([
        { fact: { ...member("bob", undefined, 300), role: "seller" }, recordedFrom: 7, recordedTo: 8, ...said },
        { fact: { ...member("bob"), role: "seller" }, recordedFrom: 6, recordedTo: 7, ...said },
      ]);
      await store.transaction(async (tx) => {
        await tx.roles.putMember("shop", "seller", member("ann"), by(12));
        await tx.roles.end("shop", "seller", by(13));
      });
      expect(await store.roles.get("shop", "seller")).toBeUndefined();
      expect(await store.roles.heldBy("shop", "ann")).toEqual([]);
      expect((await store.roles.historyOf("shop", "ann"))[0]?.recordedTo).toBe(13);
    });

    test("a fact that ends under a clock which went back ends when it began, not before", async () => {
      await store.transaction(async (tx) => {
        await tx.roles.putMember("shop", "seller", member("late"), by(100));
        await tx.roles.endMember("shop", "seller", "late", by(50));
      });
      expect((await store.roles.historyOf("shop", "late"))[0]).toMatchObject({ recordedFrom: 100, recordedTo: 100 });
    });

    test("texts: one standing text for a name of a shelf", async () => {
      const samples = { kind: "samples", domain: "shop", policy: "main" } as const;
      const includes = { kind: "includes", domain: "shop", policy: "" } as const;
      await store.transaction(async (tx) => {
        await tx.texts.put(samples, "b.conf", "old", by(5));
        await tx.texts.put(samples, "b.conf", "new", by(6));
        await tx.texts.put(samples, "a.conf", "", by(6));
        await tx.texts.put(includes, "b.conf", "included", by(7));
      });
      expect(await store.texts.names(samples)).toEqual(["a.conf", "b.conf"]);
      expect(await store.texts.names(samples, { limit: 9, after: "a.conf" })).toEqual(["b.conf"]);
      expect(await store.texts.get(samples, "a.conf")).toBe("");
      expect(await store.texts.get(includes, "b.conf")).toBe("included");
      await store.transaction((tx) => tx.texts.end(samples, "b.conf", by(8)));
      expect(await store.texts.get(samples, "b.conf")).toBeUndefined();
    });

    test("tokens: found by their hash; the same text again keeps its token and the later end", async () => {
      const token = {
        id: "t1",
        kind: "user",
        subject: "ann",
        domains: ["*"],
        scopes: ["read"],
        policies: undefined,
        expiresAt: 9,
        createdAt: 1,
      } as const;
      await store.transaction((tx) => tx.tokens.put(token, "hash"));
      await store.transaction((tx) => tx.tokens.put({ ...token, id: "t2", expiresAt: 20 }, "hash"));
      expect(await store.tokens.byHash("hash")).toEqual({ ...token, expiresAt: 20 });
      expect(await store.tokens.get("t1")).toEqual({ ...token, expiresAt: 20 });
      expect(await store.tokens.list()).toHaveLength(1);
      const narrow = { ...token, id: "t3", policies: ["main"] };
      await store.transaction((tx) => tx.tokens.put(narrow, "other hash"));
      expect(await store.tokens.byHash("other hash")).toEqual(narrow);
      expect(await store.tokens.hasSubject("ann")).toBe(true);
      expect(await store.transaction((tx) => tx.tokens.remove("t1"))).toBe(true);
      expect(await store.transaction((tx) => tx.tokens.remove("t1"))).toBe(false);
      expect(await store.tokens.byHash("hash")).toBeUndefined();
    });

    test("keys: one next, one active, the retired ones stay", async () => {
      const key = (kid: string, state: "next" | "active") => ({ kid, alg: "ES256", pem: `pem ${kid}`, state, at: 1 }) as const;
      await store.transaction(async (tx) => {
        await tx.keys.insert(key("k1", "active"));
        await tx.keys.insert(key("k2", "next"));
        await tx.keys.insert({ ...key("k2", "next"), pem: "another" });
        await tx.keys.setState("k1", "retired");
        await tx.keys.setState("k2", "active");
      });
      expect((await store.keys.list()).map(({ kid, state }) => [kid, state])).toEqual([
        ["k1", "retired"],
        ["k2", "active"],
      ]);
      expect(await store.keys.inState("active")).toEqual(key("k2", "active"));
      expect(await store.keys.inState("next")).toBeUndefined();
    });

    test("builds: the first of a content wins; an address counts what it serves; stamps never fall", async () => {
      await store.transaction(async (tx) => {
        const stamp = { asOf: 10, freshUntil: 20, snapshot: 1, sources: build(1).sources };
        await tx.builds.insert(build(1));
        await tx.builds.insert({ ...build(1), transport: "signed anew" });
        await tx.builds.insert(build(2));
        await tx.builds.insert(build(3));
        await tx.builds.setStamp("shop", { ...stamp, number: 4 });
      });
      expect(await store.builds.find(build(1))).toEqual(build(1));
      expect(await store.builds.get(build(2).digest)).toEqual(build(2));
      expect(await store.builds.lastOf(build(1), 2)).toEqual(build(2));
      expect(await store.builds.lastOf(build(1), 0)).toBeUndefined();
      expect(await store.builds.lastStamp("shop")).toBe(4);
      const stood = { number: 4, asOf: 10, freshUntil: 20, snapshot: 1, sources: build(1).sources };
      expect(await store.builds.stamp("shop")).toEqual(stood);
      expect(await store.builds.stamps()).toEqual([{ domain: "shop", ...stood }]);
      await store.transaction((tx) => tx.builds.replaceBytes({ ...build(2), transport: "signed anew", kid: "k2", size: 2 }));
      expect(await store.builds.get(build(2).digest)).toEqual({ ...build(2), transport: "signed anew", kid: "k2", size: 2 });
      const serve = (stamp: number) => store.transaction((tx) => tx.builds.serve("shop/main/dev", build(stamp).digest, 7));
      expect([await serve(1), await serve(1), await serve(2), await serve(1)]).toEqual([1, 1, 2, 3]);
      expect(await store.builds.served("shop/main/dev")).toEqual({
        address: "shop/main/dev",
        build: build(1).digest,
        number: 3,
        at: 7,
      });
      expect(await store.builds.lastServed("shop/main/dev")).toMatchObject({ digest: build(1).digest, number: 3, servedAt: 7 });
      expect(await store.builds.lastServed("shop/main/other")).toBeUndefined();
      expect(await store.builds.allServed()).toEqual([{ address: "shop/main/dev", transport: build(1).transport }]);
      expect((await store.builds.replaced(9)).map(({ stamp }) => stamp)).toEqual([2]);
      await store.transaction((tx) => tx.builds.dropStamps());
      expect(await store.builds.stamp("shop")).toBeUndefined();
      expect(await store.builds.lastStamp("shop")).toBe(3);
      expect((await store.outbox.pending()).map(({ domain }) => domain)).toEqual(["shop"]);
    });

    test("audit: appended without gaps, listed by domain, actor, object and time", async () => {
      await store.transaction(async (tx) => {
        for (const [seq, domain] of [[1, "shop"] as const, [2, "other"] as const, [3, "shop"] as const])
          await tx.audit.append(entry(seq, domain));
      });
      expect(await store.audit.head()).toEqual(entry(3, "shop"));
      const seqs = async (filter: Parameters<Store["audit"]["list"]>[0], after?: number): Promise<readonly number[]> =>
        (await store.audit.list(filter, { limit: 9, after })).map(({ seq }) => seq);
      expect(await seqs({})).toEqual([3, 2, 1]);
      expect(await seqs({ domains: ["shop"] })).toEqual([3, 1]);
      expect(await seqs({ domains: [] })).toEqual([]);
      expect(await seqs({ object: "other/2" })).toEqual([2]);
      expect(await seqs({ from: "2026-01-02", to: "2026-01-03" })).toEqual([2]);
      expect(await seqs({}, 3)).toEqual([2, 1]);
      expect((await store.audit.chain({ limit: 2, after: 1 })).map(({ seq }) => seq)).toEqual([2, 3]);
      await expect(store.transaction((tx) => tx.audit.append(entry(3, "shop")))).rejects.toThrow();
      await store.transaction((tx) => tx.audit.append(entry(4, "")));
      expect(await seqs({ domains: "every" })).toEqual([3, 2, 1]);
    });

    const report = {
      domain: "shop",
      instance: "i1",
      bundle: "shop/main",
      revision: "r1",
      labels: { app: "x" },
      opaVersion: "1",
      activatedAt: "t",
      lastSeen: 100,
      error: undefined,
    };

    test("activations: the last report of an instance", async () => {
      await store.transaction(async (tx) => {
        const put = (more: Partial<Omit<typeof report, "error">> & { readonly error?: string }, at: number) =>
          tx.activations.put({ ...report, ...more }, at);
        expect(await put({ revision: "r0", error: "bad" }, 1)).toEqual({ activated: true, failed: true });
        expect(await put({ revision: "r0", error: "worse" }, 2)).toEqual({ activated: false, failed: false });
        expect(await put({}, 3)).toEqual({ activated: true, failed: false });
        expect(await put({}, 4)).toEqual({ activated: false, failed: false });
        await put({ instance: "i2", error: "bad" }, 5);
        await put({ instance: "i3", lastSeen: 5 }, 6);
      });
      expect(await store.activations.list("shop", "shop/main", { limit: 1 })).toEqual([{ ...report, since: 3 }]);
      expect(await store.activations.get("shop", "shop/main", "i1")).toEqual({ ...report, since: 3 });
      expect(await store.activations.get("shop", "shop/other", "i1")).toBeUndefined();
      expect(await store.activations.counts(50)).toEqual({ active: 1, lagging: 0, failed: 1, gone: 1 });
    });

    test("activations: an instance lags when its channel serves another build", async () => {
      await store.transaction(async (tx) => {
        await tx.builds.insert(build(1));
        await tx.builds.serve("shop/main/dev", build(1).digest, 1);
        for (const [instance, revision] of [["new", build(1).revision] as const, ["old", "r0"] as const])
          await tx.activations.put({ ...report, instance, revision, labels: { channel: "dev" } }, 1);
      });
      expect(await store.activations.counts(50)).toEqual({ active: 1, lagging: 1, failed: 0, gone: 0 });
    });

    test("activations: what an instance ran stays, without restamps of long ago", async () => {
      const ran = ["a+s1.t1", "a+s1.t2", "b+s1.t3", "a+s1.t4", "a+s1.t5", "a+s2.t6", "a+s2.t7"];
      await store.transaction(async (tx) => {
        for (const [at, revision] of ran.entries()) await tx.activations.put({ ...report, revision }, at);
        await tx.activations.put({ ...report, revision: "" }, ran.length);
      });
      const runs = async (): Promise<readonly string[]> =>
        (await store.activations.runs("shop", "shop/main", "i1", 9)).map(({ revision }) => revision);
      expect(await runs()).toEqual([...ran].reverse());
      await store.transaction((tx) => tx.activations.thin(6));
      expect(await runs()).toEqual(["a+s2.t7", "a+s2.t6", "a+s1.t4", "b+s1.t3", "a+s1.t1"]);
      expect(await store.activations.runs("shop", "shop/main", "i1", 1)).toEqual([{ revision: "a+s2.t7", at: 6 }]);
    });

    test("decisions: once by id within a domain, for as long as it keeps logs", async () => {
      const logged = { domain: "shop", id: "d1", at: 1000, event: "{}" };
      await store.transaction(async (tx) => {
        await tx.domains.change("shop", {
          title: "",
          owners: [],
          maxAge: 60,
          logRetention: 100,
          logQuota: 10,
          builtins: [],
          includeMembers: false,
        });
        expect(await tx.decisions.add(logged)).toBe(true);
        expect(await tx.decisions.add({ ...logged, event: "other" })).toBe(false);
        expect(await tx.decisions.add({ ...logged, id: "d2", at: 1100 })).toBe(true);
      });
      await store.transaction(async (tx) => {
        await tx.decisions.add({ ...logged, id: "d3", at: 1100 });
        await tx.decisions.add({ ...logged, domain: "other", id: "d4", at: 1100 });
      });
      const newest = async (
        times: { from?: number; to?: number },
        after?: { at: number; id: string },
        limit = 9,
      ): Promise<string> => {
        const found = await store.decisions.newest("shop", { from: times.from, to: times.to }, { after, limit });
        return found.map(({ id }) => id).join(" ");
      };
      expect(await newest({})).toBe("d2 d3 d1");
      expect(await newest({}, undefined, 2)).toBe("d2 d3");
      expect(await newest({}, { at: 1100, id: "d2" })).toBe("d3 d1");
      expect(await newest({}, { at: 1100, id: "d3" })).toBe("d1");
      expect([await newest({ from: 1100 }), await newest({ to: 1099 }), await newest({ from: 1000, to: 1000 })]).toEqual([
        "d2 d3",
        "d1",
        "d1",
      ]);
      await store.transaction((tx) => tx.decisions.expire(1101));
      expect((await store.decisions.list("shop", { limit: 9 })).map(({ id }) => id)).toEqual(["d2", "d3"]);
    });

    test("idempotency: the first answer stays until it expires", async () => {
      const kept = { token: "t", key: "k", request: "r", status: 201, answer: "{}", at: 10 };
      expect(await store.transaction((tx) => tx.idempotency.put(kept))).toBe(true);
      expect(await store.transaction((tx) => tx.idempotency.put({ ...kept, status: 500 }))).toBe(false);
      expect(await store.idempotency.get("t", "k")).toEqual(kept);
      expect(await store.idempotency.get("other", "k")).toBeUndefined();
      await store.transaction((tx) => tx.idempotency.expire(11));
      expect(await store.idempotency.get("t", "k")).toBeUndefined();
    });
  });
}
