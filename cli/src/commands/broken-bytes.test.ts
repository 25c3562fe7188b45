import { expect, test } from "vitest";
import { encodePolicy } from "#grammars/text/broken-bytes.ts";
import { heardIo } from "../heard-io.test-helper.ts";
import { main } from "../main.ts";

const bytes = new Uint8Array([...new TextEncoder().encode('package a\np:="'), 0xff, ...new TextEncoder().encode('"\n')]);

test.each([["check"], ["fmt", "-w"], ["parse"], ["inspect"]])(
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

test("the row that a syntax error shows has the broken byte in text, and the escape of a replacement character in JSON", async () => {
  const { io, printed } = heardIo({
    cwd: "/",
    kind: (path) => (path === "p.rego" ? "file" : undefined),
    realPath: (path) => path,
    readFile: () => bytes,
    list: () => [],
  });
  await main(["parse", "p.rego"], io);
  expect(printed().err).toContain('"line": "p:=\\"\\ufffd\\""');
  await main(["parse", "--json-include", "locations", "p.rego"], io);
  expect(printed().err).toContain('"text": "Iv8i"');
  await main(["check", "p.rego"], io);
  expect([...encodePolicy(/\tp:=.*/u.exec(printed().err)![0])]).toEqual([9, 112, 58, 61, 34, 0xff, 34]);
  await main(["eval", "-d", "p.rego", "data"], io);
  expect(printed().out).toContain('"line": "p:=\\"\\ufffd\\""');
});
