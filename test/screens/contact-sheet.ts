import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppWindow } from './window.ts';

const ways = [
  'imported-light-1280',
  'imported-dark-1280',
  'imported-light-1920',
  'imported-dark-1920',
  'in-place-light-1280',
  'in-place-dark-1920',
] as const;
const perSheet = 12;

/** Twelve pictures a sheet, for a quick look: `sheet-1-imported-light-1280.png`, … */
export async function contactSheets(
  { page }: AppWindow,
  folder: string,
  names: readonly string[],
): Promise<void> {
  const sheet = await page.context().newPage();
  await sheet.setViewportSize({ width: 1980, height: 1400 });
  for (const way of ways) {
    const there = names.filter((name) => existsSync(join(folder, `${name}-${way}.png`)));
    for (let first = 0; first < there.length; first += perSheet) {
      const figures = there.slice(first, first + perSheet).map((name) => {
        const png = readFileSync(join(folder, `${name}-${way}.png`)).toString('base64');
        return `<figure><img src="data:image/png;base64,${png}"><figcaption>${name}</figcaption></figure>`;
      });
      await sheet.setContent(
        `<style>body{margin:8px;display:grid;grid-template-columns:repeat(3,1fr);gap:8px;align-content:start;font:13px sans-serif}
        figure{margin:0}img{width:100%;display:block;border:1px solid #888}</style>${figures.join('')}`,
      );
      await sheet.screenshot({
        path: join(folder, `sheet-${first / perSheet + 1}-${way}.png`),
        fullPage: true,
      });
    }
  }
  await sheet.close();
}
