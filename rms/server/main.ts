// `rms`: the server and what an operator does with its store.
import { randomBytes } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { knowsFlags, rmsFlags } from "../../bin/engine-flags.cjs";
import packageJson from "../../package.json" with { type: "json" };
import { createToken } from "./access.ts";
import { openRms } from "./open.ts";
import { noBackup, operatorCommands } from "./operator.ts";
import type { Rms } from "./rms.ts";
import { readSecret } from "./secret-file.ts";
import { startServer } from "./server.ts";
import { serveSettings, UsageError } from "./settings.ts";
import { seconds } from "./times.ts";

function usageOf(words: string): string {
  if (words === "serve") return serveUsage;
  const command = operatorCommands[words];
  if (command === undefined) return "";
  const { flags, summary, more = "", examples, unwell = "" } = command;
  const usage = `Usage: rms ${[words, flags, "[--data FOLDER]"].filter((part) => part !== "").join(" ")}\n`;
  const about = `To ${summary}.\n${more === "" ? "" : `${more}\n`}`;
  const codes = `The exit code is 0 when that was done, and 1 when it was not${unwell === "" ? "" : `, or when ${unwell}`}.\n`;
  return [usage, about, examplesOf(examples), codes].join("\n");
}

const examplesOf = (lines: readonly string[]): string => lines.map((line) => `    $ rms ${line}\n`).join("");

const serveUsage = `Usage: rms serve [--listen HOST:PORT] [--data FOLDER] [--admin-token-file FILE] [--sources FILE] [--cors-origin ORIGIN]… [--no-console] [--until-stdin-ends]

Flags, or the environment:
  --listen HOST:PORT        RMS_LISTEN            where to listen (127.0.0.1:8182)
  --data FOLDER             RMS_DATA              where the store lies (the user's data directory)
  --admin-token-file FILE   RMS_ADMIN_TOKEN_FILE  holds the administrator's token; without it one is made and shown once
  --sources FILE            RMS_SOURCES           says what sources of people may read: folders, hosts, secrets (nothing)
  --cors-origin ORIGIN      RMS_CORS_ORIGINS      a web page's origin that may call, such as https://editor.example (none; by commas)
  --no-console              RMS_CONSOLE=off       no pages for people below /console
  --until-stdin-ends                              end when standard input does, and with it whoever started this

${examplesOf(["serve", "serve --listen 0.0.0.0:8182 --data /var/lib/rms --admin-token-file /run/secrets/rms-admin"])}
Its log goes to standard error, one line of JSON for each request. SIGTERM ends it: what is under way comes to its end.
The exit code is 0 after that, and 1 when it cannot start; standard error says why.
`;

const help = `RMS, the Responsibility Management System

Usage: rms COMMAND [FLAGS]

  ${"serve".padEnd(14)}answer people, pipelines and sidecars
${Object.entries(operatorCommands)
  .map(([words, { summary }]) => `  ${words.padEnd(14)}${summary}\n`)
  .join("")}  ${"version".padEnd(14)}print the version
  ${"help".padEnd(14)}print this, or the flags of a command: \`rms help COMMAND\`

Every command but serve prints one line of JSON; a failure is a sentence on standard error and exit code 1.
All take --data FOLDER, or RMS_DATA: where the store lies.
`;

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  try {
    const words = args[0] === "help" ? args.slice(1) : args;
    if (words[0] === "version" || words[0] === "--version") {
      process.stdout.write(`${packageJson.version}\n`);
      return;
    }
    const command = ["serve", ...Object.keys(operatorCommands)].find((one) => `${words.join(" ")} `.startsWith(`${one} `));
    if (args[0] === undefined || args[0] === "help" || args.some((arg) => arg === "--help" || arg === "-h")) {
      if (command === undefined && words[0] !== undefined && !words[0].startsWith("-")) return fail(unknown(words));
      process.stdout.write(command === undefined ? help : usageOf(command));
    } else if (command === "serve") {
      await serve(args.slice(1));
    } else {
      const found = operatorCommands[command ?? ""];
      if (command === undefined || found === undefined) return fail(unknown(args));
      const { ok, print } = await found.run(args.slice(command.split(" ").length));
      process.stdout.write(`${JSON.stringify(print)}\n`);
      if (!ok) process.exitCode = 1;
    }
  } catch (error) {
    fail(explain(error));
  }
}

async function serve(args: readonly string[]): Promise<void> {
  if (knowsFlags) for (const flag of rmsFlags) setFlagsFromString(flag);
  const { host, port, data, adminTokenFile, grants, origins, console, untilStdinEnds } = serveSettings(args);
  // A log that nobody takes any more ends no server.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);
  const rms = await openRms(
    noBackup(data),
    {
      now: () => new Date(),
      log: (event, fields) => process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`),
    },
    grants,
  );
  const shown = await adminToken(rms, adminTokenFile);
  const server = await startServer(rms, host, port, { origins, console });
  rms.gates.warm();
  process.stdout.write(`RMS listens on ${server.address}; its data lies in ${data}\n`);
  if (shown !== undefined) process.stdout.write(`First administrator token, shown once: ${shown}\n`);
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    void server
      .stop()
      .then(() => rms.close())
      .then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  if (untilStdinEnds)
    process.stdin
      .once("close", stop)
      .on("error", () => undefined)
      .resume();
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

/** What is missing of a command in two words, or that there is none. */
function unknown([first = ""]: readonly string[]): string {
  const longer = Object.keys(operatorCommands).filter((words) => words.startsWith(`${first} `));
  if (longer.length > 0) return `${first} is not a whole command: rms ${longer.join(", rms ")}`;
  return `unknown command ${first}; \`rms help\` names the commands`;
}

function explain(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  const message = error instanceof Error ? error.message : String(error);
  if (code === "EADDRINUSE")
    return `the address is taken by another program (${message}): choose another one with --listen HOST:PORT`;
  if (code === "EEXIST" || code === "ENOTDIR")
    return `no folder can be made there (${message}): choose another one with --data FOLDER`;
  const asked = error instanceof Error && "syscall" in error ? error.syscall : undefined;
  if (code === "EROFS" || asked === "mkdir")
    return `no folder can be made there (${message}): choose another one with --data FOLDER`;
  if (code === "ENOENT" && error instanceof Error && "path" in error) return `there is no file ${String(error.path)}`;
  if (code === "EACCES" || code === "EPERM") return `no right to use it: ${message}`;
  if (String(code).startsWith("ERR_PARSE_ARGS"))
    return `${message.split(". ")[0]?.replace(/\.$/, "")}; \`rms help COMMAND\` names the flags`;
  if (code === "ENOSPC" || message.includes("disk is full")) return `the disk is full: ${message}`;
  return message;
}

function fail(message: string): void {
  process.stderr.write(`rms: ${message}\n`);
  process.exitCode = 1;
}
