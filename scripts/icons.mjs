#!/usr/bin/env node
// Renders resources/icons/stemma.svg to the PNGs that desktops want. Run after a change of the drawing; needs Chromium.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { inProject } from './support/project.mjs';
import { main, say } from './support/run.mjs';

const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

await main(async () => {
  const drawing = readFileSync(inProject('resources', 'icons', 'stemma.svg'), 'utf8');
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  try {
    const page = await browser.newPage();
    for (const size of sizes) {
      // The margin of the drawing is macOS's; where an icon is small, it is mostly lost room.
      const box = size <= 48 ? '76 76 872 872' : '0 0 1024 1024';
      const svg = drawing.replace('viewBox="0 0 1024 1024"', `viewBox="${box}"`);
      await page.setViewportSize({ width: size, height: size });
      await page.setContent(
        `<style>html,body{margin:0;background:transparent}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
      );
      await page.screenshot({
        path: inProject('resources', 'icons', `${size}x${size}.png`),
        omitBackground: true,
      });
      say(`${size}x${size}.png`);
    }
  } finally {
    await browser.close();
  }
});
