// Go programs that use OPA as a library, built from modules that are on this machine already: nothing is downloaded.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The path of the program made from the source, in the folder; undefined without Go or OPA's module. */
export function buildWithOpa(source: string, folder: string): string | undefined {
  const go = process.env["GO"] ?? "go";
  const cache = spawnSync(go, ["env", "GOMODCACHE"], { encoding: "utf8" });
  const versions = cache.status === 0 ? join(cache.stdout.trim(), "github.com", "open-policy-agent") : "";
  if (!existsSync(versions)) return undefined;
  const newest = readdirSync(versions)
    .filter((name) => name.startsWith("opa@"))
    .sort()
    .at(-1);
  if (newest === undefined) return undefined;
  mkdirSync(folder, { recursive: true });
  copyFileSync(source, join(folder, "main.go"));
  const modules = readFileSync(join(versions, newest, "go.mod"), "utf8").replace(/^module .*$/mu, "module peer");
  writeFileSync(join(folder, "go.mod"), `${modules}\nrequire github.com/open-policy-agent/opa ${newest.slice(4)}\n`);
  writeFileSync(join(folder, "go.sum"), readFileSync(join(versions, newest, "go.sum")));
  const made = spawnSync(go, ["build", "-o", "peer", "."], {
    cwd: folder,
    stdio: "ignore",
    env: { ...process.env, GOPROXY: "off", GONOSUMDB: "*", GOSUMDB: "off", GOFLAGS: "-mod=mod" },
  });
  return made.status === 0 ? join(folder, "peer") : undefined;
}
