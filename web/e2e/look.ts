import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const SHOTS = process.env.PARLEY_SHOTS;
const MOST_LOOKS = 6;

/** Each state in both colour schemes and widths: nothing for axe to find, nothing wider than the window. */
export async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [width, height] of [
      [1280, 800],
      [390, 844],
      [320, 568],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height });
      await settled(page, colorScheme);
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(tooWide, `${name} is too wide at ${width}`).toBeLessThanOrEqual(0);
      if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}-${colorScheme}-${width}.png` });
      if (width === 320) continue;
      // What still fades is looked at again: axe would measure what nobody sees. What stays is a fault. Looks are counted,
      // not seconds: a machine at work is no fault.
      let found = await faults(page);
      for (let looks = 1; found.length > 0 && looks < MOST_LOOKS; looks += 1) {
        await settled(page, colorScheme);
        found = await faults(page);
      }
      expect(found, `${name}, ${colorScheme}, ${width}`).toEqual([]);
    }
  }
}

async function faults(page: Page): Promise<string[]> {
  // Where no script may run, axe cannot either: it would wait for the frame for ever.
  const { violations } = await new AxeBuilder({ page }).exclude("iframe[sandbox]").analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

/** The page has taken the scheme and drawn it, and every change of colour is over: axe would measure what nobody sees. */
async function settled(page: Page, colorScheme: string): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
  await page.waitForFunction(() =>
    document.getAnimations().every((animation) => {
      const ofColour =
        animation instanceof CSSTransition && /color|background/.test(animation.transitionProperty);
      return !ofColour || animation.playState !== "running";
    }),
  );
}
