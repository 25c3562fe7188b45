// The files of a project that are otherwise than those of the version in its channel.
import { expect, test } from "vitest";
import type { ComparePublishedResult } from "#protocol/publishing.ts";
import { connect, uri } from "./client.test-helper.ts";

const rms = { url: "http://rms.test", domain: "loans", policy: "main", channel: "dev" };
const published: Readonly<Record<string, string>> = {
  "loans.rego": "package loans\n\nallow := false\n",
  "gone.rego": "package gone\n",
  "data.json": '{"kinds":["novel"]}',
};
const files = {
  "rw.conf": `rms { url = "${rms.url}", domain = loans, policy = main, channel = dev }\n`,
  "loans.rego": "package loans\n\nallow := true\n",
  "new.rego": "package new\n",
  "data.json": '{"kinds": ["novel"]}\n',
};

const asked: typeof fetch = async (given) => {
  const { pathname } = new URL(String(given));
  if (pathname.endsWith("/channels/dev")) return Response.json({ channel: "dev", version: "1.4.2", seq: 3, serve: 1 });
  if (pathname.endsWith("/files")) return Response.json({ items: Object.keys(published).map((path) => ({ path })) });
  const text = published[decodeURIComponent(pathname.slice(pathname.indexOf("/files/") + "/files/".length))];
  return text === undefined ? new Response("{}", { status: 404 }) : new Response(text);
};

test("changed, new and gone files; data by what it means", async () => {
  const client = await connect(files, { fetch: asked, initialize: { initializationOptions: { rw: { trusted: true } } } });
  expect(await client.request<ComparePublishedResult>("rw/comparePublished", { uri: uri("loans.rego"), token: "t" })).toEqual({
    target: "loans/main dev",
    version: "1.4.2",
    files: [
      { path: "gone.rego", before: "package gone\n" },
      { path: "loans.rego", before: published["loans.rego"], after: files["loans.rego"], uri: uri("loans.rego") },
      { path: "new.rego", after: "package new\n", uri: uri("new.rego") },
    ],
  });
});

test("nothing is asked of RMS without trust, and a channel without a version says so", async () => {
  const wary = await connect(files, { fetch: asked, initialize: { initializationOptions: { rw: { trusted: false } } } });
  const params = { uri: uri("loans.rego"), token: "t" };
  expect(await wary.request("rw/comparePublished", params)).toEqual({ problem: "asking RMS needs a trusted workspace" });
  const empty = await connect(files, {
    fetch: async () => Response.json({ status: 404, detail: "no such channel" }, { status: 404 }),
    initialize: { initializationOptions: { rw: { trusted: true } } },
  });
  expect(await empty.request("rw/comparePublished", params)).toEqual({ problem: "nothing is published at loans/main dev yet" });
});
