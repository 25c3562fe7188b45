// `rw lsp`, `rw dap` and `rw serve`: the built language server or debug adapter in this process, and RMS as a program of its own.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, type Invocation, usageError } from "../command.ts";

/** The path of a program of dist/, unless it is not there, which is said. */
function builtProgram(file: string, { io }: Invocation): string | undefined {
  const path = join(dirname(fileURLToPath(import.meta.url)), file);
  if (existsSync(path)) return path;
  io.err(`error: ${file} is not built: run \`npm run build\`\n`);
  return undefined;
}

/** Runs a program of dist/ with our streams, and gives its exit code. */
async function runProgram(file: string, args: readonly string[], call: Invocation): Promise<number> {
  const path = builtProgram(file, call);
  if (path === undefined) return 1;
  const child = spawn(process.execPath, [path, ...args], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

export const lsp: Command = {
  name: "lsp",
  usage: "lsp --stdio",
  summary: "Start the language server",
  flags: [
    { name: "stdio", kind: "boolean", default: true, help: "speak over standard input and output" },
    { name: "clientProcessId", kind: "number", help: "end when this process ends" },
  ],
  run: async (call) => {
    const path = builtProgram("server.mjs", call);
    if (path === undefined) return 1;
    // It reads the flags of this process in its own form, and ends it; a second process would take 50 MB.
    const client = call.flag("clientProcessId");
    if (client !== undefined) process.argv.push(`--clientProcessId=${client}`);
    // `import()` of a script that was kept with its code would make Node print a warning.
    createRequire(path)(path);
    return new Promise(() => undefined);
  },
};

export const dap: Command = {
  name: "dap",
  usage: "dap",
  summary: "Start the debug adapter",
  details: `
Speaks the Debug Adapter Protocol over standard input and output. Policies are those below the folder that it is started in, or those
that bundlePaths and dataPaths of the launch configuration name. docs/editor.md has the fields and a set-up for Neovim.
`,
  flags: [],
  run: async (call) => {
    if (call.positionals.length > 0) {
      call.io.err(usageError(dap, `dap takes no arguments, not ${call.positionals.join(" ")}`));
      return 1;
    }
    const path = builtProgram("server.mjs", call);
    if (path === undefined) return 1;
    process.argv.push("--dap");
    createRequire(path)(path);
    return new Promise(() => undefined);
  },
};

export const serve: Command = {
  name: "serve",
  usage: "serve [flags]",
  summary: "Start RMS on this computer",
  details: `
Prints where it listens, where its data lies and, the first time, an administrator's token. The environment may say the same:
RMS_LISTEN, RMS_DATA, RMS_ADMIN_TOKEN_FILE. \`rms help\` names what else an operator can do with a store.

    $ rw serve
    $ rw serve --listen 127.0.0.1:9000 --data /tmp/rms
`,
  flags: [
    { name: "listen", kind: "string", placeholder: "host:port", help: "where to listen (127.0.0.1:8182)" },
    { name: "data", kind: "string", placeholder: "folder", help: "where the store lies" },
    { name: "admin-token-file", kind: "string", placeholder: "path", help: "holds the administrator's token" },
  ],
  run: async (call) => {
    if (call.positionals.length > 0) {
      call.io.err(usageError(serve, `serve takes no arguments, not ${call.positionals.join(" ")}`));
      return 1;
    }
    const args = ["listen", "data", "admin-token-file"].flatMap((name) => {
      const value = call.flag(name);
      return value === undefined ? [] : [`--${name}`, value];
    });
    return runProgram("rms.mjs", ["serve", ...args], call);
  },
};
