// What a real OPA decided and logged is what `rw replay` decides: values, errors, what varies, what is masked.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually, freePort, inFolder, run } from "../programs/run.ts";

const policy = (url: string): string => `package orders

default allow := false

allow if {
	input.user.role == "clerk"
	input.amount < data.limits.clerk
}

names contains name if some name in input.names

total := sum(input.amounts)

bad := 1 if input.bad
bad := 2 if input.bad

now := time.now_ns()
chance := [rand.intn("a", 1000000), rand.intn("b", 1000000), uuid.rfc4122(input.id)]
healthy := http.send({"method": "get", "url": "${url}/health"}).status_code
addresses := net.lookup_ip_addr("localhost")
version := opa.runtime().version
user := input.user
`;

const mask = `package system.log

mask contains "/input/user/password"

mask contains "/result/password"

mask contains {"op": "upsert", "path": "/result/role", "value": "hidden"} if input.path == "orders/user"
`;

const asked: readonly (readonly [path: string, input: string | undefined])[] = [
  ["orders/allow", '{"user": {"role": "clerk", "password": "x"}, "amount": 10}'],
  ["orders/allow", '{"user": {"role": "clerk"}, "amount": 12345678901234567890}'],
  ["orders/allow", '{"user": {"role": "clerk"}, "amount": 100}'],
  ["orders/allow", undefined],
  ["orders/names", '{"names": ["ü", "b", "\\u2028", "<a>", "b"]}'],
  ["orders/total", '{"amounts": [0.1, 0.2, 1e2, 12345678901234567890]}'],
  ["orders/bad", '{"bad": true}'],
  ["orders/nothing", "{}"],
  ["orders/now", "{}"],
  ["orders/chance", '{"id": "1"}'],
  ["orders/chance", '{"id": "2"}'],
  ["orders/healthy", "{}"],
  ["orders/addresses", "{}"],
  ["orders/version", "{}"],
  ["orders/user", '{"user": {"role": "clerk", "password": "x"}}'],
];

/** The console of an OPA that answered all of it. */
async function logged(folder: string, port: number): Promise<string> {
  const url = `http://127.0.0.1:${port}`;
  const set = ["decision_logs.console=true", "nd_builtin_cache=true"].flatMap((one) => ["--set", one]);
  const child = spawn(process.env["OPA"] ?? "opa", ["run", "-s", "--addr", `127.0.0.1:${port}`, ...set, folder], {
    stdio: "pipe",
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (log += chunk.toString()));
  try {
    await eventually(async () => ((await fetch(`${url}/health`)).ok ? true : undefined));
    for (const [path, input] of asked)
      await fetch(`${url}/v1/data/${path}`, { method: "POST", body: input === undefined ? "{}" : `{"input": ${input}}` });
    await eventually(async () => (log.split('"decision_id"').length > asked.length ? true : undefined));
    return log;
  } finally {
    child.kill("SIGKILL");
  }
}

test("a log of a real OPA", async () => {
  await inFolder(async (folder) => {
    const port = await freePort();
    const project = join(folder, "project");
    mkdirSync(project);
    writeFileSync(join(project, "orders.rego"), policy(`http://127.0.0.1:${port}`));
    writeFileSync(join(project, "mask.rego"), mask);
    writeFileSync(join(project, "data.json"), '{"limits": {"clerk": 1000}}');
    const file = join(folder, "console.log");
    writeFileSync(file, await logged(project, port));
    const replay = () => run("rw", ["replay", file, "--project", project]);
    expect(await replay()).toEqual({
      code: 0,
      out: `${asked.length} decisions: ${asked.length} as logged, 0 otherwise, 0 unclear\n`,
      err: "",
    });
    writeFileSync(join(project, "data.json"), '{"limits": {"clerk": 5}}');
    expect(await replay()).toMatchObject({ code: 1, out: expect.stringContaining("orders/allow  true → false") });
  });
});
