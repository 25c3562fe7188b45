// What an operator does with a store beside serving it: copies, checks, keys, and tokens when nobody can sign in.
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { appendAudit, verifyAudit } from "../store/audit-log.ts";
import { Blobs } from "../store/blobs.ts";
import { backupStore, restoreStore } from "../store/sqlite/backup.ts";
import { schemaVersion } from "../store/sqlite/schema.ts";
import { openSqliteStore } from "../store/sqlite/store.ts";
import type { Store, Transaction } from "../store/store.ts";
import { verifyStore } from "../store/verify.ts";
import { createToken, scopes } from "./access.ts";
import { dataFolder, UsageError } from "./settings.ts";
import { KeyRing } from "./signing.ts";

export interface OperatorAnswer {
  readonly ok: boolean;
  /** Printed as one line of JSON, or as it is. */
  readonly print: unknown;
}

type Command = (args: readonly string[]) => Promise<OperatorAnswer>;

/** Commands by their words, as `rms help` shows them. */
export const operatorCommands: Readonly<Record<string, Command>> = {
  migrate: (args) => withStore(args, [], async () => ({ ok: true, print: { schema: schemaVersion } })),
  backup: async (args) => {
    const { data, to } = flags(args, ["to"]);
    const { auditEntries, blobs } = await backupStore(dataFolder(data), needed("to", to));
    return { ok: true, print: { backup: to, auditEntries, blobs } };
  },
  restore: async (args) => {
    const { data, from } = flags(args, ["from"]);
    const folder = dataFolder(data);
    const { auditEntries, blobs } = await restoreStore(needed("from", from), folder);
    return { ok: true, print: { restored: folder, auditEntries, blobs } };
  },
  verify: (args) =>
    withStore(args, [], async ({ store, folder }) => {
      const verdict = await verifyStore(store, new Blobs(join(folder, "blobs")));
      return { ok: verdict.ok, print: verdict };
    }),
  "audit verify": (args) =>
    withStore(args, ["from"], async ({ store, given }) => {
      const verdict = await verifyAudit(store, whole("from", given["from"] ?? "1", 1, Number.MAX_SAFE_INTEGER));
      return { ok: verdict.ok, print: verdict };
    }),
  "keys rotate": (args) =>
    withStore(args, ["reason", "alg"], async ({ store, folder, given }) => {
      const { alg } = given;
      if (alg !== undefined && alg !== "ES256" && alg !== "RS256") throw new UsageError("--alg must be ES256 or RS256");
      const ring = await KeyRing.open(store, folder, now());
      const rotation = await store.transaction(async (tx) => {
        const done = await ring.rotate(tx, now(), alg);
        await record(tx, "key.rotate", `keys/${done.kid}`, given["reason"] ?? "", done);
        return done;
      });
      return { ok: true, print: rotation };
    }),
  token: (args) =>
    withStore(args, ["kind", "subject", "domain", "scope", "policy", "ttl"], async ({ store, given }) => {
      const kind = given["kind"] ?? "user";
      if (kind !== "user" && kind !== "sidecar") throw new UsageError("--kind must be user or sidecar");
      const wanted = list(given["scope"] ?? (kind === "sidecar" ? "bundle:read,telemetry:write" : "read"));
      const unknown = wanted.find((scope) => !scopes.some((known) => known === scope));
      if (kind === "user" && given["policy"] !== undefined) throw new UsageError("--policy is for --kind sidecar");
      if (unknown !== undefined) throw new UsageError(`unknown scope ${unknown}; known are ${scopes.join(", ")}`);
      return makeToken(store, "token.create", "", {
        kind,
        subject: needed("subject", given["subject"]),
        domains: list(needed("domain", given["domain"])),
        scopes: wanted,
        policies: given["policy"] === undefined ? undefined : list(given["policy"]),
        ttlSeconds: ttl(given["ttl"] ?? "2592000"),
      });
    }),
  "break-glass": (args) =>
    withStore(args, ["reason", "minutes"], async ({ store, given }) =>
      makeToken(store, "break-glass", needed("reason", given["reason"]), {
        kind: "user",
        subject: `break-glass:${userInfo().username}`,
        domains: ["*"],
        scopes: ["rms:admin"],
        ttlSeconds: whole("minutes", given["minutes"] ?? "15", 1, 1440) * 60,
      }),
    ),
};

interface OpenStore {
  readonly store: Store;
  readonly folder: string;
  readonly given: Readonly<Record<string, string | undefined>>;
}

async function withStore(
  args: readonly string[],
  names: readonly string[],
  work: (store: OpenStore) => Promise<OperatorAnswer>,
): Promise<OperatorAnswer> {
  const given = flags(args, names);
  const folder = dataFolder(given["data"]);
  if (!existsSync(join(folder, "rms.db"))) throw new UsageError(`${folder} holds no store: name it with --data FOLDER`);
  const store = openSqliteStore(join(folder, "rms.db"));
  try {
    return await work({ store, folder, given });
  } finally {
    await store.close();
  }
}

function flags(args: readonly string[], names: readonly string[]): Readonly<Record<string, string | undefined>> {
  const options = Object.fromEntries(["data", ...names].map((name) => [name, { type: "string" as const }]));
  return parseArgs({ args: [...args], options, strict: true }).values as Record<string, string | undefined>;
}

function needed(name: string, value: string | undefined): string {
  if (value === undefined || value === "") throw new UsageError(`--${name} is missing`);
  return value;
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
  return { ok: true, print: { ...made, expiresAt: new Date(made.expiresAt * 1000).toISOString() } };
}

function record(tx: Transaction, action: string, object: string, reason: string, detail: unknown): Promise<void> {
  const actor = `operator:${userInfo().username}`;
  return appendAudit(tx, { actor, action, domain: "", object, requestId: randomUUID(), reason, detail }, new Date());
}

const now = (): number => Math.floor(Date.now() / 1000);
