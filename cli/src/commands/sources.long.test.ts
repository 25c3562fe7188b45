// `rw sources` against a server of its own that an operator lets read one folder: what it prints, and its exit codes.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { rmsServer, token } from "../rms-server.test-helper.ts";

const server = rmsServer("rw-sources-", ({ folder, project }) => {
  mkdirSync(project);
  mkdirSync(join(folder, "feeds"));
  writeFileSync(join(project, "rw.conf"), "roles = roles.conf\nrms.domain = orders\n");
  writeFileSync(join(project, "roles.conf"), "roles { clerk { responsibilities = [], members = [eve] } }\n");
  writeFileSync(join(folder, "allow.conf"), `allow = [{ domain = orders, folder = ${join(folder, "feeds")} }]\n`);
  return ["--sources", join(folder, "allow.conf")];
});
const { folder, project } = server;

beforeAll(async () => {
  await fetch(`${server.url()}/api/v1/domains`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: '{"id": "orders"}',
  });
});

async function rw(...words: readonly string[]) {
  const { code, out, err } = await server.rw(...words);
  return { code, out: out.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>").replaceAll(/ {2,}/gu, " "), err };
}

const people = (...lines: readonly string[]): void =>
  writeFileSync(join(folder, "feeds/people.csv"), `mail,dept,groups\n${lines.join("\n")}\n`);
const settings = (rules: string): void =>
  writeFileSync(
    join(project, "hr.conf"),
    `kind = csv, file = people.csv, directory = ldap, every = 3600
map { subject = mail, attributes { department = dept }, groups { from = groups, split = "|" } }
rules = [${rules}]
`,
  );

test("a source is tried, put, synced, told of and removed", async () => {
  people("ann,eu,Sales|Ops", "bob,us,Ops");
  settings("{ group = sales, role = clerk }, { role = staff }");
  expect((await rw("roles", "apply")).code).toBe(0);
  expect((await rw("sources")).out).toBe("orders has no sources\n");
  expect(await rw("sources", "test", "hr", "hr.conf")).toEqual({
    code: 0,
    out: `SUBJECT STATUS MANAGER GROUPS ATTRIBUTES
ann active Ops, Sales department=eu
bob active Ops department=us
+ ann in clerk: in the group sales
2 people, 2 active, 2 joined, 1 granted
 not there, though rules name them: the roles staff; \`rw roles apply\` makes them, and the next sync gives them
nothing was changed
`,
    err: "",
  });
  expect((await rw("sources", "put", "hr", "hr.conf", "--dry-run")).out).toBe("hr reads csv, people.csv; nothing was changed\n");
  expect((await rw("sources", "put", "hr", "hr.conf", "-m", "from HR")).out).toBe(
    "hr reads csv, people.csv; `rw sources test hr` tells what a sync would do\n",
  );
  expect((await rw("sources", "sync", "hr")).out).toMatch(
    /^hr: (?:changed: 2 people, 2 active, 2 joined, 1 granted \(run 1\)|unchanged: 2 people, 2 active \(run 2\))\n not there, though rules name them: the roles staff; .*\n$/u,
  );
  expect((await rw("sources")).out).toMatch(
    /^ID KIND READS SYNCS LAST AS OF FRESH UNTIL\nhr csv people\.csv every 3600 s (?:un)?changed <time> <time>\n$/u,
  );
  // What the source made is not the file's to end.
  expect((await rw("roles", "apply")).out).toBe("1 roles, 1 memberships, 0 suspended in orders\n");
  people("ann,eu,Sales", "bob");
  expect(await rw("sources", "sync", "hr")).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^hr: failed: row 3 of the table has 1 cells, where there are 3 columns \(run \d\)\n$/u),
  });
  expect((await rw("sources", "runs", "hr", "--limit", "1")).out).toMatch(
    /^RUN AT RESULT BY WHAT WHY\n\d <time> failed admin row 3 of the table has 1 cells, where there are 3 columns\n$/u,
  );
  expect((await rw("sources", "remove", "hr", "--dry-run")).out).toBe("1 memberships would end with hr; nothing was changed\n");
  expect((await rw("sources", "remove", "hr", "-m", "over")).out).toBe("hr is removed\n");
  expect(JSON.parse((await rw("sources", "--json")).out)).toEqual([]);
}, 30_000);

test.each([
  [["sources", "sync", "hr", "--force"], "a forced sync needs a reason: -m WHY"],
  [["sources", "sync", "nobody"], "orders has no source nobody, or the token may not see it"],
  [["sources", "put", "hr"], "put is not used so: rw sources [list], put ID FILE, test ID [FILE], sync ID, runs ID, remove ID"],
  [
    ["sources", "drop", "hr"],
    "drop is nothing to do with sources: rw sources [list], put ID FILE, test ID [FILE], sync ID, runs ID, remove ID",
  ],
  [["sources", "put", "hr", "nothing.conf"], expect.stringContaining("nothing.conf: no such file or directory")],
])("%j is a fault that says what to do", async (words, message) => {
  expect(await rw(...words)).toEqual({ code: 1, out: "", err: typeof message === "string" ? `error: ${message}\n` : message });
});

test("settings that RMS does not take are told with their place", async () => {
  settings("{ group = sales, role = clerk, attribute = x }");
  expect((await rw("sources", "put", "hr", "hr.conf")).err).toContain(
    "The body's /rules/0 must name a group or an attribute, not both.",
  );
});
