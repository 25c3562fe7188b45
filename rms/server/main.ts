// `rms`: the server and what an operator does with its store.
import { randomBytes } from "node:crypto";
import packageJson from "../../package.json" with { type: "json" };
import { createToken } from "./access.ts";
import { openRms } from "./open.ts";
import { operatorCommands } from "./operator.ts";
import { type Rms, readSecret, seconds } from "./rms.ts";
import { startServer } from "./server.ts";
import { serveSettings, UsageError } from "./settings.ts";

const help = `RMS, the Responsibility Management System

Usage:
  rms serve [--listen HOST:PORT] [--data FOLDER] [--admin-token-file FILE] [--cors-origin ORIGIN]…
  rms migrate [--data FOLDER]                  bring the store's tables up to this release
  rms backup --to FOLDER [--data FOLDER]       copy the store, also while it serves
  rms restore --from FOLDER [--data FOLDER]    verify a backup and make a data folder of it
  rms verify [--data FOLDER]                   check the audit chain and every blob
  rms audit verify [--from SEQ]                check the audit chain
  rms keys rotate [--alg ES256|RS256] [--reason TEXT]
                                               publish the next key; once more: sign with it
  rms token --subject S --domain D[,D] [--kind user|sidecar] [--scope S[,S]] [--policy P[,P]] [--ttl SECONDS]
  rms break-glass --reason TEXT [--minutes M]  an administrator's token for an emergency (15 minutes); the audit log tells
  rms version
  rms help

Every command but serve prints one line of JSON; a failure is a sentence on standard error and exit code 1.

Flags, or the environment:
  --listen HOST:PORT        RMS_LISTEN            where to listen (127.0.0.1:8182)
  --data FOLDER             RMS_DATA              where the store lies (the user's data directory)
  --admin-token-file FILE   RMS_ADMIN_TOKEN_FILE  holds the administrator's token; without it one is made and shown once
  --cors-origin ORIGIN      RMS_CORS_ORIGINS      a web page's origin that may call, such as https://editor.example; by commas (none)
`;

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  try {
    const wantsHelp = args.some((arg) => arg === "--help" || arg === "-h");
    if (args[0] === undefined || args[0] === "help" || wantsHelp) {
      process.stdout.write(help);
      return;
    }
    if (args[0] === "version" || args[0] === "--version") {
      process.stdout.write(`${packageJson.version}\n`);
      return;
    }
    if (args[0] === "serve") return await serve(args.slice(1));
    for (const words of [2, 1]) {
      const command = operatorCommands[args.slice(0, words).join(" ")];
      if (command === undefined) continue;
      const { ok, print } = await command(args.slice(words));
      process.stdout.write(`${JSON.stringify(print)}\n`);
      if (!ok) process.exitCode = 1;
      return;
    }
    fail(`unknown command ${args[0]}; \`rms help\` names the commands`);
  } catch (error) {
    fail(explain(error));
  }
}

async function serve(args: readonly string[]): Promise<void> {
  const { host, port, data, adminTokenFile, origins } = serveSettings(args);
  const rms = await openRms(data, {
    now: () => new Date(),
    log: (event, fields) => process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`),
  });
  const shown = await adminToken(rms, adminTokenFile);
  const server = await startServer(rms, host, port, { origins });
  rms.gates.warm();
  process.stdout.write(`RMS listens on ${server.address}; its data lies in ${data}\n`);
  if (shown !== undefined) process.stdout.write(`First administrator token, shown once: ${shown}\n`);
  const stop = (): void => {
    void server
      .stop()
      .then(() => rms.close())
      .then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

/** Makes the administrator's token known; gives its text when it was made now. */
async function adminToken(rms: Rms, file: string | undefined): Promise<string | undefined> {
  const admin = { kind: "user", subject: "admin", domains: ["*"], scopes: ["rms:admin"], ttlSeconds: 365 * 86_400 } as const;
  const now = seconds(rms.now());
  if (file !== undefined) {
    const text = readSecret(file);
    if (text.length < 20) throw new UsageError(`the token in ${file} is too short: it needs 20 characters or more`);
    await rms.store.transaction((tx) => createToken(tx, admin, now, text));
    return undefined;
  }
  if (await rms.store.tokens.hasSubject("admin")) return undefined;
  const text = `rms_${randomBytes(32).toString("base64url")}`;
  await rms.store.transaction((tx) => createToken(tx, admin, now, text));
  return text;
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
