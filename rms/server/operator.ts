// What an operator does with a store beside serving it: copies, checks, keys, and tokens when nobody can sign in.
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { appendAudit, verifyAudit } from "../store/audit-log.ts";
import { Blobs } from "../store/blobs.ts";
import { backupStore, isBackup, readBackup, restoreStore } from "../store/sqlite/backup.ts";
import { schemaVersion } from "../store/sqlite/schema.ts";
import { openSqliteStore } from "../store/sqlite/store.ts";
import type { Store, Transaction } from "../store/store.ts";
import { verifyStore } from "../store/verify.ts";
import { createToken, missingDomain, scopes } from "./access.ts";
import { library } from "./library.ts";
import { dataFolder, UsageError } from "./settings.ts";
import { KeyRing } from "./signing.ts";
import { seconds, timeText } from "./times.ts";
import { verifyBuilds } from "./verify-builds.ts";

export interface OperatorAnswer {
  readonly ok: boolean;
  /** Printed as one line of JSON, or as it is. */
  readonly print: unknown;
}

interface Command {
  /** Its flags beside `--data`, as they are written. */
  readonly flags: string;
  readonly summary: string;
  /** More for `rms COMMAND --help`. */
  readonly more?: string;
  /** Command lines as somebody would write them, without `rms`. */
  readonly examples: readonly string[];
  /** What exit code 1 says beside a failure. */
  readonly unwell?: string;
  run(args: readonly string[]): Promise<OperatorAnswer>;
}

