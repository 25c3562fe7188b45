// `rw reviews` against a server of its own: a mover's roles are listed, shown, kept and ended.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { rmsServer, token } from "../rms-server.test-helper.ts";

const server = rmsServer("rw-reviews-", ({ folder, project }) => {
  mkdirSync(project);
  mkdirSync(join(folder, "feeds"));
  writeFileSync(join(project, "rw.conf"), "roles = roles.conf\nrms.domain = bank\n");
  writeFileSync(
    join(project, "roles.conf"),
    "roles { auditor { responsibilities = [], members = [ann] }, trader { responsibilities = [] } }\n",
  );
  writeFileSync(
    join(project, "hr.conf"),
    `kind = csv, file = people.csv, review = end
map { subject = id, manager = boss, attributes { department = dept } }
rules = [{ attribute = department, is = trading, role = trader }]
`,
  );
  writeFileSync(join(folder, "allow.conf"), `allow = [{ domain = bank, folder = ${join(folder, "feeds")} }]\n`);
  return ["--sources", join(folder, "allow.conf")];
});
const { folder } = server;

async function rw(...words: readonly string[]) {
  const { code, out, err } = await server.rw(...words);
  return { code, out: out.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>").replaceAll(/ {2,}/gu, " "), err };
}

const sync = async (line: string): Promise<void> => {
  writeFileSync(join(folder, "feeds/people.csv"), `id,dept,boss\n${line}\n`);
  expect((await rw("sources", "sync", "hr")).code).toBe(0);
};

beforeAll(async () => {
  await fetch(`${server.url()}/api/v1/domains`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: '{"id": "bank"}',
  });
  expect((await rw("roles", "apply")).code).toBe(0);
  expect((await rw("sources", "put", "hr", "hr.conf")).code).toBe(0);
});

test("a move is listed, shown and decided", async () => {
  expect((await rw("reviews")).out).toBe("bank has no such reviews\n");
  await sync("ann,trading,mia");
  await sync("ann,risk,tom");
  expect((await rw("reviews")).out).toBe(`ID SUBJECT STATE DUE MANAGER MOVED ROLES
1 ann open <time> tom manager mia → tom, department trading → risk auditor, trader
`);
  expect((await rw("reviews", "keep", "1", "auditor", "-m", "stands in", "--dry-run")).out).toContain("nothing was changed\n");
  expect(await rw("reviews", "keep", "1", "auditor", "-m", "stands in")).toEqual({
    code: 0,
    out: `ann moved: manager mia → tom, department trading → risk; the manager is tom
open, due <time>: what is undecided then ends
ROLE DECISION BY AT WHY
auditor keep admin <time> stands in
trader undecided
`,
    err: "",
  });
  expect(await rw("reviews", "end", "1", "auditor", "-m", "no")).toMatchObject({
    code: 1,
    err: "error: admin decided about this role already.\n",
  });
  expect((await rw("reviews", "end", "1", "trader", "-m", "left the desk")).out).toContain("closed, due <time>");
  expect((await rw("reviews")).out).toBe("bank has no such reviews\n");
  expect((await rw("reviews", "--state", "closed", "--subject", "ann")).out).toContain("auditor (keep), trader (end)");
  expect(JSON.parse((await rw("reviews", "show", "1", "--json")).out)).toMatchObject({ review: 1, state: "closed" });
}, 30_000);

const usage = "rw reviews [list], show ID, keep ID ROLE -m WHY, end ID ROLE -m WHY";

test.each([
  [["keep", "1", "auditor"], "a decision needs a reason: -m WHY"],
  [["keep", "1"], `keep is not used so: ${usage}`],
  [["show", "one"], `one is no number of a review: ${usage}`],
  [["show", "99"], "bank has no review 99, or the token may not see it"],
  [["--state", "ready"], "--state is open, overdue or closed"],
])("%j is a fault that says what to do", async (words, message) => {
  expect(await rw("reviews", ...words)).toEqual({ code: 1, out: "", err: `error: ${message}\n` });
});
