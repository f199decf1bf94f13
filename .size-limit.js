import { readFileSync, readdirSync } from 'node:fs';

const renderer = 'out/renderer';
const page = readFileSync(`${renderer}/index.html`, 'utf8');
/** What the page loads before it shows anything: its script and what that imports at once. */
const initial = [...page.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.js)"/g)].map(([, file]) => file);
const scripts = readdirSync(`${renderer}/assets`)
  .filter((file) => file.endsWith('.js'))
  .map((file) => `assets/${file}`);
const inRenderer = (files) => files.map((file) => `${renderer}/${file}`);

/** Structures in 3D: three, which comes when the first of them is drawn, and for nothing else. */
const isScene = (file) => file.startsWith('assets/webgl-scene-');

export default [
  {
    name: 'renderer, before anything shows (gzip)',
    path: inRenderer(initial),
    limit: '350 kB',
    gzip: true,
  },
  {
    name: 'renderer, loaded when it is needed: viewers, layout, … (gzip)',
    path: inRenderer(scripts.filter((file) => !initial.includes(file) && !isScene(file))),
    limit: '420 kB',
    gzip: true,
  },
  {
    name: 'renderer, structures in 3D (gzip)',
    path: inRenderer(scripts.filter(isScene)),
    limit: '150 kB',
    gzip: true,
  },
  { name: 'styles (gzip)', path: `${renderer}/assets/*.css`, limit: '60 kB', gzip: true },
  { name: 'core, shells and workers', path: 'out/main/*.js', limit: '5 MB', gzip: false, brotli: false },
];
