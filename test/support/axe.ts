import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { NodeResult, Result } from 'axe-core';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly id: Result['id'];
  readonly nodes: readonly Pick<NodeResult, 'target' | 'failureSummary'>[];
}

const everyRule = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** All that a theme can change: it has no other markup. */
const colourRules = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** What axe finds on a page (WCAG 2.2 AA and its best practices), one line each. */
export async function axe(page: Page, runOnly: object = everyRule): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  // A menu floats outside of the landmarks, as the pattern of WAI-ARIA has it.
  const findings = (await page.evaluate(`(async () => {
    const runOnly = ${JSON.stringify(runOnly)};
    const { violations } = await axe.run(document, { runOnly, elementRef: true, resultTypes: ['violations'] });
    const menu = '[role="menu"]';
    const isMenu = (element) => element.closest(menu) !== null || element.querySelector(menu) !== null;
    return violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes
        .filter(({ element }) => id !== 'region' || !isMenu(element))
        .map(({ target, failureSummary }) => ({ target, failureSummary })),
    }));
  })()`)) as readonly Finding[];
  return findings.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** The same in the light and then in the dark theme, without loading the page again. */
export async function axeInBothThemes(page: Page): Promise<readonly string[]> {
  const findings: string[] = [];
  const themes = { light: everyRule, dark: colourRules } as const;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    findings.push(...(await axe(page, themes[colorScheme])).map((finding) => `${colorScheme}: ${finding}`));
  }
  return findings;
}
