// What syncs of sources find in a running server: its clock and log, four eyes, the bundles that follow a change.
import type { SourcesHost } from "../sources/sources.ts";
import type { Reads } from "../store/store.ts";
import { storedGateSettings } from "./gate-settings.ts";
import type { Rms } from "./rms.ts";

export function sourcesHost(rms: Rms): SourcesHost {
  return {
    store: rms.store,
    now: () => rms.now(),
    log: (event, fields) => rms.log(event, fields),
    fourEyes,
    changed: (domain) => rms.serving.changed(rms, domain),
    counted: (result) => rms.metrics.add("rms_source_syncs_total", { result }),
  };
}

/** A domain in which one policy's versions need another person's approval wants one for forced data, too. */
async function fourEyes({ policies }: Pick<Reads, "policies">, domain: string): Promise<boolean> {
  return (await policies.list(domain)).some(({ gates }) => storedGateSettings(gates).approvals > 0);
}