/** Commands by their words, in the order of the help. */
export const operatorCommands: Readonly<Record<string, Command>> = {
  migrate: {
    flags: "",
    summary: "bring the store's tables up to this release",
    examples: ["migrate --data /var/lib/rms"],
    run: (args) => withStore(args, [], async () => ({ ok: true, print: { schema: schemaVersion } })),
  },
  backup: {
    flags: "--to FOLDER",
    summary: "copy the store, also while it serves",
    more: "The folder must be new; it appears under its name only when the copy is whole and verified.",
    examples: ["backup --data /var/lib/rms --to /backup/rms-2026-03-02"],
    run: async (args) => {
      const { data, to } = flags(args, ["to"]);
      const { auditEntries, blobs } = await backupStore(noBackup(dataFolder(data)), needed("to", to));
      return { ok: true, print: { backup: to, auditEntries, blobs } };
    },
  },
  restore: {
    flags: "--from FOLDER",
    summary: "verify a backup and make a data folder of it",
    more: "The data folder must be new or empty. Sequence and serve numbers leap by a million, so that no ETag comes twice.",
    examples: ["restore --from /backup/rms-2026-03-02 --data /var/lib/rms"],
    run: async (args) => {
      const { data, from } = flags(args, ["from"]);
      const folder = dataFolder(data);
      const { auditEntries, blobs } = await restoreStore(needed("from", from), folder);
      return { ok: true, print: { restored: folder, auditEntries, blobs } };
    },
  },
  verify: {
    flags: "[--rebuild]",
    summary: "check the audit chain and every blob",
    more: "The folder may be a backup: nothing in it is written to. --rebuild, for a store, also makes every bundle that is served now anew from its rows and compares the content digests; roles and members are those of the bundle, whatever has changed since. skipped counts bundles whose facts of then are not told from later ones: an earlier release made them, or the clock went back.",
    examples: ["verify --data /var/lib/rms", "verify --rebuild"],
    unwell: "something does not fit, which `faults` tells",
    run: (args) =>
      withStore(
        args,
        [],
        async ({ store, folder, given }) => {
          const blobs = new Blobs(join(folder, "blobs"));
          const verdict = await verifyStore(store, blobs);
          if (given["rebuild"] !== true) return { ok: verdict.ok, print: verdict };
          if (isBackup(folder)) throw new UsageError(`--rebuild is for a store: ${ofBackup(folder)}`);
          const rebuilt = await verifyBuilds({ store, blobs, library, folder });
          const faults = [...verdict.faults, ...rebuilt.faults];
          const ok = faults.length === 0;
          return { ok, print: { ...verdict, ok, rebuilt: rebuilt.rebuilt, skipped: rebuilt.skipped, faults } };
        },
        { switches: ["rebuild"], reads: true },
      ),
  },
  "audit verify": {
    flags: "[--from SEQ]",
    summary: "check the audit chain",
    more: "With --from what is before that sequence number is taken as it is. brokenAt is the first number that does not fit.",
    examples: ["audit verify --data /var/lib/rms", "audit verify --from 1200"],
    unwell: "the chain is broken",
    run: (args) =>
      withStore(
        args,
        ["from"],
        async ({ store, given }) => {
          const verdict = await verifyAudit(store, whole("from", textOf(given, "from") ?? "1", 1, Number.MAX_SAFE_INTEGER));
          return { ok: verdict.ok, print: verdict };
        },
        { reads: true },
      ),
  },
  "keys rotate": {
    flags: "[--alg ES256|RS256] [--reason TEXT]",
    summary: "publish the next key; once more: sign with it",
    more: "Give the sidecars the new keys between the two steps: a bundle that is signed by a key they do not know is refused. --alg chooses what the next key is (ES256).",
    examples: ['keys rotate --reason "yearly"', "keys rotate --alg RS256"],
    run: (args) =>
      withStore(args, ["reason", "alg"], async ({ store, folder, given }) => {
        const alg = textOf(given, "alg");
        if (alg !== undefined && alg !== "ES256" && alg !== "RS256") throw new UsageError("--alg must be ES256 or RS256");
        const ring = await KeyRing.open(store, folder, now());
        const rotation = await store.transaction(async (tx) => {
          const done = await ring.rotate(tx, now(), alg);
          await record(tx, "key.rotate", `keys/${done.kid}`, textOf(given, "reason") ?? "", done);
          return done;
        });
        return { ok: true, print: rotation };
      }),
  },
  token: {
    flags: "--subject S --domain D[,D] [--kind user|sidecar] [--scope S[,S]] [--policy P[,P]] [--ttl SECONDS]",
    summary: "make a token; its text is printed once",
    more: `Scopes: ${scopes.join(", ")}. Without --scope a user may read, and a sidecar what it must; it lives for 30 days without --ttl (60 seconds to a year). --domain "*" is for all domains; --policy narrows a sidecar's token to these.`,
    examples: [
      "token --subject ci --domain orders --scope read,publish",
      "token --kind sidecar --subject orders-pods --domain orders --policy main --ttl 31536000",
    ],
    run: (args) =>
      withStore(args, ["kind", "subject", "domain", "scope", "policy", "ttl"], async ({ store, given }) => {
        const kind = textOf(given, "kind") ?? "user";
        if (kind !== "user" && kind !== "sidecar") throw new UsageError("--kind must be user or sidecar");
        const policy = textOf(given, "policy");
        const wanted = list(textOf(given, "scope") ?? (kind === "sidecar" ? "bundle:read,telemetry:write" : "read"));
        const unknown = wanted.find((scope) => !scopes.some((known) => known === scope));
        if (kind === "user" && policy !== undefined) throw new UsageError("--policy is for --kind sidecar");
        if (unknown !== undefined) throw new UsageError(`unknown scope ${unknown}; known are ${scopes.join(", ")}`);
        const domains = list(needed("domain", textOf(given, "domain")));
        const missing = await missingDomain(store, domains);
        if (missing !== undefined) throw new UsageError(await noDomain(store, missing));
        return makeToken(store, "token.create", "", {
          kind,
          subject: needed("subject", textOf(given, "subject")),
          domains,
          scopes: wanted,
          policies: policy === undefined ? undefined : list(policy),
          ttlSeconds: ttl(textOf(given, "ttl") ?? "2592000"),
        });
      }),
  },
  "break-glass": {
    flags: "--reason TEXT [--minutes M]",
    summary: "make an administrator's token for an emergency; the audit log tells",
    more: "It lives for 15 minutes, or for those of --minutes (1 to 1440). The reason goes into the audit log before the token is shown.",
    examples: ['break-glass --reason "nobody can sign in, ticket 4711"', 'break-glass --minutes 5 --reason "roll back prod"'],
    run: (args) =>
      withStore(args, ["reason", "minutes"], async ({ store, given }) =>
        makeToken(store, "break-glass", needed("reason", textOf(given, "reason")), {
          kind: "user",
          subject: `break-glass:${userInfo().username}`,
          domains: ["*"],
          scopes: ["rms:admin"],
          ttlSeconds: whole("minutes", textOf(given, "minutes") ?? "15", 1, 1440) * 60,
        }),
      ),
  },
};

