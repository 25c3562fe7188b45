// Publishing: what stops a project before anything is sent.
import { expect, test } from "vitest";
import { memoryHost } from "#workspace/host.ts";
import { openProject } from "#workspace/workspace.ts";
import { publishProject } from "./publish.ts";
import { RmsClient } from "./rms-client.ts";

test("of two tests with one name each counts: the second fails, and nothing is sent", async () => {
  const project = await openProject(
    memoryHost({
      "/p/main.rego": "package orders\n\nallow := true\n",
      "/p/main_test.rego": "package orders\n\ntest_a if allow\n\ntest_a if not allow\n",
    }),
    "/p",
  );
  const asked: string[] = [];
  const client = new RmsClient({ url: "http://rms.test", token: "secret" }, async (url) => {
    asked.push(url);
    throw new Error("nothing may be sent");
  });
  const outcome = await publishProject(project, {
    client,
    domain: "orders",
    policy: "main",
    message: "",
    create: false,
    now: 0n,
    clock: () => 0,
    wait: async () => {},
    onProgress: () => {},
  });
  expect(outcome.problem).toBe("1 of 2 tests fail: main_test.rego:5 data.orders.test_a#01");
  expect(asked).toEqual([]);
});
