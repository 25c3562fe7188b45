// The console of RMS where many people are: a role's members, a search, a person, the domain.
import { adminToken, type RmsProcess } from "../e2e/sidecar/rms-process.ts";
import { TestBrowser } from "../rms/console/browser.test-helper.ts";
import { p95 } from "./measure.ts";
import { printRow } from "./report.ts";

/** Milliseconds that a page may take. */
const limit = 200;
const rounds = 20;

/** `domain` has so many users already, `user-0@example.com` and on, in many roles; here all of them get one more. */
export async function consoleRows(rms: RmsProcess, domain: string, users: number): Promise<void> {
  const role = `/api/v1/domains/${domain}/roles/everybody`;
  await rms.call("PUT", role, { responsibilities: [] });
  const body = Array.from({ length: users }, (_, n) => JSON.stringify({ subject: `user-${n}@example.com` })).join("\n");
  const headers = { authorization: `Bearer ${adminToken}`, "content-type": "application/x-ndjson" };
  const answer = await fetch(`${rms.url}${role}/members:batch?reason=bench`, { method: "POST", headers, body });
  if (answer.status !== 200) throw new Error(await answer.text());
  const browser = new TestBrowser(rms.url);
  await browser.signIn(adminToken);
  const base = `/console/domains/${domain}`;
  const cursor = Buffer.from(JSON.stringify([`user-${users / 2}@example.com`])).toString("base64url");
  const id = encodeURIComponent(`user-${users / 2}@example.com`);
  const pages = {
    "a role with": `${base}/roles/everybody?cursor=${cursor}`,
    "a search among": `${base}/people?q=R-${users - 1}%40`,
    "a person of": `${base}/person?id=${id}`,
    "the domain of": base,
  };
  for (const [what, address] of Object.entries(pages)) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      const seen = await browser.get(address);
      if (seen.status !== 200 || seen.address !== address) throw new Error(`${address} answers ${seen.status}`);
      times.push(performance.now() - started);
    }
    printRow({ operation: `RMS console, ${what} ${users / 1000}k people, p95`, ours: p95(times), limit });
  }
}
