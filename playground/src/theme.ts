// The theme of the page and of its editors: that of the system unless one is chosen.
import type { ThemeName } from "#embedding/monaco/monaco.ts";

const key = "theme";
const themes: Readonly<Record<ThemeName, { readonly tone: "light" | "dark"; readonly contrast: "normal" | "more" }>> = {
  "rulewright-light": { tone: "light", contrast: "normal" },
  "rulewright-dark": { tone: "dark", contrast: "normal" },
  "rulewright-contrast-light": { tone: "light", contrast: "more" },
  "rulewright-contrast-dark": { tone: "dark", contrast: "more" },
};

const isTheme = (name: string): name is ThemeName => Object.hasOwn(themes, name);

function ofSystem(): ThemeName {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const wantsContrast = matchMedia("(prefers-contrast: more), (forced-colors: active)").matches;
  return `rulewright-${wantsContrast ? "contrast-" : ""}${isDark ? "dark" : "light"}`;
}

/** Pages of files, and private ones, may keep nothing. */
function kept(): string {
  try {
    return localStorage.getItem(key) ?? "system";
  } catch {
    return "system";
  }
}

function keep(name: string): void {
  try {
    localStorage.setItem(key, name);
  } catch {
    // Then it is the system's again next time.
  }
}

/** `use` shows a theme in the editors. */
export function chooseThemeBy(select: HTMLSelectElement, use: (name: ThemeName) => void): void {
  const show = (): void => {
    const name = isTheme(select.value) ? select.value : ofSystem();
    const { tone, contrast } = themes[name];
    Object.assign(document.documentElement.dataset, { tone, contrast });
    use(name);
  };
  const before = kept();
  select.value = isTheme(before) ? before : "system";
  select.addEventListener("change", () => {
    keep(select.value);
    show();
  });
  for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"])
    matchMedia(query).addEventListener("change", show);
  show();
}
