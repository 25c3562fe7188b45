// The sidecar kit by itself: values that it refuses, the configuration that it writes, keys that it takes.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { finish, type Outcome, root } from "../programs/run.ts";

const kit = join(root, "rms/sidecar");
const folder = mkdtempSync(join(tmpdir(), "kit-"));
const state = join(folder, "state");
const opa = process.env["OPA"] ?? "opa";
const shells = [["dash"], ["bash", "--posix"], ["busybox", "sh"]].filter(
  ([program = "", ...args]) => spawnSync(program, [...args, "-c", "exit 0"]).status === 0,
);
const publicKey = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n";
const keys = { "es256-1": { algorithm: "ES256", key: publicKey, scope: "rms:orders" } };

beforeAll(() => {
  writeFileSync(join(folder, "token"), "rms_secret_of_a_sidecar", { mode: 0o600 });
  writeFileSync(join(folder, "keys.json"), JSON.stringify(keys));
  // Instead of OPA's server a program that shows what it was started with; `eval` is the real one.
  writeFileSync(join(folder, "opa"), `#!/bin/sh\nif [ "$1" = eval ]; then exec ${opa} "$@"; fi\necho "$@"\n`, { mode: 0o755 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good: Readonly<Record<string, string>> = {
  RMS_URL: "http://127.0.0.1:1",
  RMS_DOMAIN: "orders",
  RMS_POLICY: "main",
  RMS_VERSION: "prod",
  RMS_TOKEN_FILE: join(folder, "token"),
  RMS_STATE_DIR: state,
  RMS_KEYS_FILE: join(folder, "keys.json"),
  RMS_INSTANCE: "host-1",
  OPA: join(folder, "opa"),
};

function startKit(settings: Readonly<Record<string, string>>, shell: readonly string[] = ["dash"]): Promise<Outcome> {
  const [program = "sh", ...args] = shell;
  const env = { PATH: process.env["PATH"] ?? "", ...good, ...settings };
  return finish(spawn(program, [...args, join(kit, "start.sh")], { env, cwd: folder }), 60_000);
}

test("the image runs as nobody in particular, by a list of words, without secrets", () => {
  const lines = readFileSync(join(kit, "Dockerfile"), "utf8").split("\n");
  expect(lines).toContain("USER 10001");
  expect(lines).toContain('ENTRYPOINT ["/opt/rms-sidecar/start.sh"]');
  expect(lines.filter((line) => /^(?:ADD|ENV)\b|:latest|curl |apk add/.test(line))).toEqual([]);
});

const hostile = [
  'a"b',
  "a\nb",
  "a b",
  "a'b",
  "a|b",
  "a&b",
  "a\\b",
  "a;id",
  "a$(id)",
  "a`id`",
  "a${PATH}",
  "@KEYS@",
  'x", "plugins": {"y": {}}, "z": "',
  "../x",
  "x/../y",
  "-rf",
  "é",
  "\u0001",
  "a\r",
  "%2e",
  "{}",
];
const required = ["RMS_URL", "RMS_DOMAIN", "RMS_POLICY", "RMS_VERSION", "RMS_TOKEN_FILE"];
const optional = [
  "RMS_STATE_DIR",
  "RMS_INSTANCE",
  "RMS_APP",
  "RMS_ENV",
  "RMS_KEYS_FILE",
  "OPA",
  "OPA_MODE",
  "OPA_CLIENTS_FILE",
  "OPA_ADDR",
  "POLL_MIN_S",
  "POLL_MAX_S",
  "LONG_POLL_S",
  "READY_S",
];

test.each([...required, ...optional])("%s is refused by name when it could change anything", async (name) => {
  for (const shell of shells) {
    for (const value of [...hostile, ...(required.includes(name) ? [""] : [])]) {
      rmSync(state, { recursive: true, force: true });
      const { code, out, err } = await startKit({ [name]: value }, shell);
      expect({ code, out }, `${shell[0]}: ${JSON.stringify(value)}: ${err}`).toEqual({ code: 2, out: "" });
      expect(err).toMatch(new RegExp(`^sidecar: ${name} `));
      expect(existsSync(join(state, "config.json"))).toBe(false);
    }
  }
});

test.each([
  ["RMS_URL", "ftp://rms.example", "must begin with"],
  ["RMS_URL", "https://", "must begin with"],
  ["RMS_DOMAIN", "orders/main", "is one name"],
  ["RMS_VERSION", "a:b", "is one name"],
  ["RMS_TOKEN_FILE", "/nowhere/token", "cannot be read"],
  ["RMS_TOKEN_FILE", "/tmp", "is a folder"],
  ["RMS_KEYS_FILE", "/nowhere/keys.json", "cannot be read"],
  ["RMS_STATE_DIR", "/dev/null/x", "cannot be made"],
  ["OPA", "/nowhere/opa", "is no program"],
  ["OPA_ADDR", "8181", "HOST:PORT"],
  ["POLL_MIN_S", "0", "1 or more"],
  ["POLL_MIN_S", "1.5", "whole seconds"],
  ["POLL_MIN_S", "30", "below POLL_MIN_S"],
  ["POLL_MAX_S", "1000000", "whole seconds"],
  ["LONG_POLL_S", "0", "1 or more"],
  ["READY_S", "soon", "whole seconds"],
])("%s=%s is refused: %s", async (name, value, why) => {
  const { code, err } = await startKit({ [name]: value });
  expect(err).toContain(why);
  expect(err).toContain(name);
  expect(code).toBe(2);
});

test("the configuration says what the variables say, only its owner reads it, and OPA gets its words", async () => {
  mkdirSync(state, { recursive: true });
  for (const shell of shells) {
    // One that lay there before, readable by all, is not reused.
    writeFileSync(join(state, "config.json"), "{}", { mode: 0o644 });
    const { code, out, err } = await startKit(
      { POLL_MIN_S: "7", POLL_MAX_S: "9", LONG_POLL_S: "11", OPA_ADDR: "127.0.0.1:9999", READY_S: "3" },
      shell,
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.trim()).toBe(
      `run --server --addr 127.0.0.1:9999 --config-file ${join(state, "config.json")} --ready-timeout 3 --skip-version-check`,
    );
    expect(statSync(join(state, "config.json")).mode & 0o777).toBe(0o600);
    const text = readFileSync(join(state, "config.json"), "utf8");
    expect(text).not.toMatch(/@|rms_secret/);
    expect(JSON.parse(text)).toEqual({
      services: {
        rms: {
          url: "http://127.0.0.1:1/opa/v1",
          response_header_timeout_seconds: 60,
          credentials: { bearer: { token_path: join(folder, "token") } },
        },
      },
      labels: { domain: "orders", policy: "main", channel: "prod", instance: "host-1" },
      keys,
      bundles: {
        "orders/main": {
          service: "rms",
          resource: "bundles/orders/main/prod",
          signing: { scope: "rms:orders" },
          persist: true,
          polling: { min_delay_seconds: 7, max_delay_seconds: 9, long_polling_timeout_seconds: 11 },
        },
      },
      persistence_directory: state,
      status: { service: "rms" },
      decision_logs: { service: "rms", reporting: { min_delay_seconds: 5, max_delay_seconds: 10 } },
    });
  }
});

test("the application and its environment are labels where they are given", async () => {
  for (const shell of shells) {
    for (const [settings, labels] of [
      [
        { RMS_APP: "web-shop", RMS_ENV: "test" },
        { app: "web-shop", env: "test" },
      ],
      [{ RMS_ENV: "prod", RMS_APP: "" }, { env: "prod" }],
    ] as const) {
      expect((await startKit(settings, shell)).code).toBe(0);
      const config = JSON.parse(readFileSync(join(state, "config.json"), "utf8")) as { readonly labels: unknown };
      expect(config.labels).toEqual({ ...labels, domain: "orders", policy: "main", channel: "prod", instance: "host-1" });
    }
  }
});

test.each([
  [
    "more than keys",
    `{"k": {"algorithm": "ES256", "key": ${JSON.stringify(publicKey)}, "private_key": "x"}}`,
    ["algorithm", "key"],
  ],
  ["an injection", `{"k": {"algorithm": "ES256", "key": ${JSON.stringify(publicKey)}}}, "plugins": {"x": {}`, undefined],
  ["a page of HTML", "<html>sign in</html>", undefined],
  ["no key at all", "{}", undefined],
  ["a path instead of a key", '{"k": {"algorithm": "ES256", "key": "/etc/passwd"}}', undefined],
  ["nothing", "", undefined],
])("a file of keys with %s", async (_, text, taken) => {
  writeFileSync(join(folder, "other.json"), text);
  rmSync(state, { recursive: true, force: true });
  const { code, err } = await startKit({ RMS_KEYS_FILE: join(folder, "other.json") });
  if (taken === undefined) {
    expect(err).toContain("which holds no keys");
    expect(code).toBe(2);
    return;
  }
  const config = JSON.parse(readFileSync(join(state, "config.json"), "utf8")) as { keys: Record<string, object> };
  expect(Object.keys(config.keys["k"] ?? {})).toEqual(taken);
  expect(Object.keys(config)).not.toContain("plugins");
});

test("a daemon is reached from everywhere, by who has a token, and says so when nobody has one", async () => {
  const clients = join(folder, "clients");
  writeFileSync(clients, "first client\n\nsecond-client");
  for (const shell of shells) {
    const { out, code } = await startKit({ OPA_MODE: "daemon", OPA_CLIENTS_FILE: clients }, shell);
    expect([code, out]).toEqual([0, expect.stringContaining("--addr 0.0.0.0:8181")]);
    expect(out).toContain(
      `--authentication=token --authorization=basic ${join(kit, "daemon.rego")} ${join(state, "clients.json")}`,
    );
    const hashes = ["first client", "second-client"].map((token) => createHash("sha256").update(token).digest("hex"));
    expect(JSON.parse(readFileSync(join(state, "clients.json"), "utf8"))).toEqual({
      rms_clients: { "": false, ...Object.fromEntries(hashes.map((hash) => [hash, true])) },
    });
    expect(statSync(join(state, "clients.json")).mode & 0o077).toBe(0);
  }
  expect((await startKit({ OPA_MODE: "daemon" })).err).toContain("OPA_CLIENTS_FILE is not set");
  expect((await startKit({ OPA_MODE: "daemon", OPA_CLIENTS_FILE: join(folder, "none") })).err).toContain(
    "OPA_CLIENTS_FILE names",
  );
  expect((await startKit({ OPA_MODE: "server" })).code).toBe(2);
  expect((await startKit({})).out).not.toContain("--authorization");
});

test("without RMS and without kept keys it says so; the kit may be started through a link", async () => {
  rmSync(state, { recursive: true, force: true });
  const { code, err } = await startKit({ RMS_KEYS_FILE: "" });
  expect(err).toContain("could not be fetched from http://127.0.0.1:1 and none are kept");
  expect(code).toBe(2);
  symlinkSync(kit, join(folder, "linked"));
  const outcome = await finish(
    spawn("dash", [join(folder, "linked", "start.sh")], { env: { PATH: process.env["PATH"] ?? "", ...good } }),
    20_000,
  );
  expect(outcome.code, outcome.err).toBe(0);
});
