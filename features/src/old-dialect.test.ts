// Whether a project is written in Rego v0: its texts in, how many of them are old out.
import { expect, test } from "vitest";
import { open } from "./fixture.test-helper.ts";
import { oldDialectOf } from "./old-dialect.ts";

const old = (name: string) => `#- ${name}\npackage p\n\ndeny[msg] {\n\tmsg := "no"\n}\n`;
const told = async (text: string) => oldDialectOf((await open(text)).project);

test("most policies are v0", async () => {
  expect(await told(`${old("a.rego")}${old("b.rego")}#- c.rego\npackage c\n\nx if input.y\n`)).toEqual({ old: 2, all: 3 });
});

test("a file of the old form among new ones, or one that is broken in both, says nothing", async () => {
  expect(await told(`${old("a.rego")}#- c.rego\npackage c\n\nx if input.y\n`)).toBeUndefined();
  expect(await told("package p\n\ndeny[msg] {\n\tmsg := \n}\n")).toBeUndefined();
});

test("where the dialect is said there is nothing to tell", async () => {
  expect(await told(`${old("a.rego")}#- rw.conf\nroots = [{ path = ".", rego-version = 0 }]\n`)).toBeUndefined();
  expect(await told(`${old("a.rego")}#- .manifest\n{"rego_version": 0, "roots": [""]}\n`)).toBeUndefined();
});
