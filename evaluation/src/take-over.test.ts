// A policy changes while its data stays: the next module answers on the data of the one before.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance, type Instance, takeOverData } from "./instance.ts";

const options = { now: () => 0n };

function moduleOf(body: string): EmittedModule {
  const checked = checkModules([parseModule(`package p\n\n${body}\n`, { file: "p.rego" })]);
  const { module } = compile(checked, { entrypoints: ["p/x"] });
  if (module === undefined) throw new Error("not compiled");
  return module;
}

function ask(instance: Instance, input?: string): unknown {
  const outcome = instance.evaluate("p/x", input);
  return outcome.kind === "result" ? JSON.parse(outcome.text)[0]?.result : outcome.error.message;
}

const users = JSON.stringify({
  users: Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`user-${n}`, { roles: [`role-${n % 7}`], level: n }])),
});

test("every version of a policy reads the data that was loaded once", () => {
  let instance = createInstance(moduleOf("x := count(data.users)"), options);
  expect(instance.setData(users)).toBeUndefined();
  expect(ask(instance)).toBe(5000);
  for (let version = 0; version < 20; version++) {
    const body = `x := [data.users[input].level, "${"v".repeat(version * 100)}", regex.match("^user-[0-9]+$", input), 1 / ${version + 1}]`;
    const next = takeOverData(instance, moduleOf(body), options);
    if (next === undefined) throw new Error("the data was not kept");
    const text = "v".repeat(version * 100);
    expect(ask(next, `"user-${version}"`)).toEqual([version, text, true, 1 / (version + 1)]);
    instance = next;
  }
  const last = takeOverData(instance, moduleOf("x := sum([u.level | some u in data.users])"), options);
  expect(last && ask(last)).toBe((5000 * 4999) / 2);
  expect(last?.setData(JSON.stringify({ users: {} }))).toBeUndefined();
  expect(last && ask(last)).toBe(0);
});

test("a module whose constants would reach into the data loads it itself", () => {
  const instance = createInstance(moduleOf("x := count(data.users)"), options);
  instance.setData(users);
  const large = moduleOf(`x := count("${"a".repeat(200_000)}")`);
  expect(takeOverData(instance, large, options)).toBeUndefined();
  expect(ask(instance)).toBe(5000);
});

test("an instance without data has nothing to give, and one that gave it away answers no more", () => {
  const instance = createInstance(moduleOf("x := count(data.users)"), options);
  expect(takeOverData(instance, moduleOf("x := 1"), options)).toBeUndefined();
  instance.setData(users);
  expect(takeOverData(instance, moduleOf("x := 1"), options)).toBeDefined();
  expect(() => instance.evaluate("p/x", undefined)).toThrow("another instance has taken the data over");
});
