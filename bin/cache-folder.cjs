// Where what programs keep for their next start lies: a folder of the user's own. RW_CACHE=off keeps nothing, RW_CACHE=code compiled code alone.
"use strict";
const { accessSync, constants, statSync } = require("node:fs");
const { homedir } = require("node:os");
const { isAbsolute, join } = require("node:path");

const { env, platform } = process;

const cachesOfUser = () => {
  if (platform === "win32") return env.LOCALAPPDATA;
  if (platform === "darwin") return join(homedir(), "Library", "Caches");
  // A path that is not absolute means nothing there.
  return isAbsolute(env.XDG_CACHE_HOME ?? "") ? env.XDG_CACHE_HOME : join(homedir(), ".cache");
};

/** What is kept is run and believed: nobody else may write it. True where nothing is kept yet. */
const isOwn = (folder) => {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined || process.getuid === undefined) return true;
  return found.uid === process.getuid() && (found.mode & 0o022) === 0;
};

/** Undefined where the user has no folder for caches, or wants nothing kept there. */
exports.cacheFolder = (kind) => {
  if (env.RW_CACHE === "off" || (env.RW_CACHE === "code" && kind !== "code")) return undefined;
  try {
    const caches = cachesOfUser();
    if (!isAbsolute(caches)) return undefined;
    accessSync(caches, constants.W_OK);
    const folder = join(caches, "rulewright");
    return isOwn(folder) ? join(folder, kind) : undefined;
  } catch {
    // A user without a home, or a home without such a folder.
    return undefined;
  }
};
