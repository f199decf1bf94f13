import { chromium, type Page } from 'playwright-core';
import { foldBySpec } from '#shared/graph/fold/fold-by-spec.ts';
import { unfolded } from '#shared/graph/fold/folded.ts';
import { defaultFold } from '#shared/graph/fold/spec.ts';
import { viewOf } from '#shared/graph/fold/view-of.ts';
import { fastLayout } from '#renderer/graph/layout/fast.ts';
import { framedLayout } from '#renderer/graph/layout/framed.ts';
import { sketch } from '#renderer/graph/scene.ts';
import type { FrameFigures } from '../renderer/graph/harness/frame-figures.ts';
import { chromiumPath } from '../support/chromium.ts';
import { serveHarness } from '../support/graph-harness.ts';
import { provenance } from '../support/graphs/random.ts';
import { isSmoke, measureTime, report, sized } from './measure.ts';

const sizes = isSmoke ? [100] : [100, 300, 1000, 10_000, 100_000];
const frameCount = sized(60, 5);
const framedSizes: ReadonlySet<number> = new Set([100, 300, 1000]);

for (const nodes of sizes) {
  const graph = provenance({ workflows: 0, calls: 4, seed: 11, nodes });
  const root = graph.uuid[graph.root] ?? '';
  const runs = nodes > 5000 ? 3 : 7;
  const words = nodes.toLocaleString('en-GB').replaceAll(',', ' ');
  await measureTime({ name: `fold ${words} nodes to the default view`, runs }, () => {
    // Columns of its own, because the index of a graph is kept with it.
    viewOf(foldBySpec({ ...graph }, { ...defaultFold, root, up: 1000, down: 1000 }).folded);
  });
  const everything = sketch(viewOf(unfolded(graph)), 'frames');
  if (framedSizes.has(nodes)) {
    await measureTime({ name: `framed layout of ${words} nodes, unfolded`, runs }, () =>
      framedLayout(everything.graph),
    );
  }
  await measureTime({ name: `fast layout of ${words} nodes, unfolded`, runs }, () =>
    fastLayout(everything.graph),
  );
}

if (chromiumPath === null) process.stderr.write('No Chromium: frames are not measured.\n');
else await measureInBrowser(chromiumPath);

async function measureInBrowser(executablePath: string): Promise<void> {
  const harness = await serveHarness();
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  await page.goto(`${harness.address}?frames`);
  await page.waitForFunction('window.measureFrames !== undefined');
  for (const nodes of sizes) {
    await frames(page, nodes, 'all');
    await frames(page, nodes, 1);
  }
  await browser.close();
  harness.close();
}

async function frames(page: Page, nodes: number, zoom: 'all' | number): Promise<void> {
  const asked = `window.measureFrames(${nodes}, ${JSON.stringify(zoom)}, ${frameCount})`;
  const { interval, paint, full } = await page.evaluate<FrameFigures>(asked);
  const where = `${nodes.toLocaleString('en-GB').replaceAll(',', ' ')} nodes, ${zoom === 'all' ? 'all in sight' : 'at zoom 1'}`;
  report({ name: `frame to frame, ${where}`, unit: 'ms', better: 'less', samples: interval });
  report({ name: `own part of a moving frame, ${where}`, unit: 'ms', better: 'less', samples: paint });
  report({ name: `painting everything anew, ${where}`, unit: 'ms', better: 'less', samples: full });
}
