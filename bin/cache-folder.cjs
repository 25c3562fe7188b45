// Where what programs keep for their next start lies: a folder of the user's own. RW_CACHE=off keeps nothing, RW_CACHE=code compiled code alone.
"use strict";
const { accessSync, constants } = require("node:fs");
const { homedir } = require("node:os");
const { join } = require("node:path");

const { env, platform } = process;

/** Undefined where the user has no folder for caches, or wants nothing kept there. */
exports.cacheFolder = (kind) => {
  if (env.RW_CACHE === "off" || (env.RW_CACHE === "code" && kind !== "code")) return undefined;
  const caches =
    platform === "win32"
      ? env.LOCALAPPDATA
      : platform === "darwin"
        ? join(homedir(), "Library", "Caches")
        : env.XDG_CACHE_HOME || join(homedir(), ".cache");
  try {
    accessSync(caches, constants.W_OK);
    return join(caches, "rulewright", kind);
  } catch {
    return undefined;
  }
};
