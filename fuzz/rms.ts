// Random calls of a whole RMS, drawn from its OpenAPI document: no call may end in a 5xx or differ from the document, a refused
// one changes nothing, a foreign domain is never seen, and no token comes into the log.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { answerFault } from "../rms/server/http/answer-check.test-helper.ts";
import { RateLimits } from "../rms/server/http/rate-limit.ts";
import { type TestRms, testRms } from "../rms/server/rms.test-helper.ts";
import { type Random, random } from "./random.ts";

type Schema = Readonly<Record<string, unknown>>;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly query: readonly { readonly name: string; readonly schema: Schema }[];
  readonly bodies: Readonly<Record<string, Schema | undefined>>;
}

interface Drawn {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly domain: string | undefined;
}

/** Ids that are there, ids that could be, and texts that break things elsewhere. */
const ids: Readonly<Record<string, readonly string[]>> = {
  domain: ["orders", "orders", "orders", "hidden", "nowhere"],
  policy: ["main", "main", "second"],
  version: ["1.0.0", "1.0.1", "2.0.0-rc.1"],
  channel: ["prod", "dev"],
  selector: ["prod", "1.0.0"],
  role: ["clerk", "manager", "x.y"],
  subject: ["ann", "cn=bob,dc=example", "O'Neil"],
  name: ["small.conf", "common/limits.conf"],
  file: ["main.rego", "data.json"],
  token: ["00000000-0000-0000-0000-000000000000"],
  partition: ["a/b"],
};

const hostileTexts: readonly string[] = [
  "",
  " ",
  "..",
  "../../etc/passwd",
  "__proto__",
  "constructor",
  "toString",
  "%00",
  "\u0000",
  "\ud800",
  "a".repeat(300),
  "a\nb",
  "' OR 1=1 --",
  '{"$ne": 1}',
  "ünïcødé 🎈",
  "\u202e",
  "1e999",
  "-0",
  "*",
  "a/../b",
  "9".repeat(40),
];
const hostileValues: readonly unknown[] = [null, true, 0, -1, 1.5, 1e308, [], {}, [null], { a: { b: [] } }, [[[[]]]]];

const policyTexts: readonly string[] = [
  'package orders\n\ndefault allow := false\n\nallow if data.rms.rbac.user_has_role(input.user, "clerk")\n',
  "package orders\n\nallow if input.x[_]\n",
  "package other\n\nallow := true\n",
  "package orders\n\nallow if {",
  "package orders\n\nallow if http.send({})\n",
  "package orders\n\ntest_a if false\n\nallow := 1\n",
];

class Calls {
  private readonly random: Random;
  private readonly schemas: Readonly<Record<string, Schema>>;
  private readonly operations: readonly Operation[];

  constructor(source: Random, schemas: Readonly<Record<string, Schema>>, operations: readonly Operation[]) {
    this.random = source;
    this.schemas = schemas;
    this.operations = operations;
  }

