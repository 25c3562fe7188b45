// Runs dependency-cruiser over the rooms and fails when it saw suspiciously few modules (a check that checks nothing passes).
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const rooms = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).imports)
  .map((key) => key.slice(1, key.indexOf("/")))
  .filter((room) => existsSync(room));
const floor = 12;
const run = spawnSync(
  process.execPath,
  ["node_modules/dependency-cruiser/bin/dependency-cruiser.mjs", "--output-type", "err", ...rooms],
  {
    encoding: "utf8",
  },
);
process.stdout.write(run.stdout);
process.stderr.write(run.stderr);
const seen = Number(/\((\d+) modules/.exec(run.stdout)?.[1] ?? 0);
if (seen < floor) {
  console.error(`check:layers looked at ${seen} modules only; expected at least ${floor}`);
  process.exit(1);
}
process.exit(run.status ?? 1);
