// The colors of decisions can be read: enough contrast to the backgrounds that VS Code's own themes of each kind have.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Color {
  readonly id: string;
  readonly defaults: Readonly<Record<Kind, string>>;
}

const { colors } = (
  JSON.parse(readFileSync("package.json", "utf8")) as { readonly contributes: { readonly colors: readonly Color[] } }
).contributes;

/** Editor backgrounds, and the ratio that WCAG asks for: AA, in high contrast AAA. */
const backgrounds = {
  dark: { editor: "#1f1f1f", ratio: 4.5 },
  light: { editor: "#ffffff", ratio: 4.5 },
  highContrast: { editor: "#000000", ratio: 7 },
  highContrastLight: { editor: "#ffffff", ratio: 7 },
} as const;
type Kind = keyof typeof backgrounds;

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

test("black on white is 21 to 1", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
});

for (const { id, defaults } of colors)
  for (const kind of Object.keys(backgrounds) as Kind[]) {
    const color = defaults[kind];
    // Names of the theme's own colors are the theme's care.
    if (!color.startsWith("#")) continue;
    test(`${id} in ${kind}`, () => {
      expect(contrast(color, backgrounds[kind].editor)).toBeGreaterThanOrEqual(backgrounds[kind].ratio);
    });
  }
