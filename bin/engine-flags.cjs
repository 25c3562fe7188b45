// The flags of V8 with which our programs run: the one place for them. Other versions may not know them, and would say so.
"use strict";

exports.knowsFlags = /^1[2-4]\./.test(process.versions.v8);

/**
 * A command is over before code that took V8 long to optimise pays for it, and nobody waits for it to answer between two pauses of the
 * collector. New objects stay in the first MB that was taken for them: memory that is touched anew costs more than copying what lives.
 * What outlives that is mostly kept to the end: all of it is gone through seldom.
 */
exports.commandFlags = [
  "--invocation-count-for-maglev=8000",
  "--invocation-count-for-turbofan=100000",
  "--no-incremental-marking",
  "--semi-space-growth-factor=1",
  "--heap-growing-percent=700",
];

/**
 * Given to a command at its end. A thread that compiles in the background and finds the heap full waits for the first thread to collect,
 * which waits for that thread to end: the process stays for ever (nodejs/node#54918). Where collections may go in steps, it takes more
 * memory instead.
 */
exports.commandEndFlags = ["--incremental-marking"];

/**
 * V8's collector can end a process that enters a function of Sparkplug's while it waits to collect; on macOS with ARM it does so often enough
 * (nodejs/node#62393, V8's issue 483731079, open for every V8 of today). What lives long goes without that tier there.
 */
const steadyFlags = process.platform === "darwin" && process.arch === "arm64" ? ["--no-sparkplug"] : [];

/** Given to Node when a language server is started: it lives long, and without a bound up to 128 MB of its memory may hold garbage. */
exports.serverFlags = ["--max-semi-space-size=8"];

/**
 * Given to the process of a language server: glibc keeps a heap for each of V8's threads, and what its compilers gave back stays in them,
 * a tenth of what the server takes. Other systems do not know these names; what the user set stays.
 */
exports.serverEnvironment = { MALLOC_ARENA_MAX: "1", MALLOC_TRIM_THRESHOLD_: "65536" };

/** Most of what runs at a server's start runs a few times: optimising it costs memory and the first keys. New objects as in commands. */
exports.serverStartFlags = [
  ...steadyFlags,
  "--invocation-count-for-maglev=4000",
  "--invocation-count-for-turbofan=30000",
  "--semi-space-growth-factor=1",
];

/** Once somebody types, and all policies were read, new objects may take more memory, as by default: the collector stops the work less often. */
exports.typingFlags = ["--semi-space-growth-factor=2"];

/**
 * Memory for new objects may else grow to 64 MB, and what is not used any more stays with the process: a third of what RMS took with
 * 100,000 users. Its first thread needs little of it; workers, which begin later, begin with more.
 */
exports.rmsFlags = [...steadyFlags, "--semi-space-growth-factor=1", "--min-semi-space-size=4"];
