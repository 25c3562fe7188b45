// `npm run bench [-- --short] [--only GROUP,…] [--check | --write]`: figures beside the engines that are installed, in the same
// run, after they gave the same answers. `--check` compares the ratios with `baseline.json` and the times with their limits. `--write`
// keeps the ratios of this run, on a quiet machine: those of rows that did not run stay, so groups can be written one by one.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { worseThanBaseline, writeBaseline } from "./baseline.ts";
import { bundleRows } from "./bundles.ts";
import { checkRows } from "./check.ts";
import { decisionRows } from "./decisions.ts";
import { hoconRows } from "./hocon.ts";
import { hoconTypingRows } from "./hocon-editor.ts";
import { findPeers } from "./peers.ts";
import { policyRows } from "./policy.ts";
import { growthRows, programRows } from "./programs.ts";
import { regoTypingRows } from "./rego-editor.ts";
import { rows } from "./report.ts";
import { rmsRows } from "./rms.ts";
import { textRows } from "./text.ts";

const short = process.argv.includes("--short");
/** `--only check,editor` runs some groups of rows alone. */
const only = process.argv.includes("--only") ? (process.argv[process.argv.indexOf("--only") + 1] ?? "").split(",") : undefined;
const wants = (group: string): boolean => only === undefined || only.includes(group);
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
  if (wants("bundles")) bundleRows(generate, folder, opa, short);
  if (wants("rms")) await rmsRows(folder, peers, short);
  if (wants("editor")) await regoTypingRows(generate, folder, peers.regal, short);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const worse = process.argv.includes("--check") ? worseThanBaseline(rows, short) : [];
for (const line of worse) console.error(`worse: ${line}`);
if (process.argv.includes("--write")) writeBaseline(rows, short);
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
