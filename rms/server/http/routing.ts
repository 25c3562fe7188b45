// From the address of a request to its route and the parameters of its path.
import type { IncomingMessage } from "node:http";
import { type Operation, operationOf } from "./operations.ts";
import { Problem } from "./problem.ts";
import type { Route } from "./route.ts";

export interface Address {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** A route with what every request of it needs. */
export interface PreparedRoute {
  readonly route: Route;
  readonly operation: Operation | undefined;
  /** One of the API for people; sidecars have their own rules. */
  readonly managed: boolean;
  /** The route that reads the object which this one changes or acts on. */
  readonly reader: Route | undefined;
}

export interface Found {
  readonly prepared: PreparedRoute;
  readonly params: Readonly<Record<string, string>>;
}

interface Entry {
  readonly prepared: PreparedRoute;
  /** What every path of the route begins with. */
  readonly start: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

const maxPolled = 10_000;

export class RouteTable {
  private readonly entries: readonly Entry[];

  constructor(routes: readonly Route[]) {
    const entries = routes.map((route): Entry => {
      const { path } = route;
      const pattern = path
        .replaceAll(".", "\\.")
        .replace(/\/:\w+/g, "/([^/]+)")
        .replace(/\/\*\w+/g, "/(.+)");
      return {
        prepared: { route, operation: operationOf(route), managed: path.startsWith("/api/"), reader: readerOf(route, routes) },
        start: path.split(/[:*]/)[0] ?? "",
        pattern: new RegExp(`^${pattern}$`),
        names: [...path.matchAll(/\/[:*](\w+)/g)].map(([, name]) => name ?? ""),
      };
    });
    // What sidecars ask for again and again is looked at first.
    const polled = (entry: Entry): boolean => entry.start.startsWith("/opa/");
    this.entries = [...entries.filter(polled), ...entries.filter((entry) => !polled(entry))];
  }

  /** The addresses of bundles that were asked for, each of them again and again. */
  private readonly polled = new Map<string, Found>();

  /** The route of a method and a path; the methods that the path takes where it has no such route. */
  find(method: string, path: string): Found | { readonly allowed: readonly string[] } {
    const polls = method === "GET" && path.startsWith("/opa/");
    const before = polls ? this.polled.get(path) : undefined;
    if (before !== undefined) return before;
    const found = this.search(method, path);
    if (polls && "prepared" in found) {
      if (this.polled.size >= maxPolled) this.polled.clear();
      this.polled.set(path, found);
    }
    return found;
  }

  private search(method: string, path: string): Found | { readonly allowed: readonly string[] } {
    const allowed: string[] = [];
    for (const { prepared, start, pattern, names } of this.entries) {
      if (!path.startsWith(start)) continue;
      const match = pattern.exec(path);
      if (match === null) continue;
      const { route } = prepared;
      if (route.method === method || (method === "HEAD" && route.method === "GET")) {
        const params: Record<string, string> = {};
        for (const [index, name] of names.entries()) params[name] = decode(match[index + 1] ?? "");
        return { prepared, params };
      }
      allowed.push(...(route.method === "GET" ? ["GET", "HEAD"] : [route.method]));
    }
    return { allowed };
  }
}

function readerOf({ method, path }: Route, routes: readonly Route[]): Route | undefined {
  const paths = method === "GET" ? [] : [path, path.replace(/\/[a-z]+$/, "")];
  return routes.find((other) => other.method === "GET" && paths.includes(other.path));
}

const noQuery = new URLSearchParams();

/** The address asked for, its path as it was written; 400 when it is none. */
export function addressOf({
  url = "/",
  headers,
  httpVersion,
}: Pick<IncomingMessage, "url" | "headers" | "httpVersion">): Address {
  // Whoever does not know this rule may not know where the next request begins either.
  if (headers.host === undefined && httpVersion !== "1.0")
    throw badAddress("The request has no Host header.", { Connection: "close" });
  const target = url.startsWith("/") ? url : pathOfAddress(url, headers.host);
  if (!target.startsWith("/") || target.startsWith("//")) throw badAddress("The request's target is no path.");
  const mark = target.indexOf("?");
  return mark < 0
    ? { path: target, query: noQuery }
    : { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) };
}

/** Clients of a proxy write the whole address, with the host that their header has (RFC 9112, 3.2.2). */
function pathOfAddress(url: string, host: string | undefined): string {
  const [, authority, path] = /^https?:\/\/([^/?#]+)(\/.*)$/is.exec(url) ?? [];
  if (authority === undefined || path === undefined) return url;
  if (host !== undefined && nameOf(authority) !== nameOf(host))
    throw badAddress("The request's target is on another host than its Host header.");
  return path;
}

/** A host without its port: proxies may leave that out. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, "");
}

function badAddress(detail: string, headers: Readonly<Record<string, string>> = {}): Problem {
  return new Problem(400, "bad-address", "No address", detail, { headers });
}

const plain = /^[\x21-\x24\x26-\x7e]*$/;

/** A part of a path as text, NFC. */
function decode(value: string): string {
  if (plain.test(value)) return value;
  try {
    return decodeURIComponent(value).normalize("NFC");
  } catch {
    throw badAddress(`${JSON.stringify(value)} in the address is no percent-encoded UTF-8.`);
  }
}
