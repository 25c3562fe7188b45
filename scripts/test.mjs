// `npm test`: every suite in order. Those whose tools are missing are named as not run; with RW_TEST_ALL=1 (CI) a missing tool is a failure,
// save in optional suites.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled, fail, npm, npmHeard, root } from "./install.mjs";

const has = (command, ...args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;
const opa = () => (has(process.env.OPA ?? "opa", "version") ? undefined : "real OPA (set OPA or put `opa` on the PATH)");
const chromium = () =>
  existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium") ? undefined : "Chromium (set CHROMIUM to its path)";
const kitLinters = () =>
  has("shellcheck", "--version") && has("hadolint", "--version") ? undefined : "shellcheck and hadolint on the PATH";
const slapd = () =>
  existsSync("/usr/sbin/slapd") && has("ldapmodify", "-VV") ? undefined : "OpenLDAP (Debian's slapd and ldap-utils)";
const mounts = () =>
  has("unshare", "-Urm", "mount", "-t", "tmpfs", "small", "/mnt")
    ? undefined
    : "mounts in a namespace of its own (`unshare -Urm`), for disks that fill up";
const codeServer = () =>
  existsSync(join(process.env.E2E_HOME ?? join(root, ".e2e"), "node_modules", "code-server"))
    ? undefined
    : "code-server (run e2e/install.sh)";

// Optional are those whose tools or rights not every CI machine can be given: they are named as not run there too.
const suites = [
  { name: "types", script: "typecheck", needs: [] },
  { name: "style", script: "lint", needs: [] },
  { name: "layers", script: "check:layers", needs: [] },
  { name: "unit", script: "test:unit", needs: [] },
  { name: "properties, large inputs", script: "test:long", needs: [] },
  { name: "conformance", script: "conformance", needs: [] },
  { name: "portable modules", script: "conformance:portable", needs: [] },
  { name: "fuzzing", script: "test:fuzz", needs: [] },
  { name: "build", script: "build", needs: [] },
  { name: "programs", script: "test:programs", needs: [] },
  { name: "language server", script: "test:lsp", needs: [] },
  { name: "decisions under real OPA", script: "test:oracle", needs: [opa] },
  { name: "style of the sidecar kit", script: "lint:kit", needs: [kitLinters], optional: true },
  { name: "sidecar", script: "test:sidecar", needs: [opa] },
  { name: "people from a directory", script: "test:directory", needs: [slapd], optional: true },
  { name: "console in a browser", script: "test:console", needs: [chromium] },
  { name: "faults", script: "test:faults", needs: [mounts], optional: true },
  { name: "package", script: "package", needs: [] },
  { name: "extension host", script: "test:host", needs: [chromium, codeServer] },
  { name: "editor in a browser", script: "test:e2e", needs: [chromium, codeServer, opa] },
];

const [asked] = process.argv.slice(2);
if (asked !== undefined) {
  const named = suites.map(({ name, script }) => `  ${name.padEnd(27)}npm run ${script}`).join("\n");
  if (asked !== "--help") fail(`npm test takes no arguments, not ${asked}. One suite: npm run SCRIPT.\n\n${named}`);
  console.log(
    `npm test\n\nRuns every suite whose tools are there, in this order, and names the others; each is run alone by its script:\n\n${named}`,
  );
  process.exit(0);
}

ensureInstalled();
const scripts = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;
const all = process.env.RW_TEST_ALL === "1";
const results = [];
if (npm(["run", "--silent", "generate"]).status !== 0) process.exit(1);
for (const suite of suites) {
  const missing = suite.needs.map((need) => need()).filter((text) => text !== undefined);
  if (missing.length > 0) {
    results.push({
      suite,
      outcome: all && suite.optional !== true ? "failed" : "not run",
      why: `needs ${missing.join(" and ")}`,
    });
    continue;
  }
  console.log(`\n── ${suite.name} (npm run ${suite.script})`);
  const started = Date.now();
  const { status, said } =
    scripts[suite.script] === undefined ? { status: 1, said: "" } : await npmHeard(["run", "--silent", suite.script]);
  const why = `${((Date.now() - started) / 1000).toFixed(1)} s`;
  results.push(status === 0 ? { suite, outcome: "passed", why } : { suite, outcome: "failed", why, said });
}

// What failed stands at the end once more: of a long output that may be all that is kept.
for (const { suite, said } of results)
  if (said !== undefined) console.log(`\n── why ${suite.name} failed\n${said.trimEnd().split("\n").slice(-80).join("\n")}`);

console.log("\n── suites");
for (const { suite, outcome, why } of results) console.log(`${outcome.padEnd(8)} ${suite.name} (${why})`);
const count = (outcome) => results.filter((result) => result.outcome === outcome).length;
const notRun = count("not run");
console.log(`\n${count("passed")} passed, ${count("failed")} failed${notRun > 0 ? `, ${notRun} skipped` : ""}`);
process.exit(count("failed") === 0 ? 0 : 1);