  draw(): Drawn {
    const operation = this.pick(this.operations);
    let domain: string | undefined;
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = this.chance(0.9) ? this.pick(ids[name] ?? ["x"]) : this.hostileText();
      if (name === "domain") domain = value;
      return name === "name" || name === "file" || name === "partition"
        ? value.split("/").map(escaped).join("/")
        : escaped(value);
    });
    const query = new URLSearchParams();
    for (const { name, schema } of operation.query) if (this.chance(0.3)) query.append(name, String(this.value(schema)));
    if (this.chance(0.05)) query.append(this.hostileText(), this.hostileText());
    const search = query.size === 0 ? "" : `?${query}`;
    const headers: Record<string, string> = {};
    const types = Object.keys(operation.bodies);
    let body: string | undefined;
    if (types.length > 0 && this.chance(0.95)) {
      const type = this.chance(0.95) ? this.pick(types) : this.pick(["text/xml", "application/json;charset=latin1", "x"]);
      headers["content-type"] = type;
      body = this.body(operation, type);
    }
    if (this.chance(0.1)) headers["idempotency-key"] = this.pick(["k1", "k2", "k 3"]);
    if (this.chance(0.1)) headers["if-match"] = this.pick(['"0"', '"1"', "*", '"x", "1"', "W/x"]);
    if (this.chance(0.1)) headers["if-none-match"] = this.pick(["*", '"1"', "x"]);
    if (this.chance(0.05)) headers["accept"] = this.pick(["*/*", "text/html", "application/*;q=0", ",", "application/json"]);
    if (this.chance(0.03)) headers["content-encoding"] = this.pick(["gzip", "br", "identity"]);
    if (this.chance(0.05)) headers["prefer"] = this.pick(["wait=0", "wait=-1", "wait=x", "respond-async"]);
    const method = this.chance(0.97) ? operation.method : this.pick(["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"]);
    return { method, path: path + search, headers, body, domain };
  }

  private body(operation: Operation, type: string): string {
    if (type.includes("ndjson") || type.includes("jsonl"))
      return Array.from({ length: this.random.below(4) }, () =>
        JSON.stringify({
          subject: this.pick(ids["subject"] ?? []),
          ...(this.chance(0.3) ? { validUntil: this.hostileText() } : {}),
        }),
      ).join("\n");
    if (!type.includes("json")) return this.pick(["a = 1", "a = ${b}", 'include "common/limits.conf"', "{", ...hostileTexts]);
    const text = JSON.stringify(this.value(operation.bodies["application/json"] ?? {}));
    if (this.chance(0.03)) return text.slice(0, this.random.below(text.length + 1));
    return text;
  }

  private value(schema: Schema, name = "", depth = 0): unknown {
    if (this.chance(0.04)) return this.chance(0.5) ? this.hostileText() : this.pick(hostileValues);
    if (typeof schema["$ref"] === "string")
      return this.value(this.schemas[schema["$ref"].split("/").at(-1) ?? ""] ?? {}, name, depth);
    if (Array.isArray(schema["enum"])) return this.pick(schema["enum"] as readonly unknown[]);
    switch (schema["type"]) {
      case "string":
        return this.text(name, schema);
      case "boolean":
        return this.chance(0.5);
      case "integer":
      case "number":
        return this.pick([0, 1, 2, 60, 900, 86_400, Number(schema["minimum"] ?? -1), Number(schema["maximum"] ?? 2 ** 53)]);
      case "array":
        return Array.from({ length: this.random.below(3) }, () => this.value((schema["items"] ?? {}) as Schema, name, depth + 1));
      case "object":
        return this.object(schema, name, depth);
      default:
        return depth > 3 ? 1 : this.pick([1, "text", { user: "ann" }, [1, { a: null }]]);
    }
  }

  private object(schema: Schema, name: string, depth: number): unknown {
    const properties = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, Schema>>);
    const required = (schema["required"] ?? []) as readonly string[];
    if (name === "files")
      return { "main.rego": this.pick(policyTexts), ...(this.chance(0.2) ? { [this.hostileText()]: "" } : {}) };
    const members = properties.flatMap(([member, own]) =>
      this.chance(required.includes(member) ? 0.97 : 0.4) ? [[member, this.value(own, member, depth + 1)] as const] : [],
    );
    const extra = schema["additionalProperties"];
    if (typeof extra === "object" && extra !== null)
      members.push([this.hostileText(), this.value(extra as Schema, name, depth + 1)]);
    if (this.chance(0.04)) members.push([this.hostileText(), 1]);
    return Object.fromEntries(members);
  }

  private text(name: string, schema: Schema): string {
    if (this.chance(0.1)) return this.hostileText();
    if (schema["format"] === "date-time")
      return this.pick(["2030-01-01T00:00:00Z", "2000-01-01T00:00:00+02:00", "0000-00-00T99:99:99Z", "9999-12-31T23:59:59Z"]);
    if (name === "id") return this.pick(["orders", "hidden", "fresh", "main", "second"]);
    if (name === "includes") return this.pick(ids["role"] ?? []);
    return this.pick(ids[name] ?? ["read", "orders/eu/*", "clerk", "a = 1", "orders/allow"]);
  }

  private hostileText(): string {
    return this.pick(hostileTexts);
  }

  private pick<T>(items: readonly T[]): T {
    return this.random.pick(items);
  }

  private chance(share: number): boolean {
    return this.random.below(1000) < share * 1000;
  }
}

