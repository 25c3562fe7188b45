// The command line of `npm start`. Plain JavaScript: it is read before anything is installed, and once more by what then runs.
import { homedir } from "node:os";
import { join } from "node:path";
import { fail } from "./install.mjs";

const help = `npm start -- [--once] [--listen HOST:PORT] [--data FOLDER]

Starts RMS, decides every sample input of the examples, publishes them and opens the editor. The first start installs and builds.
  --once              end after the publish (also without a terminal)
  --listen HOST:PORT  where RMS listens (default 127.0.0.1:8182)
  --data FOLDER       where RMS keeps its store (default: the user's data directory)
`;

/**
 * Answers --help, and ends with what is wrong.
 * @returns {{ once: boolean, listen: string, data: string }}
 */
export function readOptions(args) {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(help);
    process.exit(0);
  }
  const values = new Map();
  for (let at = 0; at < args.length; at++) {
    const [, name, given] = /^(--[a-z]+)(?:=(.*))?$/su.exec(args[at]) ?? [];
    if (name === "--once" && given === undefined) values.set(name, "");
    else if (name === "--listen" || name === "--data") {
      const value = given ?? args[++at];
      if (!value) fail(`${name} needs a value\n\n${help}`);
      values.set(name, value);
    } else fail(`unknown option ${args[at]}\n\n${help}`);
  }
  return {
    once: values.has("--once") || process.stdout.isTTY !== true,
    listen: values.get("--listen") ?? process.env.RMS_LISTEN ?? "127.0.0.1:8182",
    data: values.get("--data") ?? process.env.RMS_DATA ?? defaultDataFolder(),
  };
}

function defaultDataFolder() {
  const base =
    process.platform === "win32"
      ? (process.env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"))
      : process.platform === "darwin"
        ? join(homedir(), "Library", "Application Support")
        : (process.env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"));
  return join(base, "rulewright", "rms");
}
