// Files and folders that may not be read or written, and links that lead nowhere: told in the words of `opa`, after what came before them.
import { expect, test } from "vitest";
import { heardIo } from "../heard-io.test-helper.ts";
import { main } from "../main.ts";

const denied = (call: string, path: string): Error =>
  Object.assign(new Error(`EACCES: permission denied, ${call} '${path}'`), { syscall: call });
const missing = (path: string): Error =>
  Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { syscall: "open" });

/** `d` holds a policy that can be read, and then a folder that cannot; `u` is a file that cannot be read, `l` a link to nothing. */
async function told(...words: string[]): Promise<object> {
  const { io, printed } = heardIo({
    cwd: "/",
    kind: (path) => (/^(?:d|d\/s|f\/?)$/u.test(path) ? "folder" : /^(?:u|d\/a|f\/b)\.rego$/u.test(path) ? "file" : undefined),
    isLink: (path) => /^(?:f|l\.rego)$/u.test(path),
    realPath: (path) => path,
    list: (path) => {
      if (path === "d/s") throw denied("scandir", path);
      return path === "d" ? ["a.rego", "s"] : ["b.rego"];
    },
    readFile: (path) => {
      if (path === "u.rego") throw denied("open", path);
      if (path === "l.rego") throw missing(path);
      return new TextEncoder().encode("package a\np:=1\n");
    },
    writeFile: (path) => {
      throw denied("open", path);
    },
  });
  return { code: await main(words, io), ...printed() };
}

test.each([
  ["fmt u.rego", { code: 2, out: "", err: "failed to open file: open u.rego: permission denied\n" }],
  ["fmt l.rego", { code: 2, out: "", err: "failed to open file: open l.rego: no such file or directory\n" }],
  ["fmt -l d", { code: 1, out: "d/a.rego\n", err: "open d/s: permission denied\n" }],
  ["fmt -w d/a.rego", { code: 2, out: "", err: "failed to open file for writing: open d/a.rego: permission denied\n" }],
  ["fmt f", { code: 0, out: "", err: "" }],
  ["fmt f/", { code: 0, out: "package a\n\np := 1\n", err: "" }],
  ["fmt http://x/y", { code: 1, out: "", err: "unsupported URL scheme: http://x/y\n" }],
  ["fmt file://host/u.rego", { code: 1, out: "", err: "lstat /u.rego: no such file or directory\n" }],
  ["fmt --fail d/a.rego", { code: 2, out: "", err: "unexpected diff\n" }],
  [
    "inspect n.rego",
    { code: 1, out: "", err: "error: 1 error occurred during loading: stat n.rego: no such file or directory\n" },
  ],
  ["inspect http://x/y", { code: 1, out: "", err: "error: unsupported URL scheme: http://x/y\n" }],
  ["check u.rego", { code: 1, out: "", err: "1 error occurred during loading: open u.rego: permission denied\n" }],
  [
    "parse u.rego",
    { code: 1, out: "", err: '{\n  "errors": [\n    {\n      "message": "open u.rego: permission denied"\n    }\n  ]\n}\n' },
  ],
  [
    "parse http://x",
    { code: 1, out: "", err: '{\n  "errors": [\n    {\n      "message": "unsupported URL scheme: http://x"\n    }\n  ]\n}\n' },
  ],
])("%s", async (line, expected) => {
  expect(await told(...line.split(" "))).toEqual(expected);
});
