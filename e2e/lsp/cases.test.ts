// Every case of every case file, each against the built server over stdio.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caseFiles, readCases, runCase } from "./cases.ts";
import { LspClient, richCapabilities } from "./client.ts";

for (const file of caseFiles()) {
  describe(file.replace(/\.txt$/u, ""), () => {
    let client: LspClient;
    beforeAll(async () => {
      client = new LspClient();
      const options = file === "lint.txt" ? { initializationOptions: {} } : {};
      const { capabilities } = await client.initialize([], richCapabilities, options);
      const provider = capabilities["semanticTokensProvider"] as { legend: unknown };
      Object.assign(client, { legend: provider.legend });
    });
    afterAll(() => client.stop());
    for (const one of readCases(file)) {
      test(one.name, async () => {
        expect((await runCase(client, one)).join("\n\n")).toBe("");
      });
    }
  });
}
