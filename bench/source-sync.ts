// RMS: syncs of a source of 100,000 people, how long they take and how much memory the server needs for them at its peak.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../e2e/programs/run.ts";
import { adminToken, type RmsProcess, startRms } from "../e2e/sidecar/rms-process.ts";
import { printRow } from "./report.ts";

const domain = "/api/v1/domains/bank";
const source = `${domain}/sources/hr`;
/** Groups, each of which gives a role; a person is in three. */
const groupCount = 2000;

export async function sourceRows(people: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "rms-sources-"));
  const feeds = join(folder, "feeds");
  mkdirSync(feeds);
  const grants = join(folder, "sources.conf");
  writeFileSync(grants, JSON.stringify({ allow: [{ domain: "bank", folder: feeds }] }));
  const table = join(feeds, "people.csv");
  const rms = await startRms(folder, ["--sources", grants]);
  try {
    await prepare(rms);
    const size = `${people / 1000}k people`;
    const syncs = [
      [`RMS first sync of ${size}`, 0],
      [`RMS sync of ${size}, nothing new`, 0],
      [`RMS sync of ${size}, one in a hundred moved`, 100],
    ] as const;
    for (const [index, [name, moved]] of syncs.entries()) {
      writeFileSync(table, peopleTable(people, moved));
      forgetPeak(rms);
      const started = performance.now();
      await sync(rms, index + 1);
      printRow({ operation: name, ours: performance.now() - started });
      printRow({ operation: `${name}, memory at its peak`, ours: peakOf(rms), unit: "bytes" });
    }
  } finally {
    await rms.stop();
  }
}

async function prepare(rms: RmsProcess): Promise<void> {
  const must = async (method: string, path: string, body: unknown): Promise<void> => {
    const answer = await rms.call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  };
  await must("POST", "/api/v1/domains", { id: "bank" });
  for (let group = 0; group < groupCount; group++) {
    const responsibilities = [{ action: "approve", resource: `area/${group % 500}/*` }];
    await must("PUT", `${domain}/roles/role-${group}`, { responsibilities });
  }
  await must("POST", `${domain}/policies`, { id: "main", entrypoints: ["bank/allow"] });
  const files = { "bank.rego": "package bank\n\ndefault allow := false\n" };
  await must("POST", `${domain}/policies/main/versions`, { version: "1.0.0", files, message: "" });
  await must("PUT", `${domain}/policies/main/channels/prod`, { version: "1.0.0" });
  await must("PUT", source, {
    kind: "csv",
    file: "people.csv",
    directory: "ldap",
    map: {
      subject: "mail",
      status: { from: "state", active: ["employed"] },
      manager: "boss",
      attributes: { department: "department", title: "title" },
      groups: { from: "groups", split: ";" },
    },
    rules: Array.from({ length: groupCount }, (_, group) => ({ group: `group-${group}`, role: `role-${group}` })),
  });
}

/** One in `moved` people is in another department and group than at first; nobody for 0. */
function peopleTable(people: number, moved: number): string {
  const lines = Array.from({ length: people }, (_, n) => {
    const shift = moved > 0 && (Math.imul(n, 2_654_435_761) >>> 8) % moved === 0 ? 1 : 0;
    const groups = [n, n * 7 + 3 + shift, n * 13 + 5].map((group) => `group-${group % groupCount}`);
    const boss = `person-${Math.floor(n / 10)}@bank.example`;
    return `person-${n}@bank.example,employed,${boss},department-${(n + shift) % 300},Officer,${groups.join(";")}`;
  });
  return `mail,state,boss,department,title,groups\n${lines.join("\n")}\n`;
}

/** From the call to the bundle that has what the sync said. */
async function sync(rms: RmsProcess, number: number): Promise<void> {
  const began = await rms.call("POST", `${source}/sync`, {});
  if (began.status >= 300) throw new Error(JSON.stringify(began.body));
  const run = await eventually(async () => {
    const { body } = await rms.call("GET", `${source}/runs?limit=1`);
    const [last] = (body as { readonly items: readonly Run[] }).items;
    return last?.run === number ? last : undefined;
  }, 120_000);
  if (run.result !== "changed" && run.result !== "unchanged") throw new Error(JSON.stringify(run));
  const bundle = await fetch(`${rms.url}/opa/v1/bundles/bank/main/prod`, { headers: { authorization: `Bearer ${adminToken}` } });
  if ((await bundle.arrayBuffer()).byteLength === 0) throw new Error("the bundle is empty");
}

interface Run {
  readonly run: number;
  readonly result: string;
}

const statusOf = (rms: RmsProcess): string => readFileSync(`/proc/${rms.child.pid}/status`, "utf8");

function forgetPeak(rms: RmsProcess): void {
  writeFileSync(`/proc/${rms.child.pid}/clear_refs`, "5");
}

/** Bytes that were resident at most since the peak was forgotten. */
function peakOf(rms: RmsProcess): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(statusOf(rms))?.[1]) * 1024;
}
