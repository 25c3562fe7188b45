// `rms`: the server and what an operator does with its store.
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createToken } from "./access.ts";
import { verifyAudit } from "./audit.ts";
import { library } from "./library.ts";
import { Metrics, type Rms, readSecret, seconds, Waiters } from "./rms.ts";
import { startServer } from "./server.ts";
import { openSigner } from "./signing.ts";
import { Blobs } from "./store/blobs.ts";
import { Database } from "./store/database.ts";

const help = `RMS, the Responsibility Management System

Usage:
  rms serve [--listen HOST:PORT] [--data FOLDER] [--admin-token-file FILE]
  rms audit verify [--data FOLDER]
  rms help

Flags, or the environment:
  --listen HOST:PORT        RMS_LISTEN            where to listen (127.0.0.1:8182)
  --data FOLDER             RMS_DATA              where the store lies (the user's data directory)
  --admin-token-file FILE   RMS_ADMIN_TOKEN_FILE  holds the administrator's token; without it one is made and shown once
`;

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  const command = args[0] === "audit" ? `audit ${args[1] ?? ""}` : args[0];
  try {
    switch (command) {
      case "serve":
        return await serve(args.slice(1));
      case "audit verify":
        return auditVerify(args.slice(2));
      case undefined:
      case "help":
      case "--help":
        process.stdout.write(help);
        return;
      default:
        return fail(`unknown command ${command}; \`rms help\` names the commands`);
    }
  } catch (error) {
    fail(explain(error));
  }
}

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly data: string;
  readonly adminTokenFile: string | undefined;
}

function settings(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: { listen: { type: "string" }, data: { type: "string" }, "admin-token-file": { type: "string" } },
    strict: true,
  });
  const listen = values.listen ?? process.env["RMS_LISTEN"] ?? "127.0.0.1:8182";
  const match = /^(.*):(\d{1,5})$/.exec(listen);
  if (match === null || Number(match[2]) > 65_535)
    throw new UsageError(`--listen must be HOST:PORT, not ${JSON.stringify(listen)}`);
  return {
    host: match[1]!.replace(/^\[(.*)\]$/, "$1"),
    port: Number(match[2]),
    data:
      values.data ??
      process.env["RMS_DATA"] ??
      join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "rulewright", "rms"),
    adminTokenFile: values["admin-token-file"] ?? process.env["RMS_ADMIN_TOKEN_FILE"],
  };
}

class UsageError extends Error {}

function open(data: string): Rms {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const db = new Database(join(data, "rms.db"));
  const now = (): Date => new Date();
  return {
    db,
    blobs: new Blobs(join(data, "blobs")),
    signer: openSigner(db, data, seconds(now())),
    library,
    waiters: new Waiters(),
    metrics: new Metrics(),
    now,
    log: (event, fields) => process.stderr.write(`${JSON.stringify({ at: now().toISOString(), event, ...fields })}\n`),
  };
}

async function serve(args: readonly string[]): Promise<void> {
  const { host, port, data, adminTokenFile } = settings(args);
  const rms = open(data);
  const shown = adminToken(rms, adminTokenFile);
  const server = await startServer(rms, host, port);
  process.stdout.write(`RMS listens on ${server.address}; its data lies in ${data}\n`);
  if (shown !== undefined) process.stdout.write(`First administrator token, shown once: ${shown}\n`);
  const stop = (): void => {
    void server.stop().then(() => {
      rms.db.close();
      process.exit(0);
    });
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

/** Makes the administrator's token known; gives its text when it was made now. */
function adminToken(rms: Rms, file: string | undefined): string | undefined {
  const admin = { kind: "user", subject: "admin", domains: ["*"], scopes: ["rms:admin"], ttlSeconds: 365 * 86_400 } as const;
  const now = seconds(rms.now());
  if (file !== undefined) {
    const text = readSecret(file);
    if (text.length < 20) throw new UsageError(`the token in ${file} is too short: it needs 20 characters or more`);
    createToken(rms.db, admin, now, text);
    return undefined;
  }
  if (rms.db.one("SELECT 1 FROM tokens WHERE subject = 'admin'") !== undefined) return undefined;
  const text = `rms_${randomBytes(32).toString("base64url")}`;
  createToken(rms.db, admin, now, text);
  return text;
}

function auditVerify(args: readonly string[]): void {
  const { data } = settings(args);
  const verdict = verifyAudit(new Database(join(data, "rms.db")));
  process.stdout.write(`${JSON.stringify(verdict)}\n`);
  if (!verdict.ok) process.exitCode = 1;
}

function explain(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  const message = error instanceof Error ? error.message : String(error);
  if (code === "EADDRINUSE")
    return `the address is taken by another program (${message}): choose another one with --listen HOST:PORT`;
  if (code === "EACCES" || code === "EPERM") return `no right to use it: ${message}`;
  if (code === "ENOSPC" || message.includes("disk is full")) return `the disk is full: ${message}`;
  return message;
}

function fail(message: string): void {
  process.stderr.write(`rms: ${message}\n`);
  process.exitCode = 1;
}
