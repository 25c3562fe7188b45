// What a page of the console is: an address, what it shows, and what can be done on it.
import type { Html } from "./html.ts";
import type { Visit } from "./visit.ts";

export interface Crumb {
  readonly text: Html | string;
  readonly to: string;
}

export interface Shown {
  readonly title: string;
  /** The title on the page itself, where it has names in it. */
  readonly heading?: Html;
  /** The way here from the list of domains, without the page itself. */
  readonly crumbs?: readonly Crumb[];
  /** The domain that the page is about. */
  readonly domain?: string;
  readonly main: Html;
}

export interface Page {
  /** Below `/console`, as routes have it. */
  readonly path: string;
  readonly summary: string;
  /** `answer` is what a form that only asked was told. */
  show(visit: Visit, answer?: Html): Promise<Shown>;
  /** What its forms do, by the name that a form has; gives the address to go on with, or the answer to a question. */
  readonly acts?: Readonly<Record<string, (visit: Visit) => Promise<string | Html>>>;
}
