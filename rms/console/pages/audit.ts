// The audit log: of one domain, or of all that who is signed in may see; and whether nobody changed it.
import { form } from "../form.ts";
import { html } from "../html.ts";
import type { Page } from "../page.ts";
import { askedOf, log } from "./events.ts";

export const auditPage: Page = {
  path: "/audit",
  summary: "The audit log",
  show: async (visit, answer) => ({
    title: "Audit log",
    main: html`${answer}${await log(visit, askedOf(visit, visit.query("domain")), true)}
<h2>Is it whole?</h2>
<p>Each event holds the digest of the one before it. This computes all of them again.</p>
${form(visit, { act: "verify", submit: "Verify the log" })}`,
  }),
  acts: {
    verify: async (visit) => {
      const { ok, entries, head, brokenAt } = await visit.question<{
        readonly ok: boolean;
        readonly entries: number;
        readonly head: string;
        readonly brokenAt?: number;
      }>(["audit", "verify"], {});
      if (!ok)
        return html`<div class="fault" role="alert"><p><strong>The log was changed</strong> at event ${brokenAt}.</p></div>`;
      return html`<p class="notice" role="status">The log is whole: ${entries.toLocaleString("en")} events, the last one with the digest <code>${head}</code>.</p>`;
    },
  },
};

export const domainAuditPage: Page = {
  path: "/domains/:domain/audit",
  summary: "The audit log of a domain",
  show: async (visit) => {
    const domain = visit.param("domain");
    await visit.read(["domains", domain]);
    return { title: "Audit log", domain, main: await log(visit, askedOf(visit, domain), false) };
  },
};
