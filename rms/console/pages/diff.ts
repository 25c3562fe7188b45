// A unified diff as HTML: what was added and removed is told by the sign before each line, and by colour beside it.
import { type Html, html, name, visible } from "../html.ts";
import { plural } from "../parts.ts";
import type { VersionDiff } from "../shapes.ts";

/** Lines that a page shows of all files together: browsers stay quick. */
const mostLines = 4000;

export function diffOf({ files }: VersionDiff): Html {
  if (files.length === 0) return html`<p class="empty">No file differs.</p>`;
  let left = mostLines;
  const parts = files.map(({ path, change, text }) => {
    const lines = text.split("\n").filter((line) => line !== "");
    const shown = lines.slice(0, left);
    left -= shown.length;
    const cut = lines.length - shown.length;
    return html`<h3>${name(path)} <span class="soft">${change}</span></h3>
${shown.length > 0 && html`<pre tabindex="0" aria-label="Changes of ${path}">${shown.map(lineOf)}</pre>`}${cut > 0 && html`<p class="soft">${plural(cut, "more line")} not shown here: <code>rw diff</code> shows all.</p>`}`;
  });
  return html`${parts}`;
}

/** The first two lines name the file. */
function lineOf(line: string, index: number): Html {
  const kind =
    index < 2 || line.startsWith("@@") ? "place" : line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "";
  return kind === "" ? html`${visible(line)}\n` : html`<span class="${kind}">${visible(line)}</span>\n`;
}
