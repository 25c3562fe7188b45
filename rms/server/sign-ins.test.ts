// Tokens are looked up once and kept for a moment, but never beyond their end or their revocation.
import { expect, test } from "vitest";
import { sha256 } from "../store/blobs.ts";
import type { Token } from "../store/tokens.ts";
import { SignIns } from "./sign-ins.ts";

const text = "rms_a_token_of_a_sidecar";
const token: Token = {
  id: "t1",
  kind: "sidecar",
  subject: "app",
  domains: ["orders"],
  scopes: ["bundle:read"],
  policies: undefined,
  expiresAt: 100,
  createdAt: 0,
};

function signIns(): {
  readonly ins: SignIns;
  readonly ask: (now?: number) => Promise<string | undefined>;
  reads: number;
  revoke(): void;
} {
  let there = true;
  const state = {
    reads: 0,
    revoke: () => {
      there = false;
    },
    ins: new SignIns({
      byHash: async (hash) => {
        state.reads++;
        return there && hash === sha256(text) ? token : undefined;
      },
    }),
    ask: async (now = 10) => (await state.ins.principal({}, `Bearer ${text}`, now))?.token,
  };
  return state;
}

test("a token that is known is not asked for again, on whatever connection it comes", async () => {
  const state = signIns();
  expect([await state.ask(), await state.ask(), state.reads]).toEqual(["t1", "t1", 1]);
});

test("it is nobody's after its end, known or not", async () => {
  const state = signIns();
  expect([await state.ask(99), await state.ask(100), await signIns().ask(100)]).toEqual(["t1", undefined, undefined]);
});

test("it is nobody's after its revocation, also when it was being read meanwhile", async () => {
  const state = signIns();
  const early = state.ask();
  state.revoke();
  state.ins.forget();
  await early;
  expect(await state.ask()).toBeUndefined();
});

test("more than one space may stand before the token (RFC 7235, section 2.1)", async () => {
  const { ins } = signIns();
  expect((await ins.principal({}, `Bearer  ${text}`, 10))?.token).toBe("t1");
});

test("another header on the same connection is another caller", async () => {
  const { ins } = signIns();
  const connection = {};
  expect((await ins.principal(connection, `Bearer ${text}`, 10))?.token).toBe("t1");
  for (const header of [undefined, "Bearer rms_another_token", "Basic YTpi"])
    expect(await ins.principal(connection, header, 10), header).toBeUndefined();
});

test("who calls is named as people are in roles, whatever form the letters of the token's subject have", async () => {
  const ins = new SignIns({ byHash: async () => ({ ...token, subject: "jose\u0301" }) });
  expect((await ins.principal({}, `Bearer ${text}`, 10))?.subject).toBe("jos\u00e9");
});
