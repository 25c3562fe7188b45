// `rw hooks` against a server of its own: nothing that the operator does not allow, and what is set is listed and removed.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { rmsServer, token } from "../rms-server.test-helper.ts";

const server = rmsServer("rw-hooks-", ({ folder, project }) => {
  mkdirSync(project);
  writeFileSync(join(project, "rw.conf"), "rms.domain = bank\n");
  writeFileSync(join(folder, "allow.conf"), 'allow = [{ domain = bank, host = "localhost:1", secrets = ["env:HOOK_KEY"] }]\n');
  return ["--sources", join(folder, "allow.conf")];
});

async function rw(...words: readonly string[]) {
  const { code, out, err } = await server.rw("hooks", ...words);
  return { code, out: out.replaceAll(/ {2,}/gu, " "), err };
}

beforeAll(async () => {
  await fetch(`${server.url()}/api/v1/domains`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: '{"id": "bank"}',
  });
});

test("a hook is set, listed, tried and removed", async () => {
  expect((await rw()).out).toBe("bank has no hooks: nobody is told what happens there\n");
  expect((await rw("put", "iam", "https://other.example/", "--secret", "env:HOOK_KEY")).err).toContain(
    "the operator lets bank read nothing from other.example:443",
  );
  expect((await rw("put", "iam", "https://localhost:1/")).err).toBe(
    "error: a hook needs --secret REFERENCE, such as env:HOOK_KEY\n",
  );
  const put = ["put", "iam", "https://localhost:1/rms", "--secret", "env:HOOK_KEY", "--action", "member.*"];
  expect((await rw(...put)).out).toMatch(/^https:\/\/localhost:1\/rms is told what happens in bank from event \d+ on\n$/);
  expect((await rw()).out).toMatch(/^ID URL ACTIONS TOLD STATE\niam https:\/\/localhost:1\/rms member\.\* \d+ ok\n$/);
  expect(await rw("test", "iam")).toMatchObject({
    code: 1,
    err: "error: the message was not taken: env:HOOK_KEY is empty or not there\n",
  });
  expect((await rw("remove", "iam")).out).toBe("iam is told nothing more\n");
  expect(await rw("remove")).toMatchObject({ code: 1, err: expect.stringContaining("remove is not used so") });
});
