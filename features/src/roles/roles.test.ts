// Roles in policies and samples: a text with a cursor in, what the editor says or offers there out.
import { expect, test } from "vitest";
import { open } from "../fixture.test-helper.ts";
import { completionIn, hoverIn } from "../reading.ts";

const conf = "#- rw.conf\nroles = roles.conf\nrms.domain = orders\n";
const roles = `#- roles.conf
roles {
  clerk {
    title = "Order *clerk*"
    responsibilities = [
      { action = view, resource = "orders/*" }
      { action = approve, resource = "orders/*", constraints { max { amount = 1000 }, in { currency = [EUR] } } }
    ]
    members = [bob, { subject = cid, from = "2029-06-01T00:00:00Z", until = "2030-01-31T00:00:00Z" }]
  }
  manager { title = Manager, includes = [clerk], members = [ann, eve] }
}
suspended = [eve]
`;
const policy = (body: string): string => `#- policy.rego\npackage orders\n\nimport data.rms.rbac\n\nallow if {\n\t${body}\n}\n`;

async function hover(...files: readonly string[]): Promise<string | undefined> {
  const { project, file, offset } = await open(`${conf}${roles}${files.join("")}`);
  return hoverIn(project, file, offset)?.markdown;
}

async function offered(...files: readonly string[]): Promise<readonly string[]> {
  const { project, file, offset } = await open(`${conf}${roles}${files.join("")}`);
  const { items, range } = completionIn(project, file, offset, { autoImport: true });
  const typed = file.text.slice(range.start, range.end);
  return items.filter(({ rank }) => rank < 2).map(({ label, detail }) => `${typed}→${label}: ${detail}`);
}

const clerk = [
  "### Order \\*clerk\\*",
  "`clerk`, a role of `roles.conf`",
  'May\n- `view` on `orders/*`\n- `approve` on `orders/*`, `currency` one of `["EUR"]`, `amount` at most `1000`',
  "Included by `manager`",
  "Held by 4 people\n- `bob`\n- `cid`, from 2029-06-01, until 2030-01-31\n- `ann`, by `manager`\n- `eve`, by `manager`, suspended",
].join("\n\n");

test("a role that a policy asks for: what it is, what it may, who holds it", async () => {
  expect(await hover(policy('rbac.user_has_role(input.user, "cl$0erk")'))).toBe(clerk);
  expect(await hover(policy('"cl$0erk" in rbac.roles(input.user)'))).toBe(clerk);
  // Elsewhere a text that is called as a role is taken for it.
  expect(await hover(policy('input.role == "cl$0erk"\n\trbac.fresh'))).toBe(clerk);
});

test("a role that is not there is told, where one is asked for", async () => {
  expect(await hover(policy('rbac.user_has_role(input.user, "cler$0c")'))).toBe(
    "### `clerc`\n\nNo role of `roles.conf`: it has `clerk`, `manager`.",
  );
  expect(await hover(policy('input.role == "cler$0c"\n\trbac.fresh'))).toBeUndefined();
});

test("a responsibility: which roles grant the action, and which cover the resource", async () => {
  const granted =
    'An action granted by roles of `roles.conf`\n- `clerk`: `approve` on `orders/*`, `currency` one of `["EUR"]`, `amount` at most `1000`, and `manager` by including it';
  expect(await hover(policy('rbac.user_has_responsibility(input.user, "app$0rove", "orders/1")'))).toBe(
    `### \`approve\`\n\n${granted}`,
  );
  expect(await hover(policy('rbac.user_has_responsibility(input.user, "delete$0", "orders/1")'))).toBe(
    "### `delete`\n\nAn action that no role of `roles.conf` grants",
  );
  expect(await hover(policy('rbac.user_has_responsibility(input.user, "view", "orders/1$0")'))).toContain("- `clerk`: `view`");
  expect(await hover(policy('rbac.user_has_responsibility(input.user, "view", "orders$0")'))).toContain("no role");
});

const asks = policy("user := input.who.id\n\trbac.user_has_responsibility(user, input.action, input.on)");

test("values of samples mean what policies hand to the library", async () => {
  const sample = (text: string): string => `#- inputs/a.conf\n${text}\n`;
  expect(await hover(asks, sample("who.id = a$0nn"))).toBe(
    "### `ann`\n\nHolds, by `roles.conf`\n- `manager` (Manager), which includes `clerk`",
  );
  expect(await hover(asks, sample("who.id = e$0ve"))).toContain("Suspended: the roles count for nothing");
  expect(await hover(asks, sample('who { id = "no$0body" }'))).toBe("### `nobody`\n\nHolds no role of `roles.conf`");
  expect(await hover(asks, sample("action = vi$0ew"))).toMatch(/^### `view`\n\nAn action granted by/u);
  expect(await hover(asks, sample("roles = [clerk, man$0ager]"))).toMatch(/^### Manager\n/u);
  expect(await hover(asks, sample("note = a$0nn"))).toBeUndefined();
});

test("names are offered where the library takes them, with and without quotes", async () => {
  expect(await offered(policy('rbac.user_has_role(input.user, "$0")'))).toEqual([
    "→clerk: role Order *clerk*, held by 4 people",
    "→manager: role Manager, held by 2 people",
  ]);
  expect(await offered(policy("rbac.user_has_role(input.user, $0)"))).toContain('→"manager": role Manager, held by 2 people');
  expect(await offered(policy('rbac.user_has_responsibility(input.user, "ap$0", "orders/1")'))).toEqual([
    "ap→approve: granted by clerk",
  ]);
  expect(await offered(asks, "#- inputs/a.conf\naction = $0\n")).toEqual([
    "→view: granted by clerk",
    "→approve: granted by clerk",
  ]);
  expect(await offered(asks, "#- inputs/a.conf\nwho.id = $0\n")).toContain("→eve: has manager");
});

test("data that stands in place of a roles file says the same; what is no roles says nothing", async () => {
  const data = (value: unknown): string => `#- data.json\n${JSON.stringify({ rms: { data: value } })}\n`;
  const at = async (text: string): Promise<string | undefined> => {
    const { project, file, offset } = await open(`${text}${policy('rbac.user_has_role(input.user, "a$0")')}`);
    return hoverIn(project, file, offset)?.markdown;
  };
  const evil = { roles: { a: { title: "[x](http://y)`" } }, users: { "`b`\n": ["a", 7], c: null }, timed: 3 };
  expect(await at(data(evil))).toBe("### \\[x\\]\\(http://y\\)\\`\n\n`a`, a role of `the data`\n\nHeld by 1 person\n- `'b' `");
  for (const none of [undefined, 1, [], { roles: [] }, { roles: null }]) expect(await at(data(none))).toBeUndefined();
});
