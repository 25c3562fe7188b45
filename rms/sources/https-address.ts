// Addresses of services, and how the operator's list names their hosts.
import { SourceFault } from "./fault.ts";

export function httpsAddress(url: string): URL {
  const address = URL.parse(url);
  if (address === null || address.protocol !== "https:") throw new SourceFault("the address is no https: one");
  return address;
}

export function hostOf({ hostname, port }: URL): {
  readonly host: string;
  readonly port: number;
  readonly usual: readonly number[];
} {
  return { host: hostname, port: port === "" ? 443 : Number(port), usual: [443] };
}
