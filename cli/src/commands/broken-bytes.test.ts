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

test("as in OPA, a comment that ends the file has only the first byte of its last character", async () => {
  const asked = async (
    text: string,
    ...words: string[]
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }> => {
    const { io, printed } = heardIo({
      cwd: "/",
      kind: (path) => (path === "p.rego" ? "file" : undefined),
      realPath: (path) => path,
      readFile: () => new TextEncoder().encode(text),
      list: () => [],
    });
    return { code: await main([...words, "p.rego"], io), ...printed() };
  };
  const text = "package a\n\np := 1 # größer als ß";
  expect(await asked(text, "fmt")).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining(
      "the result is invalid: 1 error occurred: formatted:3: rego_parse_error: illegal utf-8 character",
    ),
  });
  const { out } = await asked(text, "fmt", "--check-result=false");
  expect([...encodePolicy(out)].slice(-4)).toEqual([0x73, 0x20, 0xc3, 0x0a]);
  expect((await asked(text, "parse", "--format", "json")).out).toContain(
    `"Text": "${btoa("\x20gr\xc3\xb6\xc3\x9fer als \xc3")}"`,
  );
  expect((await asked(`${text}\n`, "fmt")).code).toBe(0);
  for (const [character, fault] of [
    ["ß", "invalid trailing UTF-8 octet"],
    ["…", "incomplete UTF-8 octet sequence"],
  ])
    expect((await asked(`package a\n\n# METADATA\n# title: ${character}`, "check")).err).toContain(
      `p.rego:4: rego_parse_error: yaml: ${fault}`,
    );
});

test("as in OPA, a name has the first bytes of a character behind it, and the parentheses are told of what begins an illegal ref", async () => {
  const asked = async (text: string, ...words: string[]): Promise<string> => {
    const { io, printed } = heardIo({
      cwd: "/",
      kind: (path) => (path === "p.rego" ? "file" : undefined),
      realPath: (path) => path,
      readFile: () => new TextEncoder().encode(text),
      list: () => [],
    });
    await main([...words, "p.rego"], io);
    return printed().err;
  };
  const text = "package a\nimport data\u{1d4b3}.b\n";
  expect(await asked(text, "check", "--format", "json")).toContain("got: data\\ufffd\\ufffd\\ufffd (hint");
  expect([...encodePolicy(/got: data[^(]*/u.exec(await asked(text, "check"))![0])].slice(-4)).toEqual([0xf0, 0x9d, 0x92, 0x20]);
  expect(await asked("package a\np := ( (input) ).x\n", "parse", "--json-include", "locations")).toContain(
    `"text": "${btoa("( (input) )")}"`,
  );
  expect(await asked('package a\np := $"{x} b\n', "parse", "--json-include", "locations")).toContain(`"text": "${btoa(" b")}"`);
  const blank = await asked("package a\np := (input.\n\nx)\n", "parse", "--json-include", "locations");
  expect([...blank.matchAll(/"text": "(.*)"/gu)].map(([, text]) => atob(text!))).toEqual(["\n", "\n"]);
  expect(await asked('package a\np := -1["id"]\n', "parse", "--json-include", "locations")).toContain(`"text": "${btoa("-")}"`);
});
