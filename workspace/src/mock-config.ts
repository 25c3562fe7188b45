// `mocks` of `rw.conf` and of its profiles: what answers policies in place of the world.
import { namedLayouts } from "#evaluation/time/layout.ts";
import { parseTime } from "#evaluation/time/parse-time.ts";
import { ipFault } from "#grammars/text/ip-literal.ts";
import type { ConfigShapes } from "./config-shapes.ts";
import { asRecord } from "./json-record.ts";

export interface MockConfig {
  /** `time.now_ns`, in nanoseconds since 1970. */
  readonly clock: bigint | undefined;
  /** Of `rand.intn` and `uuid.rfc4122`. */
  readonly seed: number | undefined;
  /** The file with answers to `http.send`, seen from `rw.conf`. */
  readonly http: string | undefined;
  /** Name → addresses. */
  readonly lookups: Readonly<Record<string, readonly string[]>>;
  /** What `opa.runtime` gives. */
  readonly runtime: Readonly<Record<string, unknown>> | undefined;
}

/** `path` names the object: `mocks`, or `profiles.uat.mocks`. */
export function mockConfigOf(shapes: ConfigShapes, value: unknown, path: string): MockConfig | undefined {
  if (value === undefined) return undefined;
  const mocks = shapes.record(value, path);
  const opa = shapes.record(mocks["opa"], `${path}.opa`);
  const net = shapes.record(mocks["net"], `${path}.net`);
  return {
    clock: clockOf(shapes, mocks["clock"], `${path}.clock`),
    seed: seedOf(shapes, mocks["seed"], `${path}.seed`),
    http: shapes.text(mocks["http"], `${path}.http`),
    lookups: lookupsOf(shapes, net["lookup_ip_addr"], `${path}.net.lookup_ip_addr`),
    runtime: opa["runtime"] === undefined ? undefined : shapes.record(opa["runtime"], `${path}.opa.runtime`),
  };
}

function clockOf(shapes: ConfigShapes, value: unknown, path: string): bigint | undefined {
  if (value === undefined) return undefined;
  const read = typeof value === "string" ? parseTime(namedLayouts["RFC3339"]!, value) : undefined;
  if (read !== undefined && "nanos" in read) return read.nanos;
  shapes.wrong(path, "a time like 2026-01-31T12:00:00Z");
  return undefined;
}

function seedOf(shapes: ConfigShapes, value: unknown, path: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  shapes.wrong(path, "an integer");
  return undefined;
}

/** Addresses by name; what is nested is named by its path, as keys with dots are nested in HOCON. */
function lookupsOf(shapes: ConfigShapes, value: unknown, path: string): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const [key, child] of Object.entries(shapes.record(value, path))) {
    if (asRecord(child) !== undefined) {
      for (const [inner, addresses] of Object.entries(lookupsOf(shapes, child, `${path}.${key}`)))
        found[`${key}.${inner}`] = addresses;
      continue;
    }
    const addresses = shapes.texts(child, `${path}.${key}`);
    const wrong = addresses.find((address) => ipFault(address) !== undefined);
    if (wrong === undefined) found[key] = addresses;
    else shapes.wrong(`${path}.${key}`, `IP addresses, and ${JSON.stringify(wrong)} is none`);
  }
  return found;
}

/** Two values, the first over the second: objects are merged, as HOCON merges them. */
export function laidOver(above: unknown, below: unknown): unknown {
  const [one, other] = [asRecord(above), asRecord(below)];
  if (above === undefined) return below;
  if (one === undefined || other === undefined) return above;
  const merged: Record<string, unknown> = { ...other };
  for (const [key, value] of Object.entries(one)) merged[key] = laidOver(value, other[key]);
  return merged;
}
