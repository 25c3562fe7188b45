// `node bench/impact.ts [people]`. RMS: who gains and who loses by a version among 100,000 people, how long that takes and how much memory the server has at its peak.
import { testRms } from "../rms/server/rms.test-helper.ts";

const people = Number(process.argv[2] ?? 100_000);
const roles = 50;
const main = "/api/v1/domains/orders/policies/main";

/** `how` is what the second version asks beside the responsibility. */
const policy = (how: string): string => `package orders

import data.rms.rbac

default allow := false

allow if {
	rbac.user_has_responsibility(input.user, input.action, "orders")
	${how}
}
`;

const versions = {
  "1.0.0": policy("true"),
  "1.1.0": policy('not rbac.user_has_role(input.user, "r7")'),
  // What looks into ids has to be asked for everybody.
  "1.2.0": policy('not startswith(input.user, "p1")'),
  "1.3.0": policy('data.rms.data.attrs[input.user].department != "d3"'),
};

const rms = await testRms();
const good = async (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => {
  const answer = await rms.call(method, path, body, headers);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text.slice(0, 300)}`);
  return answer.body;
};
await good("POST", "/api/v1/domains", { id: "orders" });
await good("POST", "/api/v1/domains/orders/policies", { id: "main", entrypoints: ["orders/allow"] });
for (let role = 0; role < roles; role++) {
  const id = `/api/v1/domains/orders/roles/r${role}`;
  await good("PUT", id, { responsibilities: [{ action: `a${role % 10}`, resource: "orders" }] });
  const members = Array.from({ length: people / roles }, (_, at) => JSON.stringify({ subject: `p${at * roles + role}` }));
  await good("POST", `${id}/members:batch`, `${members.join("\n")}\n`, { "content-type": "application/x-ndjson" });
}
for (const [version, text] of Object.entries(versions)) {
  await good("POST", `${main}/versions`, { version, files: { "a.rego": text } });
  if (version === "1.0.0") await good("PUT", `${main}/channels/prod`, { version });
}
const requests = Array.from({ length: 10 }, (_, at) => ({ name: `a${at}`, input: { user: "p1", action: `a${at}` } }));
let peak = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 20);
const before = process.memoryUsage.rss();
for (const version of ["1.1.0", "1.1.0", "1.2.0", "1.3.0"]) {
  const started = performance.now();
  const answer = await rms.call("POST", `${main}/impact`, {
    channel: "prod",
    version,
    requests,
    logged: 0,
    ...(version === "1.2.0" ? { evaluations: 200_000 } : {}),
  });
  const { basis, classes, evaluations, lost, detail } = answer.body as Record<string, unknown>;
  const covered = (answer.body["requests"] as { covered: number }[] | undefined)?.map((one) => one.covered);
  const took = ((performance.now() - started) / 1000).toFixed(1);
  const told = {
    basis,
    classes,
    evaluations,
    lost: (lost as { people: number } | undefined)?.people,
    least: Math.min(...(covered ?? [])),
    detail,
  };
  console.log(
    `${version}: ${took} s, peak ${(peak / 2 ** 20).toFixed(0)} MB (${(before / 2 ** 20).toFixed(0)} MB before) ${JSON.stringify(told)}`,
  );
}
clearInterval(watch);
await rms.stop();
