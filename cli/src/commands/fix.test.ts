// `rw fix` on a disk that a test watches.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { heardIo } from "../heard-io.test-helper.ts";
import { processIo } from "../io.ts";
import { main } from "../main.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rw-fix-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Every file below the folder, with its text. */
function written(): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".rego"));
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

async function fix(...flags: readonly string[]) {
  const { io, printed } = heardIo(processIo());
  const code = await main(["fix", folder, ...flags], io);
  const { out, err } = printed();
  return { code, out: (out + err).replaceAll(`${folder}/`, "") };
}

const commented = "package authz\n\n#who reads\nreaders := {1}\n";
const only = ["-D", "-e", "no-whitespace-comment"];

test("mends in place and says what it mended", async () => {
  write({ "authz/a.rego": commented, "authz/b.rego": "package authz\n" });
  expect(await fix(...only)).toEqual({ code: 0, out: "1 fix applied:\nauthz/a.rego:\n- no-whitespace-comment\n" });
  expect(written()).toEqual({ "authz/a.rego": commented.replace("#who", "# who"), "authz/b.rego": "package authz\n" });
  expect(await fix(...only)).toEqual({ code: 0, out: "No fixes applied.\n" });
});

test("a dry run only tells", async () => {
  write({ "authz/a.rego": commented });
  expect((await fix(...only, "--dry-run")).out).toBe("1 fix to apply:\nauthz/a.rego:\n- no-whitespace-comment\n");
  expect(written()).toEqual({ "authz/a.rego": commented });
});

test("the changed lines are shown to who wants to see them", async () => {
  write({ "authz/a.rego": "package authz\n\n#who\nallow := true\n" });
  expect((await fix(...only, "--dry-run", "--verbose")).out).toBe(`--- a/authz/a.rego
+++ b/authz/a.rego
@@ -1,4 +1,4 @@
 package authz
 
-#who
+# who
 allow := true
1 fix to apply:
authz/a.rego:
- no-whitespace-comment
`);
});

test("where two files would take one place nothing is changed", async () => {
  const moving = ["-D", "-e", "directory-package-mismatch"];
  const files = { "a/p.rego": "package b.c\n", "b/p.rego": "package b.c\n" };
  write(files);
  expect(await fix(...moving)).toEqual({
    code: 1,
    out: `b/p.rego cannot be moved to b/c/p.rego: another file is to go there
Nothing was changed. Use --on-conflict rename to give such files another name.
`,
  });
  expect(written()).toEqual(files);
  expect((await fix(...moving, "--on-conflict", "rename")).code).toBe(0);
  expect(Object.keys(written())).toEqual(["b/c/p.rego", "b/c/p_1.rego"]);
});
