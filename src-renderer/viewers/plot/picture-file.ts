import { operationalError } from '#shared/base/errors.ts';
import { escapeXml } from '#renderer/graph/svg-pen.ts';
import { paperColour, textEdge, type Picture, type Role, type Shape } from './shapes.ts';

const family = "'Inter Variable', Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif";
/** Pixels of a PNG for each pixel of the picture: enough for print in a column. */
const pngScale = 3;

const n = (value: number): string => String(Math.round(value * 100) / 100);

function elementOf(shape: Shape): string {
  if (shape.kind === 'text') {
    const turned = shape.turned ? ` transform="rotate(-90 ${n(shape.x)} ${n(shape.y)})"` : '';
    const edge = shape.edged
      ? ` stroke="${paperColour('ground')}" stroke-width="${textEdge}" stroke-linejoin="round" paint-order="stroke"`
      : '';
    return (
      `<text x="${n(shape.x)}" y="${n(shape.y)}" font-size="${n(shape.size)}" fill="${paperColour(shape.role)}" ` +
      `text-anchor="${shape.align}"${edge}${turned}>${escapeXml(shape.text)}</text>`
    );
  }
  const fill = shape.fill === null ? 'none' : paperColour(shape.fill);
  const stroke =
    shape.stroke === null ? '' : ` stroke="${paperColour(shape.stroke)}" stroke-width="${n(shape.width)}"`;
  const dash = shape.dash.length === 0 ? '' : ` stroke-dasharray="${shape.dash.join(' ')}"`;
  const alpha = shape.alpha === 1 ? '' : ` fill-opacity="${n(shape.alpha)}"`;
  const clip = shape.clipped ? ' clip-path="url(#inner)"' : '';
  return `<path d="${shape.d}" fill="${fill}"${alpha}${stroke}${dash} stroke-linejoin="round"${clip}/>`;
}

/** The picture as an SVG file that needs nothing else: plain colours on white, fonts by name. */
export function svgOf({ width, height, inner, shapes }: Picture, title: string): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `font-family="${escapeXml(family)}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<defs><clipPath id="inner"><rect x="${n(inner.x)}" y="${n(inner.y)}" width="${n(inner.w)}" height="${n(inner.h)}"/></clipPath></defs>`,
    `<rect width="100%" height="100%" fill="${paperColour('ground')}"/>`,
    ...shapes.map(elementOf),
    '</svg>',
    '',
  ].join('\n');
}

const outlineOf = (d: string): Path2D => new Path2D(d);

/** Draws on a canvas; of the shapes those that are wanted. */
export function drawShapes(
  context: CanvasRenderingContext2D,
  picture: Picture,
  shapes: readonly Shape[],
  colour: (role: Role) => string,
): void {
  for (const shape of shapes) {
    context.save();
    if (shape.kind === 'text') {
      context.translate(shape.x, shape.y);
      if (shape.turned) context.rotate(-Math.PI / 2);
      context.font = `${shape.size}px ${family}`;
      context.textAlign = shape.align === 'middle' ? 'center' : shape.align;
      if (shape.edged) {
        context.strokeStyle = colour('ground');
        context.lineWidth = textEdge;
        context.lineJoin = 'round';
        context.strokeText(shape.text, 0, 0);
      }
      context.fillStyle = colour(shape.role);
      context.fillText(shape.text, 0, 0);
    } else {
      if (shape.clipped) {
        const { x, y, w, h } = picture.inner;
        context.beginPath();
        context.rect(x, y, w, h);
        context.clip();
      }
      const outline = outlineOf(shape.d);
      if (shape.fill !== null) {
        context.globalAlpha = shape.alpha;
        context.fillStyle = colour(shape.fill);
        context.fill(outline);
        context.globalAlpha = 1;
      }
      if (shape.stroke !== null) {
        context.strokeStyle = colour(shape.stroke);
        context.lineWidth = shape.width;
        context.lineJoin = 'round';
        context.setLineDash([...shape.dash]);
        context.stroke(outline);
      }
    }
    context.restore();
  }
}

/** @throws StemmaError `too-large` where the browser cannot make a picture of that size */
export async function pngOf(picture: Picture): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(picture.width * pngScale);
  canvas.height = Math.ceil(picture.height * pngScale);
  const context = canvas.getContext('2d', { alpha: false });
  if (context !== null) {
    context.fillStyle = paperColour('ground');
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(pngScale, pngScale);
    drawShapes(context, picture, picture.shapes, paperColour);
  }
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (blob !== null && context !== null) return blob;
  throw operationalError({
    code: 'too-large',
    message: 'The plot is too large for a PNG file.',
    hint: 'Save it as SVG, or make the window smaller.',
  });
}
