// What is put into a template never becomes markup, whatever it is.
import { expect, test } from "vitest";
import { type Html, href, html, name, visible } from "./html.ts";

test.each([
  ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
  [`" onload='x'`, "&quot; onload=&#39;x&#39;"],
  ["a & b", "a &amp; b"],
  ["nul\0", "nul\uFFFD"],
])("%j is a text", (given, shown) => {
  expect(html`<p title="${given}">${given}</p>`.text).toBe(`<p title="${shown}">${shown}</p>`);
});

test("lists and templates nest, and nothing is nothing", () => {
  const items = ["a<", "b"].map((one) => html`<li>${one}</li>`);
  expect(html`<ul>${items}</ul>${undefined}${false}${0}`.text).toBe("<ul><li>a&lt;</li><li>b</li></ul>0");
});

test("an object that only looks like HTML is none", () => {
  const forged = { text: "<b>" } as unknown as Html;
  expect(() => html`${forged}`).toThrow();
});

test("a name cannot turn the text around it or hide in it", () => {
  expect(name("ann\u202egnp.exe").text).toBe('<bdi class="name">ann<span class="unseen">U+202E</span>gnp.exe</bdi>');
  expect(name("ann\u200b").text).toContain("U+200B");
  expect(name("").text).toContain("empty");
  expect(name("Zoë 👩‍🚒").text).toBe('<bdi class="name">Zoë 👩‍🚒</bdi>');
});

test("a text keeps its lines, and shows what would hide in them or turn them", () => {
  expect(visible("if a {\n\tb\u2066 # \u202e}\u200b\n").text).toBe(
    'if a {\n\tb<span class="unseen">U+2066</span> # <span class="unseen">U+202E</span>}<span class="unseen">U+200B</span>\n',
  );
  expect(visible(undefined).text).toBe("");
});

test("each part of an address is one part, and what is not given is left out", () => {
  expect(href(["domains", "a/b"], { id: "x&y=<", cursor: undefined, q: "" })).toBe("/console/domains/a%2Fb?id=x%26y%3D%3C");
});
