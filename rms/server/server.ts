// The HTTP server: routes and drain.
import { createServer, type Server } from "node:http";
import { consoleRoutes } from "../console/console.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { answerBroken } from "./http/broken.ts";
import { Connections } from "./http/connections.ts";
import { openApiRoutes } from "./http/openapi.ts";
import type { Route } from "./http/route.ts";
import { idleMs, Router, type RouterOptions } from "./http/router.ts";
import type { Rms } from "./rms.ts";
import { accessRoutes } from "./routes/access-questions.ts";
import { activationRoutes } from "./routes/activations.ts";
import { administrationRoutes } from "./routes/administration.ts";
import { campaignRoutes } from "./routes/campaigns.ts";
import { channelRoutes } from "./routes/channels.ts";
import { decideRoutes } from "./routes/decide.ts";
import { decisionLogRoutes } from "./routes/decision-logs.ts";
import { distributionRoutes } from "./routes/distribution.ts";
import { domainRoutes } from "./routes/domains.ts";
import { hookRoutes } from "./routes/hooks.ts";
import { impactRoutes } from "./routes/impact.ts";
import { operationRoutes } from "./routes/operations.ts";
import { reviewRoutes } from "./routes/reviews.ts";
import { roleRoutes } from "./routes/roles.ts";
import { sampleRoutes } from "./routes/samples.ts";
import { sourceRoutes } from "./routes/sources.ts";
import { subjectRoutes } from "./routes/subjects.ts";
import { telemetryRoutes } from "./routes/telemetry.ts";
import { versionStateRoutes } from "./routes/version-states.ts";
import { versionRoutes } from "./routes/versions.ts";
import { sourcesHost } from "./sources-host.ts";

const served: readonly Route[] = [
  ...domainRoutes,
  ...versionRoutes,
  ...versionStateRoutes,
  ...channelRoutes,
  ...roleRoutes,
  ...subjectRoutes,
  ...sourceRoutes,
  ...reviewRoutes,
  ...campaignRoutes,
  ...hookRoutes,
  ...decideRoutes,
  ...impactRoutes,
  ...accessRoutes,
  ...sampleRoutes,
  ...distributionRoutes,
  ...telemetryRoutes,
  ...decisionLogRoutes,
  ...activationRoutes,
  ...administrationRoutes,
  ...operationRoutes,
];

export const routes: readonly Route[] = [...served, ...openApiRoutes(served)];

export interface RunningServer {
  readonly address: string;
  /** Takes no more connections, ends long polls with a 304, and lets what is under way come to its end, within bounds. */
  stop(): Promise<void>;
}

/** How long a publish or a download may go on after the stop; below what service managers wait before they kill. */
const graceMs = 12_000;

export interface ServerOptions extends RouterOptions {
  /** Whether people find pages below `/console`; they do unless it is false. */
  readonly console?: boolean | undefined;
}

/** Listens; rejects with the system's error when the address cannot be taken. */
export function startServer(rms: Rms, host: string, port: number, options: ServerOptions = {}): Promise<RunningServer> {
  const drain = new AbortController();
  const pages = options.console === false ? [] : consoleRoutes();
  const router = new Router(rms, [...routes, ...pages], drain.signal, options);
  const server: Server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      // A request without one is answered as any other that is wrong.
      requireHostHeader: false,
      requestTimeout: 30_000,
      headersTimeout: 15_000,
      // One bound for all of a connection's life: two would be set anew around each poll.
      keepAliveTimeout: 0,
      connectionsCheckingInterval: 2000,
    },
    (request, response) => {
      connections.asked(request, response);
      router.serve(request, response);
    },
  );
  server.setTimeout(idleMs);
  const connections = new Connections(server);
  server.on("clientError", (error, socket) => answerBroken(error, socket, connections.isAnswering(socket)));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const stopHousekeeping = startHousekeeping(rms);
      const stopSources = rms.sources.start(sourcesHost(rms));
      const stopHooks = rms.hooks.start();
      const bound = server.address();
      const listening = typeof bound === "object" && bound !== null ? bound.port : port;
      resolve({
        address: `http://${host.includes(":") ? `[${host}]` : host}:${listening}`,
        stop: async () => {
          drain.abort();
          const stopped = Promise.all([stopSources(), stopHooks()]);
          await connections.drain(graceMs);
          await stopped;
          await stopHousekeeping();
        },
      });
    });
  });
}
