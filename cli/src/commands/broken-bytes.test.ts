import { expect, test } from "vitest";
import { heardIo } from "../heard-io.test-helper.ts";
import { main } from "../main.ts";

const bytes = new Uint8Array([...new TextEncoder().encode('package a\np:="'), 0xff, ...new TextEncoder().encode('"\n')]);

test.each([["check"], ["fmt", "-w"], ["parse"]])(
  "a policy with a byte that is no UTF-8 is refused and stays as it is: rw %s",
  async (...words) => {
    const written: string[] = [];
    const { io, printed } = heardIo({
      cwd: "/",
      kind: (path) => (path === "p.rego" ? "file" : undefined),
      realPath: (path) => path,
      readFile: () => bytes,
      list: () => [],
      writeFile: (path) => written.push(path),
    });
    expect(await main([...words, "p.rego"], io)).toBeGreaterThan(0);
    expect(printed().err).toContain("illegal utf-8 character");
    expect(written).toEqual([]);
  },
);
