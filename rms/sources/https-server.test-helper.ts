// An HTTPS server on this machine with a certificate of its own, for tests of what sources read.
import { mkdtempSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Of localhost, for tests alone. */
export const testKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgHcR9sErvjQx+0qzY
bUyBn3gCDOSA6YUuMWi3RqG4oVShRANCAASPLO69WGWwFPjT0dGzThHv8Step1rV
tdJ8u6alzdV+GNRnaV6xKxp1/uJSY68BTU5qOe+u7HZxl0Toom75p3Dv
-----END PRIVATE KEY-----`;

export const testCertificate = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUefF004BapOnuI9MXov8Ef9mYogAwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEzMDE5NDIwNVoYDzIxMjYxMTA2
MTk0MjA1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASPLO69WGWwFPjT0dGzThHv8Step1rVtdJ8u6alzdV+GNRnaV6xKxp1
/uJSY68BTU5qOe+u7HZxl0Toom75p3Dvo28wbTAdBgNVHQ4EFgQUEYHyfyNskdny
n7xhJe9kmcw1zXcwHwYDVR0jBBgwFoAUEYHyfyNskdnyn7xhJe9kmcw1zXcwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgTATGjXOj8pq8iDqXkSchU3TEP6rD2ygP4lyhZebNR1wCIHVh
4w+qnYnoly9ZA3vQmuTAVtfV0ZoK6crTz17Fzqx5
-----END CERTIFICATE-----`;

export interface TestServer {
  /** `localhost:PORT`. */
  readonly host: string;
  /** File with the certificate. */
  readonly ca: string;
  stop(): void;
}

/** A file with the certificate. */
export function certificateFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), "ca-")), "ca.pem");
  writeFileSync(file, testCertificate);
  return file;
}

export async function httpsServer(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<TestServer> {
  const server = createServer({ key: testKey, cert: testCertificate }, answer);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  return { host, ca: certificateFile(), stop: () => void server.close() };
}
