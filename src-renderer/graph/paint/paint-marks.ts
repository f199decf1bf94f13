import { type Pen, roundRect } from '../pen.ts';
import { stubsOf } from '../stubs.ts';
import { nodeOutline } from './paint-nodes.ts';
import { dimmed, isSeen, Lit, type Picture } from './picture.ts';

/** Dots where lines cross the border of a frame: there data becomes the workflow's input or output. */
export function paintGates(pen: Pen, { scene, palette, boxes, detail, window, emphasis }: Picture): void {
  const { layout } = scene;
  if (!detail.heads || boxes !== layout) return;
  pen.draw(
    {
      fill: palette.ground,
      stroke: palette.kind.workflow,
      width: 1.2,
      alpha: emphasis.nodes === null ? 0.9 : 0.4,
    },
    (path) => {
      for (let k = 0; k < layout.gates.length; k += 3) {
        const [x, y] = [layout.gates[k] as number, layout.gates[k + 1] as number];
        if (isSeen(window, x, y, 0, 0)) path.circle(x, y, 3.2);
      }
    },
  );
}

/** Counts of what is not drawn. */
export function paintStubs(pen: Pen, picture: Picture): void {
  const { scene, boxes, palette, emphasis, detail, window } = picture;
  if (detail.text !== 'all') return;
  for (let at = 0; at < scene.faces.length; at++) {
    if ((scene.view.stubIn[at] as number) + (scene.view.stubOut[at] as number) === 0) continue;
    if (
      !isSeen(
        window,
        boxes.x[at] as number,
        boxes.y[at] as number,
        boxes.width[at] as number,
        boxes.height[at] as number,
      )
    )
      continue;
    const dim = emphasis.nodes !== null && emphasis.nodes[at] === Lit.no;
    const alpha = dim ? dimmed.node : 1;
    for (const stub of stubsOf(scene, boxes, at)) {
      const tail = stub.side === 'in' ? stub.x + stub.width : stub.x;
      const border =
        stub.side === 'in' ? (boxes.x[at] as number) : (boxes.x[at] as number) + (boxes.width[at] as number);
      pen.draw({ stroke: palette.lineStrong, width: 1.2, dash: [2, 2], alpha }, (path) => {
        path.moveTo(tail, stub.y + stub.height / 2);
        path.lineTo(border, stub.y + stub.height / 2);
      });
      pen.draw({ fill: palette.panel, stroke: palette.lineStrong, width: 1, alpha }, (path) =>
        roundRect(path, stub.x, stub.y, stub.width, stub.height, stub.height / 2),
      );
      pen.text(stub.words, stub.x + stub.width / 2, stub.y + stub.height / 2, {
        size: 10.5,
        weight: 550,
        colour: palette.textSoft,
        align: 'middle',
        alpha,
      });
    }
  }
}

/** The ring around what is selected, and the quiet one around the node that all this is about. */
export function paintRings(pen: Pen, picture: Picture): void {
  const { emphasis, palette } = picture;
  if (emphasis.root !== emphasis.selected)
    ring(pen, picture, emphasis.root, palette.textFaint, 3.5, 1.2, [3, 3]);
  const colour = emphasis.focused ? palette.focus : palette.accent;
  ring(pen, picture, emphasis.selected, colour, 3.5, emphasis.focused ? 2.5 : 1.8, []);
}

function ring(
  pen: Pen,
  { scene, boxes, detail }: Picture,
  at: number,
  stroke: string,
  off: number,
  width: number,
  dash: readonly number[],
): void {
  const face = scene.faces[at];
  if (face === undefined) return;
  // Far away the ring stays as thick on the screen, so that the selection is never lost.
  const scale = Math.max(1, 0.6 / detail.zoom);
  const gap = off * scale;
  const [x, y] = [(boxes.x[at] as number) - gap, (boxes.y[at] as number) - gap];
  const [w, h] = [(boxes.width[at] as number) + 2 * gap, (boxes.height[at] as number) + 2 * gap];
  pen.draw({ stroke, width: width * scale, dash: dash.map((length) => length * scale) }, (path) => {
    if ((scene.layout.frame[at] as number) > 0) roundRect(path, x, y, w, h, 10 + gap);
    else if (face.kind === 'calculation') roundRect(path, x, y, w, h, 5 + gap);
    else nodeOutline(path, face, x, y, w, h);
  });
}
