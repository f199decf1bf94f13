import { operationalError } from '#shared/base/errors.ts';
import { toDot } from '#shared/graph/text/dot.ts';
import { toMermaid } from '#shared/graph/text/mermaid.ts';
import { CanvasPen } from '#renderer/graph/canvas-pen.ts';
import { fullDetail } from '#renderer/graph/detail.ts';
import { exportSvg } from '#renderer/graph/export-svg.ts';
import { paint } from '#renderer/graph/paint/paint.ts';
import { noEmphasis } from '#renderer/graph/paint/picture.ts';
import type { Explorer } from './explorer.svelte.ts';
import { pagePalette } from './page-palette.svelte.ts';

const margin = 28;
/** Pixels of the file for each pixel of the drawing, and the longest side that every browser can still make. */
const pngScale = 2;
const longestSide = 16_000;

const titleOf = (explorer: Explorer): string => `Provenance of ${explorer.nameOf(explorer.session.root)}`;

const fileName = (explorer: Explorer, extension: string): string => {
  const name = explorer.nameOf(explorer.session.root).replaceAll(/[^\w.-]+/g, '-');
  return `${name}-${explorer.session.root.slice(0, 8)}.${extension}`;
};

/** The whole drawing as it is folded now, whatever part of it is on the screen. */
export function saveSvg(explorer: Explorer): void {
  if (explorer.scene === null) return;
  const text = exportSvg(explorer.scene, pagePalette.value, {
    title: titleOf(explorer),
    colour: plainColour(),
  });
  download(new Blob([text], { type: 'image/svg+xml' }), fileName(explorer, 'svg'));
}

/** @throws StemmaError `too-large` where the browser cannot make a picture of that size */
export async function savePng(explorer: Explorer): Promise<void> {
  const { scene } = explorer;
  if (scene === null) return;
  const [width, height] = [scene.layout.right + 2 * margin, scene.layout.bottom + 2 * margin];
  const scale = Math.min(pngScale, longestSide / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const context = canvas.getContext('2d', { alpha: false });
  const palette = pagePalette.value;
  if (context !== null) {
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.setTransform(scale, 0, 0, scale, margin * scale, margin * scale);
    const window = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
    const pen = new CanvasPen(context, palette.sans);
    paint(pen, { scene, boxes: scene.layout, palette, emphasis: noEmphasis, detail: fullDetail, window });
  }
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (blob === null) {
    throw operationalError({
      code: 'too-large',
      message: 'The graph is too large for a PNG file.',
      hint: 'Save it as SVG, or look at fewer steps.',
    });
  }
  download(blob, fileName(explorer, 'png'));
}

const shownNodes = (explorer: Explorer): readonly number[] => [...(explorer.scene?.view.node ?? [])];

/** What is drawn as Graphviz DOT, into the clipboard. @throws DOMException where the browser forbids that */
export async function copyDot(explorer: Explorer): Promise<void> {
  const graph = explorer.scene?.view.folded.graph;
  if (graph !== undefined) await navigator.clipboard.writeText(toDot(graph, shownNodes(explorer)));
}

/** What is drawn as Mermaid, into the clipboard. @throws DOMException where the browser forbids that */
export async function copyMermaid(explorer: Explorer): Promise<void> {
  const graph = explorer.scene?.view.folded.graph;
  if (graph !== undefined) await navigator.clipboard.writeText(toMermaid(graph, shownNodes(explorer)));
}

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // After the click was taken up.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** OKLCH as the hexadecimal sRGB that every reader of SVG knows: a canvas of one pixel converts it. */
function plainColour(): (colour: string) => string {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const known = new Map<string, string>();
  return (colour) => {
    const before = known.get(colour);
    if (before !== undefined || context === null) return before ?? colour;
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
    const plain = `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
    known.set(colour, plain);
    return plain;
  };
}
