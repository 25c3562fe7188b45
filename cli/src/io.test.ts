// Files that the system does not give: said in one line, as Go words it.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { heardIo } from "./heard-io.test-helper.ts";
import { systemFault } from "./io.ts";
import { main } from "./main.ts";

function faultOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return systemFault(error);
  }
  return undefined;
}

test("what the system says is worded as Go does", () => {
  expect(faultOf(() => readFileSync("/nowhere/p.rego"))).toBe("open /nowhere/p.rego: no such file or directory");
  expect(faultOf(() => writeFileSync("/nowhere/p.rego", ""))).toBe("open /nowhere/p.rego: no such file or directory");
  expect(faultOf(() => readFileSync("/"))).toBe("read: is a directory");
  expect(
    faultOf(() => {
      throw new TypeError("x is not a function");
    }),
  ).toBeUndefined();
});

test("a command that may not read a file says so and ends", async () => {
  const { io, printed } = heardIo({
    cwd: "/w",
    kind: (path) => (path.endsWith("p.rego") ? "file" : undefined),
    realPath: (path) => path,
    list: () => [],
    readFile: (path) => {
      throw Object.assign(new Error(`EACCES: permission denied, open '${path}'`), { syscall: "open" });
    },
  });
  expect(await main(["eval", "-d", "p.rego", "1"], io)).toBe(1);
  expect(printed()).toEqual({ out: "", err: "error: open p.rego: permission denied\n" });
});
