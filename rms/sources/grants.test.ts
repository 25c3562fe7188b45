// The operator's file: what it may say, and whom it lets read what.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Grant, grantedFolders, grantedHost, readGrants } from "./grants.ts";

function fileOf(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "grants-")), "sources.conf");
  writeFileSync(path, text);
  return path;
}

const text = `
allow = [
  { domain = orders, folder = /srv/feeds/orders }
  { domain = orders, host = "HR.example", secrets = ["env:HR_TOKEN"], ca = /etc/hr.pem }
  { domain = "*", host = "hr.example:8443" }
]`;

test("folders and hosts are for the domains that it names, secrets for their host alone", () => {
  const grants = readGrants(fileOf(text)) as readonly Grant[];
  expect([grantedFolders(grants, "orders"), grantedFolders(grants, "other")]).toEqual([["/srv/feeds/orders"], []]);
  const host = (domain: string, port: number, secret?: string): unknown =>
    grantedHost(grants, domain, { host: "hr.example", port, usual: [443] }, secret);
  expect(host("orders", 443, "env:HR_TOKEN")).toMatchObject({ ca: "/etc/hr.pem" });
  expect(host("other", 8443)).toMatchObject({ secrets: [] });
  expect(() => host("other", 443)).toThrow("the operator lets other read nothing from hr.example:443");
  expect(() => host("orders", 8443, "env:HR_TOKEN")).toThrow("the operator lets nobody send env:HR_TOKEN to hr.example:8443");
});

test.each([
  ["allow = {}", "has no list `allow`"],
  ["allow = [{ domain = x }]", "allow[0] of FILE must name a folder or a host"],
  ["allow = [{ folder = /x }]", "does not say for which domain it is"],
  ["allow = [{ domain = x, folder = feeds }]", "must name its folder from the root"],
  ['allow = [{ domain = x, host = "https://x" }]', "must name its host as `hr.example`"],
  ['allow = [{ domain = x, host = x, secrets = ["literal"] }]', "must name its secrets as `env:NAME`"],
  ['allow = [{ domain = x, folder = /x, secrets = ["env:A"] }]', "has secrets, which only hosts get"],
  ["allow = [{ domain = x, host = x, port = 1 }]", "has the unknown name port"],
  ["allow = [", "cannot be read"],
  ['include "more.conf"', "cannot be read"],
])("%s: %s", (wrong, message) => {
  const path = fileOf(wrong);
  const read = readGrants(path);
  expect("fault" in read ? read.fault.replace(path, "FILE") : "").toContain(message);
});
