// A real OpenLDAP server on this machine, with people and groups of its own, until the test ends.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testCertificate, testKey } from "../../rms/sources/https-server.test-helper.ts";

export const suffix = "dc=example,dc=org";
export const adminDn = `cn=admin,${suffix}`;
export const adminPassword = "the-password-of-the-directory";

export interface Slapd {
  /** `localhost:PORT`, with TLS and without. */
  readonly secure: string;
  readonly plain: string;
  /** File with the certificate. */
  readonly ca: string;
  /** Runs the lines of an LDIF as changes. */
  modify(ldif: string): void;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === "object" && address !== null ? address.port : 0;
}

export async function startSlapd(ldif: string): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), "slapd-"));
  const [ca, key, data] = [join(folder, "ca.pem"), join(folder, "key.pem"), join(folder, "data")];
  mkdirSync(data);
  writeFileSync(ca, testCertificate);
  writeFileSync(key, testKey, { mode: 0o600 });
  const schemas = ["core", "cosine", "inetorgperson", "nis"].map((name) => `include /etc/ldap/schema/${name}.schema`);
  const config = join(folder, "slapd.conf");
  writeFileSync(
    config,
    `${schemas.join("\n")}
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile ${ca}
TLSCertificateKeyFile ${key}
pidfile ${join(folder, "pid")}
sizelimit 100
database mdb
suffix "${suffix}"
rootdn "${adminDn}"
rootpw ${adminPassword}
directory ${data}
`,
  );
  const start = join(folder, "start.ldif");
  writeFileSync(start, ldif);
  execFileSync("/usr/sbin/slapadd", ["-f", config, "-l", start]);
  const [securePort, plainPort] = [await freePort(), await freePort()];
  const urls = `ldaps://localhost:${securePort} ldap://localhost:${plainPort}`;
  const server = spawn("/usr/sbin/slapd", ["-f", config, "-h", urls, "-d", "0"], { stdio: "ignore" });
  await listening(plainPort, server);
  return {
    secure: `localhost:${securePort}`,
    plain: `localhost:${plainPort}`,
    ca,
    modify: (changes) => {
      const flags = ["-x", "-H", `ldap://localhost:${plainPort}`, "-D", adminDn, "-w", adminPassword];
      execFileSync("ldapmodify", flags, { input: changes, stdio: ["pipe", "ignore", "inherit"] });
    },
    stop: async () => {
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(port: number, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (server.exitCode !== null) throw new Error(`slapd ended with ${server.exitCode}`);
    const open = await new Promise<boolean>((answered) => {
      const socket = connect(port, "localhost", () => {
        socket.destroy();
        answered(true);
      });
      socket.on("error", () => answered(false));
    });
    if (open) return;
    await new Promise((turn) => setTimeout(turn, 50));
  }
  throw new Error("slapd does not listen");
}

function ended(server: ChildProcess): Promise<unknown> {
  const done = new Promise((gone) => server.once("exit", gone));
  server.kill();
  return done;
}