function escaped(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

const unlimited = { perSecond: 1e9, burst: 1e9 };

/** Fuzzes for some seconds; gives the exit code. */
export async function fuzzRms(seconds: number, seed: number): Promise<number> {
  const rms = await testRms({ limits: new RateLimits({ token: unlimited, domain: unlimited }) });
  try {
    return await run(rms, seconds, seed);
  } finally {
    await rms.stop();
  }
}

async function run(rms: TestRms, seconds: number, seed: number): Promise<number> {
  for (const id of ["orders", "hidden"]) {
    await rms.call("POST", "/api/v1/domains", { id, title: `${id} marker` });
    await rms.call("POST", `/api/v1/domains/${id}/policies`, { id: "main", entrypoints: [`${id}/allow`] });
    const files = { "main.rego": `package ${id}\n\ndefault allow := false\n` };
    await rms.call("POST", `/api/v1/domains/${id}/policies/main/versions`, { version: "1.0.0", files });
    await rms.call("PUT", `/api/v1/domains/${id}/policies/main/channels/prod`, { version: "1.0.0" });
    await rms.call("PUT", `/api/v1/domains/${id}/roles/clerk`, {});
  }
  const all = ["read", "publish", "channel:write", "roles:write", "audit:read", "domain:admin", "bundle:read", "telemetry:write"];
  const [owner, reader] = [await rms.token(all, ["orders"]), await rms.token(["read"], ["orders"])];
  const tokens = { admin: rms.admin, owner, reader, nobody: "" };
  const { body: document } = await rms.call("GET", "/openapi.json");
  const state = new State(rms);
  const calls = new Calls(random(seed), schemasOf(document), operationsOf(document));
  const who = random(seed + 1);
  const callers = ["admin", "admin", "admin", "owner", "owner", "reader", "nobody"] as const;
  const end = performance.now() + seconds * 1000;
  const counts: Record<string, number> = {};
  for (let tried = 0; performance.now() < end; tried++) {
    const drawn = calls.draw();
    // These would end the domain for the rest of the run.
    if (/\/(?:retire|freeze)$/.test(drawn.path)) continue;
    const name = who.pick(callers);
    const before = state.digest();
    const answer = await send(rms, drawn, tokens[name]);
    const fault = faultOf(drawn, name, answer, () => state.digest() !== before);
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;
    const lines = rms.log.slice();
    const leaked = Object.values(tokens).find((token) => token !== "" && lines.slice(-20).some((line) => line.includes(token)));
    if (fault === undefined && leaked === undefined) continue;
    console.error(
      `rms --seed ${seed}: call ${tried} by ${name}: ${fault ?? "a token is in the log"}\n${JSON.stringify(drawn)}\n${answer.status} ${answer.text.slice(0, 1000)}\n${lines.at(-1)}`,
    );
    return 1;
  }
  state.close();
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const shares = Object.entries(counts).map(([status, count]) => `${count} × ${status}`);
  console.log(`rms: ${total} calls from seed ${seed}, nothing broke: ${shares.join(", ")}`);
  return 0;
}

function isDryRun({ path }: Drawn): boolean {
  return new URL(path, "http://localhost").searchParams.get("dryRun") === "true";
}

interface Sent {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

async function send(rms: TestRms, { method, path, headers, body }: Drawn, token: string): Promise<Sent> {
  const answer = await fetch(rms.url + path, {
    method,
    headers: { ...headers, ...(token === "" ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined || method === "GET" || method === "HEAD" ? {} : { body }),
  });
  return { status: answer.status, type: answer.headers.get("content-type") ?? "", text: await answer.text() };
}

function faultOf(drawn: Drawn, who: string, answer: Sent, changed: () => boolean): string | undefined {
  const { status, type, text } = answer;
  if (status >= 500) return "a 5xx";
  const path = drawn.path.split("?")[0] ?? "";
  const differs = answerFault(drawn.method, path, status, type, text);
  if (differs !== undefined) return differs;
  if ((status >= 400 || isDryRun(drawn)) && changed()) return "it was refused, or a dry run, and changed something";
  // OPTIONS tells only what the document tells anybody.
  if (drawn.method === "OPTIONS") return undefined;
  if (who === "nobody" && status < 400 && drawn.domain !== undefined) return "it was answered without a token";
  if (who !== "admin" && text.includes("hidden marker")) return "it shows a foreign domain";
  const own = drawn.domain === "orders" || drawn.domain === undefined;
  if ((who === "owner" || who === "reader") && !own && status < 400) return "it answers for a foreign domain";
  return undefined;
}

/** Tables that the server writes by itself: what is built and served follows the clock. */
const derived = new Set(["builds", "addresses", "stamps", "outbox"]);

/** Everything that a request could change, as a digest. */
class State {
  private readonly db: DatabaseSync;
  private readonly tables: readonly string[];

  constructor({ folder }: TestRms) {
    this.db = new DatabaseSync(join(folder, "rms.db"), { readOnly: true });
    const names = this.db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
    this.tables = names.map(({ name }) => String(name)).filter((name) => !derived.has(name));
  }

  digest(): string {
    const hash = createHash("sha256");
    for (const table of this.tables) {
      hash.update(table);
      // The newest rows and the number of all say enough, since no table loses a row and gains one in one request.
      const rows = this.db.prepare(`SELECT * FROM ${table} ORDER BY rowid DESC LIMIT 50`).all();
      const [count] = this.db.prepare(`SELECT count(*) AS n FROM ${table}`).all();
      hash.update(JSON.stringify([rows, count], (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)));
    }
    return hash.digest("hex");
  }

  close(): void {
    this.db.close();
  }
}

function schemasOf(document: Readonly<Record<string, unknown>>): Readonly<Record<string, Schema>> {
  return (document["components"] as { readonly schemas: Readonly<Record<string, Schema>> }).schemas;
}

function operationsOf(document: Readonly<Record<string, unknown>>): readonly Operation[] {
  type Described = {
    readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
    readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
  };
  const paths = document["paths"] as Readonly<Record<string, Readonly<Record<string, Described>>>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters, requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      query: parameters.filter((one) => one.in === "query"),
      bodies: Object.fromEntries(Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => [type, schema])),
    })),
  );
}
