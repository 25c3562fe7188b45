// `npm run bench`: figures beside the engines that are installed, in the same run, after they gave the same answers. `--help` lists its flags;
// `--write` is for a quiet machine: the ratios of rows that did not run stay, so groups can be written one by one.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFlags } from "../scripts/developer-flags.ts";
import { worseThanBaseline, writeBaseline } from "./baseline.ts";
import { bundleRows } from "./bundles.ts";
import { checkRows } from "./check.ts";
import { decisionRows } from "./decisions.ts";
import { hoconRows } from "./hocon.ts";
import { hoconTypingRows } from "./hocon-editor.ts";
import { lintRows } from "./lint.ts";
import { findPeers } from "./peers.ts";
import { policyRows } from "./policy.ts";
import { growthRows, programRows } from "./programs.ts";
import { regoTypingRows } from "./rego-editor.ts";
import { rows } from "./report.ts";
import { rmsRows } from "./rms.ts";
import { textRows } from "./text.ts";

const groups = [
  "decisions",
  "policy",
  "programs",
  "growth",
  "hocon",
  "text",
  "check",
  "lint",
  "bundles",
  "rms",
  "editor",
] as const;
const given = readFlags(process.argv.slice(2), "npm run bench: figures beside the engines that are installed, as ratios", {
  short: { type: "boolean", help: "fewer rounds" },
  only: { type: "text", value: "GROUP,…", help: `some groups of rows: ${groups.join(", ")}` },
  check: { type: "boolean", help: "fail where a ratio is worse than in baseline.json, or a limit is passed" },
  write: { type: "boolean", help: "keep the ratios in baseline.json" },
});
const short = given.has("short");
const only = given.text("only")?.split(",");
const unknown = only?.find((group) => !groups.some((one) => one === group));
if (unknown !== undefined) {
  console.error(`--only: there is no group ${unknown}; there are ${groups.join(", ")}`);
  process.exit(2);
}
const wants = (group: (typeof groups)[number]): boolean => only === undefined || only.includes(group);
const folder = mkdtempSync(join(tmpdir(), "bench-"));
const peers = findPeers(folder);
const { opa } = peers;

try {
  console.log(
    `Node ${process.version}${opa !== undefined ? `, ${spawnSync(opa, ["version"], { encoding: "utf8" }).stdout.split("\n")[0]}` : "; OPA is not installed, so there are no ratios"}`,
  );
  if (wants("decisions")) await decisionRows(generate, peers, short);
  if (wants("policy")) await policyRows(generate, peers, short);
  if (wants("programs")) await programRows(generate, peers, short);
  if (wants("growth")) await growthRows(short);
  if (wants("hocon")) await hoconTypingRows(await hoconRows(generate, short), folder, short);
  if (wants("text")) await textRows(generate, peers, short);
  if (wants("check")) await checkRows(generate, opa, short);
  if (wants("lint")) lintRows(generate, peers.regal, short);
  if (wants("bundles")) bundleRows(generate, folder, opa, short);
  if (wants("rms")) await rmsRows(folder, peers, short);
  if (wants("editor"))
    await regoTypingRows(generate, folder, peers.regal === undefined ? undefined : [peers.regal, "language-server"], short);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const worse = given.has("check") ? worseThanBaseline(rows, short) : [];
for (const line of worse) console.error(`worse: ${line}`);
if (given.has("write")) writeBaseline(rows, short);
process.exit(worse.length > 0 ? 1 : 0);

function generate(workload: string, ...args: readonly string[]): string {
  const out = join(folder, workload);
  mkdirSync(out, { recursive: true });
  const script =
    workload === "hocon" ? "bench/workloads/hocon/generate.mjs" : `bench/workloads/gen-${workload.replace(/-.*$/u, "")}.mjs`;
  const run = spawnSync(process.execPath, [script, "--out", out, ...args], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  return out;
}
