// A small page object over the VS Code workbench. Everything waits for the state of the page, never for time.
import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Browser, chromium, type ElementHandle, type Page } from "playwright-core";
import type { CodeServer } from "./code-server.ts";

/** How long anything may take, on a slow machine with other work. */
export const patience = 60_000;

/** The system's Chromium. */
export function chromiumPath(): string {
  return process.env["CHROMIUM"] ?? "/usr/bin/chromium";
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
}

export async function newPage(browser: Browser): Promise<Page> {
  return (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
}

export class Workbench {
  readonly page: Page;
  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens a folder and one file of it. */
  static async open(browser: Browser, server: CodeServer, folder: string, file: string): Promise<Workbench> {
    const page = await newPage(browser);
    const target = `vscode-remote://${server.authority}${resolve(folder, file)}`;
    const query = new URLSearchParams({ folder: resolve(folder), payload: JSON.stringify([["openFile", target]]) });
    return Workbench.at(page, `${server.url}/?${query}`);
  }

  /** Opens an address that shows a file. */
  static async at(page: Page, url: string): Promise<Workbench> {
    page.setDefaultTimeout(patience);
    await page.goto(url, { waitUntil: "domcontentloaded" });
    await page.waitForSelector(".monaco-workbench");
    await page.waitForSelector(".monaco-editor .view-line");
    return new Workbench(page);
  }

  /** Waits for an underlined problem. */
  squiggle(severity: "error" | "warning" | "info" | "hint"): Promise<ElementHandle> {
    return this.page.waitForSelector(`.squiggly-${severity}`, { state: "attached" });
  }

  async noSquiggle(severity: "error" | "warning"): Promise<void> {
    await this.page.waitForFunction((name) => document.querySelector(name) === null, `.squiggly-${severity}`);
  }

  /** Waits for text painted at a line's end. It lives in `::after`, not in the text of the page. */
  async decoration(text: string): Promise<void> {
    await this.page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll(".view-line span")].some((element) =>
          getComputedStyle(element, "::after").content.replaceAll("\u00a0", " ").includes(wanted),
        ),
      text,
    );
  }

  /** Everything painted at line ends now. */
  decorations(): Promise<string[]> {
    return this.page.evaluate(() =>
      [...document.querySelectorAll(".view-line span")]
        .map((element) => getComputedStyle(element, "::after").content.replaceAll("\u00a0", " "))
        .filter((content) => content !== "none" && content !== "normal" && content !== '""'),
    );
  }

  /** Waits for a line with that text. */
  async lineWith(text: string): Promise<void> {
    await this.page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll(".view-line")].some((line) =>
          (line.textContent ?? "").replaceAll("\u00a0", " ").includes(wanted),
        ),
      text,
    );
  }

  /** Waits for a line of that text, whatever its indentation. */
  async line(text: string): Promise<void> {
    await this.page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll(".view-line")].some(
          (line) => (line.textContent ?? "").replaceAll("\u00a0", " ").trim() === wanted,
        ),
      text,
    );
  }

  /** Waits for the title of a code lens. */
  async lens(title: string): Promise<void> {
    await this.page.locator(".codelens-decoration", { hasText: title }).first().waitFor();
  }

  /** Runs a task that the extension offers. */
  async runTask(name: string): Promise<void> {
    await this.command("Tasks: Run Task");
    await this.#choose("rw");
    await this.#choose(name);
  }

  /** Waits for text in a terminal that is not drawn on a canvas. */
  async terminal(text: string): Promise<void> {
    await this.page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll(".xterm-rows")].some((rows) =>
          (rows.textContent ?? "").replaceAll("\u00a0", " ").includes(wanted),
        ),
      text,
    );
  }

  /** Follows the link at the code of a problem. */
  async openProblemPage(code: string): Promise<void> {
    await this.command("Problems: Focus on Problems View");
    await this.page.locator(".markers-panel a", { hasText: code }).first().click();
  }

  /** The headings of the Markdown pages that are shown. */
  async previewHeadings(): Promise<string[]> {
    const frames = this.page.frames().map((frame) => frame.locator("h2").allTextContents());
    return (await Promise.allSettled(frames)).flatMap((found) => (found.status === "fulfilled" ? found.value : []));
  }

  /** Brings an open file to the front. */
  async showTab(name: string): Promise<void> {
    await this.page.locator(`.tab[data-resource-name="${name}"]`).first().click();
    await this.page.locator(".tab.active", { hasText: name }).first().waitFor();
    // A box that opens before the editor has the focus would lose it to the editor, and close.
    await this.#editorHasFocus();
  }

  async statusBar(text: string): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => (document.querySelector(".statusbar")?.textContent ?? "").replaceAll("\u00a0", " ").includes(wanted),
      text,
    );
  }

  async command(title: string): Promise<void> {
    const typed = `>${title}`;
    await this.#openBox("F1", typed);
    // Rows of the list that was not filtered yet have nothing in them that matches; they would go away under the click.
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: title, has: this.page.locator(".highlight") });
    try {
      await row.first().click({ timeout: 10_000 });
    } catch {
      // What comes late may take the focus, and a box without it closes; and the palette asks once, when it opens, what is enabled.
      if (await this.page.locator(".quick-input-widget").isVisible()) await this.escape();
      await this.#openBox("F1", typed);
      await row.first().click();
    }
    // The next box is in the same place: what is typed before this one has gone would be lost.
    await this.page.waitForFunction((text) => {
      const box = document.querySelector(".quick-input-widget");
      return box === null || getComputedStyle(box).display === "none" || box.querySelector("input")?.value !== text;
    }, typed);
    // Left where the next box opens, the pointer would bring up a hover, and Escape would close that instead.
    await this.page.mouse.move(0, 400);
  }

  /** The commands that the palette finds for a title. */
  async offers(title: string): Promise<string[]> {
    await this.#openBox("F1", `>${title}`);
    await this.page.locator(".quick-input-list .monaco-list-row").first().waitFor();
    const rows = this.page.locator(".quick-input-list .monaco-list-row", { hasText: title });
    const found = await rows.allTextContents();
    await this.escape();
    return found;
  }

  /** Opens the box that a key opens, and types into it. */
  async #openBox(key: string, text: string): Promise<void> {
    await this.page.keyboard.press(key);
    await this.page.locator(".quick-input-widget input").first().fill(text);
  }

  /** Chooses a row of the list that is open, by typing its text: Enter would do nothing before the row is there. */
  async #choose(text: string): Promise<void> {
    await this.page.locator(".quick-input-list .monaco-list-row").first().waitFor();
    await this.page.locator(".quick-input-widget input").first().fill(text);
    await this.focusedRow(text);
    await this.page.keyboard.press("Enter");
  }

  /** The same for a list with a title; a box may open after it at once. */
  async choose(title: string, text: string): Promise<void> {
    await this.titled(title);
    await this.#choose(text);
  }

  /** The same for the last list of a dialogue. */
  async pick(text: string): Promise<void> {
    await this.#choose(text);
    await this.#noBox();
  }

  #noBox(): Promise<void> {
    return this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** Waits until keys go to the text of an editor. */
  #editorHasFocus(): Promise<void> {
    return this.page.locator(".editor-instance .monaco-editor.focused").first().waitFor();
  }

  /** Types into the input box with that title or prompt; another one may open at once. */
  async fill(title: string, text: string): Promise<void> {
    await this.page.locator(".quick-input-widget", { hasText: title }).waitFor();
    await this.page.locator(".quick-input-widget input").first().fill(text);
    await this.page.keyboard.press("Enter");
  }

  /** The same for the last box of a dialogue. */
  async answer(title: string, text: string): Promise<void> {
    await this.fill(title, text);
    await this.#noBox();
  }

  /** Waits for a row of the list that is open, and gives its text. */
  async row(text: string): Promise<string> {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
    await row.waitFor();
    return ((await row.textContent()) ?? "").replaceAll("\u00a0", " ");
  }

  /** Waits for the list or box of that title. */
  async titled(title: string): Promise<void> {
    await this.page.locator(".quick-input-titlebar", { hasText: title }).waitFor();
  }

  /** The row that Enter would choose. */
  async focusedRow(text: string): Promise<void> {
    await this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: text }).waitFor();
  }

  /** What the box that is open says about itself at this moment: its title, its prompt and what may be typed. */
  async box(): Promise<string> {
    const box = this.page.locator(".quick-input-widget");
    await box.waitFor();
    return `${await box.textContent()} ${await box.locator("input").first().getAttribute("placeholder")}`;
  }

  /** Closes the list or box that is open. */
  async escape(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await this.#noBox();
  }

  async openFile(name: string): Promise<void> {
    await this.#openBox("Control+p", name);
    await this.focusedRow(name);
    await this.page.keyboard.press("Enter");
    await this.page.locator(".tab.active", { hasText: name }).waitFor();
    await this.#editorHasFocus();
  }

  async goTo(line: number, column = 1): Promise<void> {
    await this.#openBox("Control+g", `:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.#noBox();
    await this.#editorHasFocus();
  }

  /** Replaces what stands on one line behind its indentation. */
  async replaceLine(line: number, text: string): Promise<void> {
    await this.goTo(line);
    await this.page.keyboard.press("Home");
    await this.page.keyboard.press("Shift+End");
    await this.page.keyboard.insertText(text);
  }

  /** Waits for a row of the Test Explorer, with a state where one is named. */
  async testRow(label: string, state?: "passed" | "failed"): Promise<void> {
    const row = this.page.locator(".test-explorer .monaco-list-row", { hasText: label });
    const wanted = state === undefined ? row : row.filter({ has: this.page.locator(`.codicon-testing-${state}-icon`) });
    await wanted.first().waitFor();
  }

  /** Opens a row of the Test Explorer by keyboard. */
  async expandTest(label: string): Promise<void> {
    await this.page.locator(".test-explorer .monaco-list-row", { hasText: label }).first().click();
    await this.page.keyboard.press("ArrowRight");
  }

  /** The rows of the Problems view, in order. */
  async problems(): Promise<string[]> {
    await this.command("Problems: Focus on Problems View");
    await this.page.waitForSelector(".markers-panel .monaco-list-row");
    return this.page.locator(".markers-panel .monaco-list-row").allTextContents();
  }

  /** The messages shown so far. Toasts stay hidden under the smoke-test driver, so the notification centre is read. */
  async notification(text: string): Promise<string> {
    const centre = this.page.locator(".notifications-center.visible");
    const message = centre.locator(".notification-list-item-message", { hasText: text }).first();
    await this.command("Notifications: Show Notifications");
    for (const end = Date.now() + patience; !(await message.isVisible()) && Date.now() < end; ) {
      await Promise.race([message.waitFor(), centre.waitFor({ state: "hidden" })]);
      // It closes with its last message, as when a progress ends, and the next one comes unseen.
      if (!(await centre.isVisible())) await this.command("Notifications: Show Notifications");
    }
    const shown = (await message.textContent()) ?? "";
    // Left open, it would take the next Escape for itself.
    await this.page.keyboard.press("Escape");
    await this.page.locator(".notifications-center.visible").waitFor({ state: "hidden" });
    return shown;
  }

  async screenshot(name: string): Promise<void> {
    const path = resolve("artifacts/screenshots", name);
    mkdirSync(dirname(path), { recursive: true });
    await this.page.screenshot({ path });
  }

  /** Keeps what a failed test saw, under its name. */
  screenshotOfFailure(test: string): Promise<void> {
    return this.screenshot(`failed-${test.slice(0, 40).replaceAll(/\W+/gu, "-")}.png`);
  }

  /** Changes the color theme, and waits for its kind: `vs`, `vs-dark` or `hc-black`. */
  async theme(name: string, kind: string): Promise<void> {
    await this.command("Preferences: Color Theme");
    await this.#choose(name);
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }
}
