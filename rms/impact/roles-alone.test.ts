// Policies that tell people apart by roles alone, and those that only look so.
import { expect, test } from "vitest";
import { asksForRolesAlone } from "./roles-alone.ts";

const plain = "package a\n\nimport data.rms.rbac\n\n";
const bare = "package a\n\n";

test.each<[asks: boolean, text: string]>([
  [true, `${plain}allow if rbac.user_has_role(input.user, data.roles.boss)`],
  [true, `${plain}allow if rbac.user_has_role(input["user"], "x")`],
  [true, `${bare}# data.rms.user\nallow if data.rms.rbac.fresh`],
  [true, `${bare}allow if data.rms.rbac.user_has_role(input.user, "x")`],
  [true, `${plain}allow if {\n\trbac.user_has_responsibility(\n\t\tinput.user,\n\t\tinput.action,\n\t\tinput.on,\n\t)\n}`],
  [true, `${plain}allow if "lead" in rbac.roles(input.user) # input.user`],
  [false, `${bare}allow if data.rms.user.attr(input.user, \`x\`)`],
  [false, `${bare}allow if data.rms.data.users[input.user]`],
  [false, `${bare}allow if data[input.what]`],
  [false, `${bare}import data.rms\n\nallow if rms.rbac.fresh`],
  [false, `${bare}allow if startswith(input.user, "ext-")`],
  [false, `${plain}allow if rbac.user_has_role(input.user, input.user)`],
  [false, `${bare}allow if f(input)`],
  [false, `${plain}import input.user as u\n\nallow if rbac.user_has_role(u, \`x\`)`],
  [false, `${plain}allow if rbac.user_has_role(input.user.id, \`x\`)`],
  [false, `${plain}allow if rbac.fresh with time.now_ns as 1`],
  [false, "package a\n\nallow if"],
])("roles alone: %s %j", (asks, text) => {
  expect(asksForRolesAlone([text], ["/user"])).toBe(asks);
});

test.each<[how: string, text: string]>([
  ["another package of that name", `${bare}allow if data.orders.rbac.user_has_role(input.user, "x")`],
  ["an import of one", `${bare}import data.orders.rbac\n\nallow if rbac.user_has_role(input.user, "x")`],
  ["an import of one, in brackets", `${bare}import data.orders["rbac"]\n\nallow if rbac.user_has_role(input.user, "x")`],
  ["an import under that name", `${bare}import data.orders.odd as rbac\n\nallow if rbac.user_has_role(input.user, "x")`],
  [
    "a rule of that name",
    `${bare}allow if rbac.user_has_role(input.user)\n\nrbac.user_has_role(u) if u == concat("", ["e", "ve"])`,
  ],
  [
    "a function in the place of the library's",
    `${plain}allow if rbac.user_has_role(input.user, "x") with rbac.user_has_role as odd`,
  ],
  ["a comment that begins a call", `${plain}allow if {\n\ttrue # rbac.roles(\n\tinput.user == concat("", ["e", "ve"])\n}`],
  ["a text whose line looks like a comment", `${plain}allow if {\n\tx := \`\n#\`; input.user == concat("", ["e", "ve"])\n}`],
  ["roles with an end, and those without", `${plain}allow if count(rbac.timed_roles(input.user)) > 0`],
  ["who had a role once", `${plain}allow if "no_roles" in rbac.why(input.user, "x", "y")`],
  ["a package in the library's place", `package rms.rbac.more\n\nallow if data.rms.rbac.more.f(input.user)`],
])("what only looks so does not pass: %s", (_, text) => {
  expect(asksForRolesAlone([text], ["/user"])).toBe(false);
});

test("what holds who asks is not handed on, and what stands beside is", () => {
  expect(asksForRolesAlone([`${plain}allow if rbac.user_has_role(input.user.id, input.user.wish)`], ["/user/id"])).toBe(true);
  expect(asksForRolesAlone([`${bare}allow if f(input.user)`], ["/user/id"])).toBe(false);
});