type Given = Readonly<Record<string, string | boolean | undefined>>;

function textOf(given: Given, name: string): string | undefined {
  const value = given[name];
  return typeof value === "string" ? value : undefined;
}

interface OpenStore {
  readonly store: Store;
  readonly folder: string;
  readonly given: Given;
}

const ofBackup = (folder: string): string => `${folder} is a backup; rms restore --from ${folder} makes a store of it`;

/** The folder, when it may be written to: a backup that was is no backup any more. */
export function noBackup(folder: string): string {
  if (isBackup(folder)) throw new UsageError(ofBackup(folder));
  return folder;
}

/** `names` are flags with a value, `switches` those without one; who only `reads` may be given a backup. */
async function withStore(
  args: readonly string[],
  names: readonly string[],
  work: (store: OpenStore) => Promise<OperatorAnswer>,
  { switches = [], reads = false }: { readonly switches?: readonly string[]; readonly reads?: boolean } = {},
): Promise<OperatorAnswer> {
  const given = flags(args, names, switches);
  const named = dataFolder(textOf(given, "data"));
  const folder = reads ? named : noBackup(named);
  if (reads && isBackup(folder)) return readBackup(folder, (store) => work({ store, folder, given }));
  if (!existsSync(join(folder, "rms.db"))) throw new UsageError(`${folder} holds no store: name it with --data FOLDER`);
  const store = openSqliteStore(join(folder, "rms.db"));
  try {
    return await work({ store, folder, given });
  } finally {
    await store.close();
  }
}

function flags<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
  switches: readonly string[] = [],
): Given & Readonly<Partial<Record<Name | "data", string>>> {
  const options = Object.fromEntries([
    ...["data", ...names].map((name) => [name, { type: "string" as const }]),
    ...switches.map((name) => [name, { type: "boolean" as const }]),
  ]);
  return parseArgs({ args: [...args], options, strict: true }).values as Given & Readonly<Partial<Record<Name | "data", string>>>;
}

function needed(name: string, value: string | undefined): string {
  if (value === undefined || value === "") throw new UsageError(`--${name} is missing`);
  return value;
}

async function noDomain(store: Store, missing: string): Promise<string> {
  const known = (await store.domains.list()).map(({ id }) => id);
  return `there is no domain ${missing} in this store: it has ${known.length === 0 ? "none" : known.join(", ")}`;
}

const list = (text: string): readonly string[] => text.split(",").filter((item) => item !== "");

const ttl = (text: string): number => whole("ttl", text, 60, 365 * 86_400);

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}`);
  return value;
}

async function makeToken(
  store: Store,
  action: string,
  reason: string,
  wanted: Parameters<typeof createToken>[1],
): Promise<OperatorAnswer> {
  const made = await store.transaction(async (tx) => {
    const token = await createToken(tx, wanted, now());
    const { kind, subject, domains, scopes: granted } = wanted;
    await record(tx, action, `tokens/${token.id}`, reason, { kind, subject, domains, scopes: granted });
    return token;
  });
  return { ok: true, print: { ...made, expiresAt: timeText(made.expiresAt) } };
}

function record(tx: Transaction, action: string, object: string, reason: string, detail: unknown): Promise<void> {
  const actor = `operator:${userInfo().username}`;
  return appendAudit(tx, { actor, action, domain: "", object, requestId: randomUUID(), reason, detail }, new Date());
}

const now = (): number => seconds(new Date());
