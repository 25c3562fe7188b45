// What stands around every page: its head, the ways to the other pages, and what went well or wrong.
import type { Problem } from "../server/http/problem.ts";
import { assets } from "./assets.ts";
import { fieldId, fieldOf } from "./form.ts";
import { type Html, href, html, name, type Part } from "./html.ts";
import type { Shown } from "./page.ts";
import type { Visit } from "./visit.ts";

/** What was done, by the word that an act leaves in the address. */
const notices: Readonly<Record<string, string>> = {
  approved: "Your approval is recorded.",
  rejected: "The version is rejected.",
  withdrawn: "The version is withdrawn.",
  moved: "The channel is moved; sidecars follow at their next poll.",
  "member-set": "The membership is recorded; sidecars follow at their next poll.",
  "member-ended": "The membership has ended; sidecars follow at their next poll.",
  opened: "The campaign is open.",
  decided: "Your decision is recorded.",
  "handed-on": "Somebody else reviews them now.",
  signed: "The campaign is signed; what was to end has ended.",
  synced: "The source was read.",
  syncing: "The source is being read; look again in a moment.",
  "not-synced": "The source was read and nothing was taken: the first row says why.",
  suspended: "The person is suspended in all roles; sidecars follow at their next poll.",
  restored: "The person is restored; sidecars follow at their next poll.",
  "rolled-back": "The channel is rolled back; sidecars follow at their next poll.",
};

/** The pages of a domain, in the order in which they are named. */
const domainPages: readonly (readonly [string, string])[] = [
  ["", "Overview"],
  ["people", "People"],
  ["roles", "Roles"],
  ["campaigns", "Campaigns"],
  ["reviews", "Reviews"],
  ["sources", "Sources"],
  ["access", "Who can do what"],
  ["audit", "Audit"],
  ["report", "Report"],
];

/** A title cannot hold an element that spells out what is not seen. */
const plain = (title: string): string => title.replace(/[\u202a-\u202e\u2066-\u2069]/g, "\ufffd");

/** The head and the frame of a document; `header` holds what is above the page itself. */
function frame(title: string, header: Part, main: Part): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${plain(title)} &ndash; RMS</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${assets.icon.address}">
<link rel="stylesheet" href="${assets.style.address}">
<script type="module" src="${assets.script.address}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the page</a>
${header}
<main id="main" tabindex="-1">
${main}
</main>
<footer><p>RMS, the Responsibility Management System</p></footer>
</body>
</html>
`.text;
}

export function document(visit: Visit, { title, heading = html`${title}`, crumbs = [], domain, main }: Shown): string {
  const { fault } = visit;
  const notice = fault === undefined ? noticeOf(visit) : undefined;
  const asked = fault === undefined && visit.form !== undefined;
  // The title is what a screen reader says first.
  const outcome = fault !== undefined ? "Not done: " : notice !== undefined ? "Done: " : asked ? "Answer: " : "";
  return frame(
    `${outcome}${title}`,
    html`${banner(visit)}${domain !== undefined && domainNav(visit, domain)}`,
    html`${(crumbs.length > 0 || domain !== undefined) && trail(heading, crumbs, visit.path === "/domains/:domain" ? undefined : domain)}
<h1>${heading}</h1>
${notice !== undefined && html`<p class="notice" role="status">${notice}</p>`}${fault !== undefined && faultBox(fault, visit.form)}
${main}`,
  );
}

/** A page for who is not signed in. */
export function bareDocument(title: string, main: Part): string {
  return frame(title, html`<header class="banner"><p class="brand">RMS</p></header>`, html`<h1>${title}</h1>${main}`);
}

/** A page for an address that shows nothing, or for what may not be seen. */
export function problemDocument(visit: Visit, problem: Problem): string {
  return frame(
    problem.title,
    banner(visit),
    html`<h1>${problem.title}</h1>${faultBox(problem)}<p><a href="/console">All domains</a></p>`,
  );
}

function noticeOf(visit: Visit): string | undefined {
  const word = visit.query("done");
  return word !== undefined && Object.hasOwn(notices, word) ? notices[word] : undefined;
}

/** What went wrong, with the way to each field that is meant. */
export function faultBox({ title, message, errors = [] }: Problem, form?: URLSearchParams): Html {
  const items = errors.map(({ pointer, file, row, message: text }) => {
    if (file !== undefined) return html`<li>${file}${row !== undefined && `:${row}`}: ${text}</li>`;
    const field = fieldOf(pointer);
    const known = form?.has(field) === true;
    return html`<li>${known ? html`<a href="#${fieldId(form?.get("act") ?? "", field)}">${field} ${text}</a>` : html`${pointer} ${text}`}</li>`;
  });
  return html`<div class="fault" role="alert"><p><strong>${title}.</strong> ${message}</p>${items.length > 0 && html`<ul>${items}</ul>`}</div>`;
}

function banner(visit: Visit): Html {
  return html`<header class="banner"><p class="brand"><a href="/console">RMS</a></p>
<nav aria-label="Console"><ul><li><a href="/console">Domains</a></li>${visit.may("audit:read") && html`<li><a href="/console/audit">Audit log</a></li>`}</ul></nav>
<form method="post" action="/console/sign-out" class="who"><p>Signed in as ${name(visit.who.subject)}</p>
<input type="hidden" name="form-token" value="${visit.session.formToken}"><button type="submit">Sign out</button></form></header>`;
}

function domainNav(visit: Visit, domain: string): Html {
  const here = visit.path.split("/")[3] ?? "";
  return html`<nav class="tabs" aria-label="Domain ${domain}"><ul>${domainPages.map(
    ([page, text]) =>
      html`<li><a href="${href(["domains", domain, ...(page === "" ? [] : [page])])}"${page === here && html` aria-current="page"`}>${text}</a></li>`,
  )}</ul></nav>`;
}

function trail(heading: Html, crumbs: Shown["crumbs"] = [], domain: string | undefined): Html {
  const all = [
    { text: "Domains", to: "/console" },
    ...(domain === undefined ? [] : [{ text: name(domain), to: href(["domains", domain]) }]),
    ...crumbs,
  ];
  return html`<nav class="trail" aria-label="Where this is"><ol>${all.map(
    ({ text, to }) => html`<li><a href="${to}">${text}</a></li>`,
  )}<li aria-current="page">${heading}</li></ol></nav>`;
}
