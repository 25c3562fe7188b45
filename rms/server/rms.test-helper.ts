// An RMS in this process, on a fresh store and a free port, and calls of its API with its log.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Grant } from "../sources/grants.ts";
import { createToken } from "./access.ts";
import { answerFault } from "./http/answer-check.test-helper.ts";

import { openRms } from "./open.ts";
import type { Rms } from "./rms.ts";
import { demandNoSecrets } from "./secrets.test-helper.ts";
import { type ServerOptions, startServer } from "./server.ts";
import { seconds } from "./times.ts";

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // The tests say what they expect of it.
  readonly body: Record<string, unknown>;
}

export interface TestRms {
  readonly rms: Rms;
  readonly url: string;
  /** Where the data lie. */
  readonly folder: string;
  readonly admin: string;
  readonly log: readonly string[];
  token(scopes: readonly string[], domains: readonly string[], subject?: string): Promise<string>;
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  stop(): Promise<void>;
}

/** Every answer is held against the API's document. Options of the router, a clock and an operator's grants instead of the usual ones. */
export async function testRms(
  options: ServerOptions = {},
  now: () => Date = () => new Date(),
  grants: readonly Grant[] = [],
): Promise<TestRms> {
  const folder = mkdtempSync(join(tmpdir(), "rms-"));
  const log: string[] = [];
  const secrets: string[] = [];
  const rms = await openRms(folder, { now, log: (event, fields) => log.push(JSON.stringify({ event, ...fields })) }, grants);
  const { store } = rms;
  const server = await startServer(rms, "127.0.0.1", 0, options);
  const token = async (scopes: readonly string[], domains: readonly string[], subject = "tester"): Promise<string> => {
    const wanted = { kind: "user", subject, domains, scopes, ttlSeconds: 3600 } as const;
    const made = await store.transaction((tx) => createToken(tx, wanted, seconds(now())));
    secrets.push(made.token);
    return made.token;
  };
  const admin = await token(["rms:admin"], ["*"]);
  return {
    rms,
    url: server.address,
    folder,
    admin,
    log,
    token,
    call: async (method, path, body, headers = {}) => {
      const raw = typeof body === "string" || body instanceof Uint8Array || body === undefined;
      const answer = await fetch(`${server.address}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${admin}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
      });
      const text = await answer.text();
      const type = answer.headers.get("content-type") ?? "";
      const fault = answerFault(method, path.split("?")[0] ?? "", answer.status, type, text);
      if (fault !== undefined) throw new Error(`${method} ${path} answers otherwise than documented: ${fault}`);
      const json = /^application\/(?:problem\+)?json/.test(type) && text !== "";
      return { status: answer.status, headers: answer.headers, text, body: json ? JSON.parse(text) : {} };
    },
    stop: async () => {
      await server.stop();
      await rms.close();
      rmSync(folder, { recursive: true, force: true });
      demandNoSecrets(log.join("\n"), secrets);
    },
  };
}
