// Forms: every field has a label, and what is wrong with it stands at it.
import { randomUUID } from "node:crypto";
import { type Html, html, type Part } from "./html.ts";
import type { Visit } from "./visit.ts";

interface FieldOptions {
  readonly type?: "text" | "datetime-local" | "date" | "password" | "search";
  readonly hint?: string;
  readonly required?: boolean;
  readonly max?: number;
  /** Several lines. */
  readonly lines?: number;
  readonly value?: string | undefined;
  readonly autocomplete?: string;
}

/** The fields of one form; their ids begin with the name of what it does. */
export class Fields {
  private readonly visit: Pick<Visit, "form" | "fault">;
  private readonly act: string;
  private readonly asks: boolean;

  constructor(visit: Pick<Visit, "form" | "fault">, act: string, asks = false) {
    this.visit = visit;
    this.act = act;
    this.asks = asks;
  }

  /** Those of a form that only asks: each of them may be empty. */
  static asking(visit: Visit): Fields {
    return new Fields(visit, "asked", true);
  }

  /** True when this is the form that was sent: it was refused, or it only asked. */
  private get isBack(): boolean {
    return this.visit.form?.get("act") === this.act;
  }

  private sent(field: string): string | undefined {
    return this.isBack ? (this.visit.form?.get(field) ?? undefined) : undefined;
  }

  /** A text that is typed. */
  text(field: string, label: string, options: FieldOptions = {}): Html {
    const { type = "text", required = false, max = 1024, lines, autocomplete = "off" } = options;
    const value = type === "password" ? undefined : (this.sent(field) ?? options.value);
    const more = this.described(field, options.hint);
    const must = required && html` required`;
    const input =
      lines === undefined
        ? html`<input id="${this.id(field)}" name="${field}" type="${type}" maxlength="${max}" value="${value}" autocomplete="${autocomplete}"${must}${more.attributes}>`
        : html`<textarea id="${this.id(field)}" name="${field}" maxlength="${max}" rows="${lines}" spellcheck="false"${must}${more.attributes}>\n${value}</textarea>`;
    return html`<div class="field"><label for="${this.id(field)}">${label}${!required && !this.asks && html` <span class="optional">(optional)</span>`}</label>
${more.texts}${input}</div>`;
  }

  /** One of a few. */
  choice(field: string, label: string, choices: readonly (readonly [value: string, text: string])[], given?: string): Html {
    const chosen = this.sent(field) ?? given;
    const more = this.described(field, undefined);
    return html`<div class="field"><label for="${this.id(field)}">${label}</label>${more.texts}<select id="${this.id(field)}" name="${field}"${more.attributes}>
${choices.map(([value, text]) => html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>`)}
</select></div>`;
  }

  /** One of a few, all of them in sight. */
  radios(field: string, legend: string, choices: readonly (readonly [value: string, text: string])[], given?: string): Html {
    const chosen = this.sent(field) ?? given;
    const more = this.described(field, undefined);
    return html`<fieldset${more.attributes}><legend>${legend}</legend>${more.texts}<div class="row">
${choices.map(([value, text]) => html`<label><input type="radio" name="${field}" value="${value}" required${value === chosen && html` checked`}> ${text}</label>`)}
</div></fieldset>`;
  }

  check(field: string, label: string): Html {
    return html`<p class="field"><label><input type="checkbox" name="${field}" value="yes"${this.sent(field) === "yes" && html` checked`}> ${label}</label></p>`;
  }

  /** What is typed into a field is wrong so; undefined when it is not. */
  private faultOf(field: string): string | undefined {
    if (!this.isBack) return undefined;
    return this.visit.fault?.errors?.find(({ pointer }) => fieldOf(pointer) === field)?.message;
  }

  private described(field: string, hint: string | undefined): { readonly texts: Part; readonly attributes: Part } {
    const fault = this.faultOf(field);
    const ids = [hint === undefined ? "" : `${this.id(field)}-hint`, fault === undefined ? "" : `${this.id(field)}-fault`];
    const named = ids.filter((one) => one !== "").join(" ");
    return {
      texts: html`${hint !== undefined && html`<p class="hint" id="${ids[0]}">${hint}</p>`}${fault !== undefined && html`<p class="fault" id="${ids[1]}">This ${fault}.</p>`}`,
      attributes: html`${named !== "" && html` aria-describedby="${named}"`}${fault !== undefined && html` aria-invalid="true"`}`,
    };
  }

  private id(field: string): string {
    return fieldId(this.act, field);
  }
}

/** The field that a pointer of the API means: forms name fields as the API does, without the objects around them. */
export const fieldOf = (pointer: string | undefined): string => pointer?.split("/").at(-1) ?? "";

export const fieldId = (act: string, field: string): string => `${act}-${field}`;

/** The reason that every change has. */
export function reason(fields: Fields, required = true): Html {
  return fields.text("reason", "Reason", { required, hint: "Stands in the audit log." });
}

/** A time as the browser's field writes it, which is UTC by the field's label; what is no time stays as it is, and the API says so. */
export function givenTime(text: string | undefined): string | undefined {
  return text === undefined
    ? undefined
    : text.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?$/, (_, minute, second = ":00") => `${minute}${second}Z`);
}

/** A time of the API as the browser's field takes it. */
export function fieldTime(text: string | undefined): string | undefined {
  return text?.slice(0, 16);
}

interface FormOptions {
  /** What it does: one of the page's acts. */
  readonly act: string;
  readonly submit: string;
  readonly fields?: Part;
  /** What the object was when the page was made. */
  readonly tag?: string;
  /** What else the act must know. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly danger?: boolean;
  /** It holds a table. */
  readonly wide?: boolean;
}

/** A form that changes something; it can be sent by this session only, and once. */
export function form(visit: Visit, { act, submit, fields, tag, hidden = {}, danger = false, wide = false }: FormOptions): Html {
  const all = {
    "form-token": visit.session.formToken,
    act,
    once: randomUUID(),
    ...(tag === undefined ? {} : { tag }),
    ...hidden,
  };
  return html`<form method="post" class="${wide ? "act wide" : "act"}">${Object.entries(all).map(
    ([key, value]) => html`<input type="hidden" name="${key}" value="${value}">`,
  )}${fields}<button type="submit"${danger && html` class="danger"`}>${submit}</button></form>`;
}

/** A form that opens, so that nothing is done by the way; it stands open when it was refused. */
export function folded(
  visit: Visit,
  summary: Part,
  options: FormOptions,
  around: { readonly before?: Part; readonly after?: Part } = {},
): Html {
  const open = visit.form?.get("act") === options.act && html` open`;
  return html`<details${open}><summary>${summary}</summary>${around.before}${form(visit, options)}${around.after}</details>`;
}

/** A form that only asks: it goes into the address. */
export function filter(what: string, fields: Part, submit = "Show"): Html {
  return html`<form method="get" class="filter" role="search" aria-label="${what}">${fields}<button type="submit">${submit}</button></form>`;
}
