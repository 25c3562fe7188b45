// HTML as a value: what is put into a template is escaped, unless it is HTML that a template made.

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes; `undefined` and `false` are nothing. */
export type Part = Html | string | number | undefined | false | readonly Part[];

/** The only way to HTML: texts and numbers are escaped, for elements and for attributes in quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + (index < parts.length ? written(parts[index]) : "")).join(""));
}

function written(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(written).join("");
  return escaped(String(part));
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? char).replaceAll("\0", "\uFFFD");
}

/** Characters that are not seen or turn what stands around them: texts that look alike would not be. */
const unseen = /([\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff])/u;
/** In texts of several lines. */
const layout = /^[\t\n\r]$/;

/** A text that somebody wrote: what cannot be seen in it is spelled out. */
export function visible(text: string | undefined): Html {
  return html`${(text ?? "").split(unseen).map((part) => (layout.test(part) ? part : spelled(part)))}`;
}

/** A name that somebody chose: it stands apart from the text around it. */
export function name(text: string): Html {
  return html`<bdi class="name">${text === "" ? html`<i>empty</i>` : text.split(unseen).map(spelled)}</bdi>`;
}

function spelled(part: string): Part {
  if (part.length !== 1 || !unseen.test(part)) return part;
  const code = part.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return html`<span class="unseen">U+${code}</span>`;
}

/** Parts with commas between them. */
export function commas(parts: readonly Part[]): Html {
  return html`${parts.map((part, index) => html`${index > 0 && ", "}${part}`)}`;
}

/** An address within the console: each part is one part of a path. */
export function href(parts: readonly string[], query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const path = ["/console", ...parts.map(encodeURIComponent)].join("/");
  const search = searchOf(query);
  return search === "" ? path : `${path}?${search}`;
}

/** A query without what is not given. */
export function searchOf(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === "" ? [] : [[key, String(value)] as [string, string]],
  );
  return new URLSearchParams(given).toString();
}
