// The text of one file of a version.
import { notFound } from "../../server/http/problem.ts";
import { href, html, name, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { plural } from "../parts.ts";

/** Characters that a page shows: a file may have megabytes. */
const mostShown = 500_000;

export const filePage: Page = {
  path: "/domains/:domain/policies/:policy/versions/:version/file",
  summary: "The text of a version's file",
  show: async (visit) => {
    const [domain, policy, version] = [visit.param("domain"), visit.param("policy"), visit.param("version")];
    const path = visit.query("path");
    if (path === undefined) throw notFound();
    const base = ["domains", domain, "policies", policy];
    const text = await visit.text([...base, "versions", version, "files", path]);
    const cut = text.length - mostShown;
    return {
      title: path,
      heading: name(path),
      domain,
      crumbs: [
        { text: policy, to: href(base) },
        { text: version, to: href([...base, "versions", version]) },
      ],
      main: html`<pre tabindex="0" aria-label="Text of ${path}">\n${visible(text.slice(0, mostShown))}</pre>${cut > 0 && html`<p class="soft">${plural(cut, "more character")} not shown here: <code>rw pull</code> gets all.</p>`}`,
    };
  },
};
