// Runs a built program with the code that V8 made of it before: kept by build, Node and command, in a folder of the user's own.
// Node's own compile cache holds only what is compiled when a file is loaded; this one holds every function that a command called.
"use strict";
const {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, join } = require("node:path");
const { setFlagsFromString } = require("node:v8");
const { constants: vm, Script } = require("node:vm");
const { crc32 } = require("node:zlib");
const { cacheFolder } = require("./cache-folder.cjs");
const { commandEndFlags, commandFlags, knowsFlags } = require("./engine-flags.cjs");

const keptFor = 30 * 24 * 3600 * 1000;

/** What was kept first may be of a command that did little: at most so often a command looks at its end whether it called more. */
const lookAgainAfter = 60_000;

/** The code behind its checksum; V8 does not look whether what it gets is whole. */
const read = (file) => {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(4);
    return bytes.length > 4 && crc32(code) === bytes.readUInt32LE() ? code : undefined;
  } catch {
    return undefined;
  }
};

/** Written aside and renamed, so that no start sees half of it: the bytes lie there whole or not at all. */
const writeWhole = (file, bytes) => {
  const aside = `${file}.${process.pid}`;
  try {
    writeFileSync(aside, bytes, { mode: 0o600 });
    renameSync(aside, file);
  } catch (error) {
    // No room: then what was begun takes none either.
    rmSync(aside, { force: true });
    throw error;
  }
};

/** Builds that nobody started for long go. */
const write = (folder, build, name, code) => {
  try {
    mkdirSync(join(folder, build), { recursive: true, mode: 0o700 });
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(code));
    writeWhole(join(folder, build, name), Buffer.concat([sum, code]));
    for (const other of readdirSync(folder))
      if (other !== build && Date.now() - statSync(join(folder, other)).mtimeMs > keptFor)
        rmSync(join(folder, other), { recursive: true, force: true });
  } catch {
    // The next start tries again.
  }
};

/** Keeps what this run compiled, where the one that is kept lacks it; `taken` are the bytes that this run began with. */
const keepMore = (folder, build, name, taken, script) => {
  const file = join(folder, build, name);
  try {
    if (taken > 0 && Date.now() - statSync(file).mtimeMs < lookAgainAfter) return;
    const code = script.createCachedData();
    if (code.length > taken * 1.01) write(folder, build, name, code);
    else utimesSync(file, new Date(), new Date());
  } catch {
    // The next start tries again.
  }
};

/** What some commands use of Node. */
const usedBy = {
  bench: "node:perf_hooks",
  build: "node:crypto",
  exec: "node:crypto",
  inspect: "node:crypto",
  sign: "node:crypto",
  test: "node:perf_hooks",
};

/** With other flags Node's own kept code is worth nothing: what is loaded behind them is compiled from its text. */
const loadNodeModules = () => {
  require("node:worker_threads");
  void process.stdout;
  void process.stderr;
  const used = usedBy[process.argv[2]];
  if (used !== undefined) require(used);
};

const setFlags = (flags) => {
  for (const flag of flags) setFlagsFromString(flag);
};

/** What the last line of a program calls it, read without the rest. */
const buildOf = (path) => {
  const file = openSync(path, "r");
  try {
    const end = Buffer.alloc(100);
    readSync(file, end, 0, 100, Math.max(0, fstatSync(file).size - 100));
    return /\/\/# build=(\w+)\s*$/.exec(end.toString("latin1"))?.[1];
  } finally {
    closeSync(file);
  }
};

const keptRunsOf = (build) => {
  const folder = cacheFolder("runs");
  return folder === undefined ? undefined : { folder, build };
};

/** True when an equal command line was answered before, and nothing that it saw has changed: see cli/src/kept-run. */
const answersAgain = (path, keptRuns) => {
  const program = join(dirname(path), "kept-run.cjs");
  if (!existsSync(program)) return false;
  const code = require(program).replay(keptRuns, process.argv.slice(2));
  if (code === undefined) return false;
  process.exitCode = code;
  return true;
};

/** Runs a CommonJS program whose last line is `//# build=<hash of the text before>`. */
exports.run = (path) => {
  // Where the system cannot go on as another program, the language server runs in this one: it lives long.
  const isCommand = process.argv[2] !== "lsp";
  const build = buildOf(path);
  const keptRuns = build === undefined || !isCommand ? undefined : keptRunsOf(build);
  if (keptRuns !== undefined && answersAgain(path, keptRuns)) return;
  if (isCommand) loadNodeModules();
  if (isCommand && knowsFlags) setFlags(commandFlags);
  const source = readFileSync(path, "utf8");
  const folder = build === undefined ? undefined : cacheFolder("code");
  const command = /^[a-z]{1,12}$/.exec(process.argv[2] ?? "")?.[0] ?? "any";
  const name = `${process.version}-${process.arch}-${command}`;
  const kept = folder === undefined ? undefined : read(join(folder, build, name));
  const head = "(function (exports, require, module, __filename, __dirname) { ";
  const script = new Script(`${head}${source}\n})`, {
    filename: path,
    columnOffset: -head.length,
    cachedData: kept,
    importModuleDynamically: vm.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (folder !== undefined) {
    const taken = kept !== undefined && !script.cachedDataRejected ? kept.length : 0;
    process.once("exit", () => keepMore(folder, build, name, taken, script));
  }
  // Behind the kept code: V8 takes it only with the flags that it was made with.
  if (isCommand && knowsFlags) process.once("exit", () => setFlags(commandEndFlags));
  const program = { exports: {}, keptRuns };
  script.runInThisContext()(program.exports, createRequire(path), program, path, dirname(path));
};
