/** What part of the drawing is on the screen: screen = drawing * zoom + (x, y), in CSS pixels. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** A rectangle of the drawing, in its pixels at zoom 1. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Screen {
  /** CSS pixels, as the next one. */
  readonly width: number;
  readonly height: number;
}

export const zoomLimits = { least: 0.01, most: 3 } as const;

/** The part of the drawing that is seen. */
export const windowOf = (camera: Camera, screen: Screen): Area => ({
  left: -camera.x / camera.zoom,
  top: -camera.y / camera.zoom,
  right: (screen.width - camera.x) / camera.zoom,
  bottom: (screen.height - camera.y) / camera.zoom,
});

/** The point of the drawing under (x, y) of the screen. */
export const toDrawing = (camera: Camera, x: number, y: number): readonly [number, number] => [
  (x - camera.x) / camera.zoom,
  (y - camera.y) / camera.zoom,
];

/** Changes the zoom and leaves the point of the drawing under (x, y) of the screen where it is. */
export function zoomAbout(camera: Camera, zoom: number, x: number, y: number): Camera {
  const next = clampZoom(zoom);
  const [px, py] = toDrawing(camera, x, y);
  return { zoom: next, x: x - px * next, y: y - py * next };
}

const clampZoom = (zoom: number): number => Math.min(zoomLimits.most, Math.max(zoomLimits.least, zoom));

/** Shows an area as large as it fits with a margin around it, but no larger than `most`. */
export function fit(area: Area, screen: Screen, most = 1.25, margin = 40): Camera {
  const width = Math.max(1, area.right - area.left);
  const height = Math.max(1, area.bottom - area.top);
  const zoom = clampZoom(
    Math.min(most, (screen.width - 2 * margin) / width, (screen.height - 2 * margin) / height),
  );
  return {
    zoom,
    x: (screen.width - (area.left + area.right) * zoom) / 2,
    y: (screen.height - (area.top + area.bottom) * zoom) / 2,
  };
}

/** Below this zoom only names can be read; a drawing that would open smaller than that opens at its root. */
const readable = 0.6;

/**
 * Where a drawing opens: all of it while it can be read, else around its root. A root that is wider than the screen
 * is shown from its beginning.
 */
export function opening(all: Area, root: Area, screen: Screen): Camera {
  const whole = fit(all, screen);
  if (whole.zoom >= readable) return whole;
  const zoom = Math.max(readable + 0.15, whole.zoom);
  const margin = 40;
  const wide = (root.right - root.left) * zoom > screen.width - 2 * margin;
  const tall = (root.bottom - root.top) * zoom > screen.height - 2 * margin;
  const fits = (all.bottom - all.top) * zoom <= screen.height - 2 * margin;
  const middle = fits ? (all.top + all.bottom) / 2 : (root.top + root.bottom) / 2;
  // Some of what leads to the root is seen too.
  const before = Math.min(all.left === root.left ? 0 : 180, (root.left - all.left) * zoom);
  const x = wide ? margin + before - root.left * zoom : (screen.width - (root.left + root.right) * zoom) / 2;
  const y = tall && !fits ? margin - root.top * zoom : screen.height / 2 - middle * zoom;
  return {
    zoom,
    x: filled(x, all.left * zoom, all.right * zoom, screen.width, margin),
    y: filled(y, all.top * zoom, all.bottom * zoom, screen.height, margin),
  };
}

/** The offset, moved so that no border of the drawing stands further inside of the screen than it must. */
function filled(offset: number, from: number, to: number, size: number, margin: number): number {
  if (to - from <= size - 2 * margin) return offset;
  return Math.min(margin - from, Math.max(size - margin - to, offset));
}

/** The camera that shows the area with as little movement as possible; the same one where it is in sight. */
export function reveal(camera: Camera, area: Area, screen: Screen, margin = 48): Camera {
  const shift = (from: number, to: number, size: number, offset: number): number => {
    const [low, high] = [from * camera.zoom + offset, to * camera.zoom + offset];
    // What stands exactly at the margin after a movement is in sight, whatever the rounding.
    if (low >= margin - 1e-6 && high <= size - margin + 1e-6) return offset;
    // What is larger than the screen begins at the margin.
    if (high - low > size - 2 * margin || low < margin) return offset + margin - low;
    return offset + size - margin - high;
  };
  return {
    zoom: camera.zoom,
    x: shift(area.left, area.right, screen.width, camera.x),
    y: shift(area.top, area.bottom, screen.height, camera.y),
  };
}

/** Equal to the eye: the same zoom, within half a pixel. */
export const sameCamera = (a: Camera, b: Camera): boolean =>
  a.zoom === b.zoom && Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5;
