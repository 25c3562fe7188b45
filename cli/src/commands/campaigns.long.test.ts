// `rw campaigns` against a server of its own: opened, decided, handed on, previewed and signed.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { rmsServer, token } from "../rms-server.test-helper.ts";

const server = rmsServer("rw-campaigns-", ({ project }) => {
  mkdirSync(project);
  writeFileSync(join(project, "rw.conf"), "roles = roles.conf\nrms.domain = bank\n");
  writeFileSync(
    join(project, "roles.conf"),
    `roles {
  payer { risk = high, responsibilities = [{ action = release, resource = payments }], members = [ann, bob] }
  clerk { responsibilities = [{ action = read, resource = payments }], members = [ann] }
}
`,
  );
  return [];
});

async function rw(...words: readonly string[]) {
  const { code, out, err } = await server.rw("campaigns", ...words);
  const plain = out.replaceAll(/20[23]\d-\d\d-\d\dT[\d:.]+Z/g, "<time>").replaceAll(/[0-9a-f]{64}/g, "<digest>");
  return { code, out: plain.replaceAll(/ {2,}/gu, " "), err };
}

beforeAll(async () => {
  await fetch(`${server.url()}/api/v1/domains`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: '{"id": "bank"}',
  });
  expect((await server.rw("roles", "apply")).code).toBe(0);
});

test("a campaign is opened, decided, handed on, previewed and signed", async () => {
  expect((await rw()).out).toBe("bank has no such campaigns\n");
  const opening = ["open", "Spring", "--due", "2099-04-01", "--reviewer", "eve", "--risk", "high"];
  expect((await rw(...opening, "--dry-run")).out).toContain("nothing was changed\n");
  expect(await rw(...opening)).toEqual({
    code: 0,
    out: `campaign 1: Spring
open, due 2099-04-01T00:00:00.000Z: what is undecided then stays
0 kept, 0 to end, 2 undecided, 0 gone, of 2
`,
    err: "",
  });
  expect((await rw()).out).toBe("ID TITLE STATE DUE DECIDED\n1 Spring open 2099-04-01T00:00:00.000Z 0 of 2\n");
  expect((await rw("end", "1", "--subject", "ann", "-m", "left the desk")).out).toContain("1 membership\ncampaign 1: Spring\n");
  expect((await rw("delegate", "1", "mia", "-m", "knows him")).out).toContain("1 membership\n");
  expect((await rw("show", "1")).out).toContain(`ROLE MEMBER STATE REVIEWER SINCE GIVEN BY DECIDED BY WHY
payer ann end eve <time> admin admin left the desk
payer bob undecided mia <time> admin
`);
  expect((await rw("sign", "1", "--dry-run")).out).toContain(`1 person would no longer:
MEMBER ACTION RESOURCE ONLY IF
ann release payments
nothing was changed
`);
  expect(await rw("sign", "1")).toMatchObject({ code: 1, err: expect.stringContaining("Not everything is decided (1 left)") });
  expect((await rw("keep", "1", "--role", "payer", "-m", "works there")).code).toBe(0);
  expect((await rw("sign", "1", "-m", "certified")).out).toBe(`campaign 1: Spring
signed by admin at <time>, digest <digest>
1 kept, 1 ended, 0 undecided, 0 gone, of 2
1 person can no longer:
MEMBER ACTION RESOURCE ONLY IF
ann release payments
`);
  expect(JSON.parse((await rw("show", "1", "--state", "end", "--json")).out)).toMatchObject({
    state: "signed",
    memberships: [{ role: "payer", subject: "ann", by: "admin" }],
  });
});

test.each([
  [["open", "X", "--due", "2099-01-01"], "error: a campaign needs --reviewer ID, who reviews where nobody else can\n"],
  [["open", "X", "--reviewer", "eve"], "error: a campaign needs --due TIME, such as 2026-04-01 or 2026-04-01T17:00:00Z\n"],
  [["keep", "1"], "error: a decision needs a reason: -m WHY\n"],
  [["show", "9"], "error: bank has no campaign 9, or the token may not see it\n"],
  [["keep", "1", "--role", "none", "-m", "x"], "error: campaign 1 has no such memberships: see rw campaigns show 1\n"],
  [["show", "one"], "error: one is no number of a campaign: "],
  [["close", "1"], "error: close is not used so: "],
])("%j says what is wrong", async (words, said) => {
  const { code, err } = await rw(...words);
  expect([code, err.slice(0, said.length)]).toEqual([1, said]);
});
