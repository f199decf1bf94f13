import {
  Color,
  CylinderGeometry,
  DirectionalLight,
  Group,
  HemisphereLight,
  InstancedMesh,
  Matrix4,
  MeshBasicMaterial,
  MeshPhongMaterial,
  OrthographicCamera,
  PerspectiveCamera,
  Quaternion,
  Scene,
  SphereGeometry,
  Vector3,
  WebGLRenderer,
} from 'three';
import type { Vector } from '#shared/structure/cell.ts';
import { eye, scaleOf, type Camera, type Size } from './camera.ts';
import type { Picture, Slice } from './picture.ts';
import { axisColours, edgeColour } from './axis-colours.ts';

const bondRadius = 0.09;
const edgeRadius = 0.025;
/** Beyond this many atoms a ball of fewer faces looks the same. */
const fineBalls = 4000;

interface Rod {
  readonly from: Vector;
  readonly to: Vector;
  readonly colour: string;
}

/** Draws a picture with WebGL. It draws only when it is told to: nothing moves by itself. */
export class WebglScene {
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #content = new Group();
  readonly #perspective = new PerspectiveCamera();
  readonly #orthographic = new OrthographicCamera();
  #picture: Picture | null = null;

  constructor(canvas: HTMLCanvasElement, context: WebGL2RenderingContext) {
    this.#renderer = new WebGLRenderer({ canvas, context, antialias: true, alpha: true });
    this.#renderer.setClearColor(0, 0);
    const light = new DirectionalLight(0xff_ff_ff, 1.9);
    light.position.set(0.4, 0.7, 1);
    this.#scene.add(new HemisphereLight(0xff_ff_ff, 0x9a_9a_a6, 1.7), light, this.#content);
    this.#content.matrixAutoUpdate = false;
  }

  show(picture: Picture): void {
    this.#picture = picture;
    this.#clear();
    for (const mesh of balls(picture)) this.#content.add(mesh);
    const bonds = picture.bonds.flatMap(([i, j]) => halves(picture, i, j));
    this.#content.add(
      rods(bonds, bondRadius, new MeshPhongMaterial({ shininess: 30, specular: 0x22_22_22 })),
    );
    const edges = picture.edges.map(({ from, to, axis }) => ({
      from,
      to,
      colour: axis === null ? edgeColour : axisColours[axis],
    }));
    this.#content.add(rods(edges, edgeRadius * Math.max(1, picture.radius / 12), new MeshBasicMaterial()));
  }

  draw(camera: Camera, size: Size, pixelRatio: number): void {
    const picture = this.#picture;
    if (picture === null || size.width < 1 || size.height < 1) return;
    this.#renderer.setPixelRatio(pixelRatio);
    this.#renderer.setSize(size.width, size.height, false);
    const [right, up, towards] = camera.turn;
    this.#content.matrix
      .set(...right, 0, ...up, 0, ...towards, 0, 0, 0, 0, 1)
      .multiply(new Matrix4().makeTranslation(...scaled(picture.centre, -1)));
    this.#content.matrixWorldNeedsUpdate = true;
    this.#renderer.render(this.#scene, this.#eyeOf(camera, size, picture.radius));
  }

  /** Frees what the graphics card holds for it. */
  dispose(): void {
    this.#clear();
    this.#renderer.dispose();
  }

  #eyeOf(camera: Camera, { width, height }: Size, radius: number): PerspectiveCamera | OrthographicCamera {
    const far = eye * radius;
    const half = height / 2 / scaleOf(camera, { width, height }, radius);
    const chosen = camera.perspective ? this.#perspective : this.#orthographic;
    if (chosen instanceof PerspectiveCamera) {
      chosen.fov = (Math.atan(half / far) * 360) / Math.PI;
      chosen.aspect = width / height;
    } else {
      chosen.left = (-half * width) / height;
      chosen.right = (half * width) / height;
      chosen.top = half;
      chosen.bottom = -half;
    }
    chosen.position.set(0, 0, far);
    chosen.near = far - radius * 1.2;
    chosen.far = far + radius * 1.2;
    // Also brings the projection up to date.
    chosen.setViewOffset(width, height, -camera.pan[0], -camera.pan[1], width, height);
    return chosen;
  }

  #clear(): void {
    for (const child of this.#content.children) {
      if (child instanceof InstancedMesh) {
        child.geometry.dispose();
        const { material } = child;
        if (!Array.isArray(material)) material.dispose();
        child.dispose();
      }
    }
    this.#content.clear();
  }
}

const scaled = ([x, y, z]: Vector, by: number): [number, number, number] => [x * by, y * by, z * by];

/** One mesh for each slice that occurs: atoms of all kinds that have it are its instances. */
function balls({ atoms, looks }: Picture): readonly InstancedMesh[] {
  const groups = new Map<string, { readonly slice: Slice; readonly atoms: number[] }>();
  for (const [i, atom] of atoms.entries()) {
    for (const slice of looks[atom.look]?.slices ?? []) {
      const key = `${slice.colour} ${slice.from} ${slice.to}`;
      const group = groups.get(key) ?? { slice, atoms: [] };
      group.atoms.push(i);
      groups.set(key, group);
    }
  }
  const [segments, rings] = atoms.length > fineBalls ? [14, 9] : [32, 20];
  const matrix = new Matrix4();
  return [...groups.values()].map(({ slice, atoms: members }) => {
    const turn = 2 * Math.PI;
    const width = (slice.to - slice.from) * turn;
    const geometry = new SphereGeometry(1, segments, rings, slice.from * turn, width);
    const material = new MeshPhongMaterial({ color: slice.colour, shininess: 55, specular: 0x33_33_33 });
    const mesh = new InstancedMesh(geometry, material, members.length);
    mesh.frustumCulled = false;
    for (const [k, i] of members.entries()) {
      const atom = atoms[i];
      if (atom === undefined) continue;
      const radius = looks[atom.look]?.radius ?? 0;
      mesh.setMatrixAt(k, matrix.makeScale(radius, radius, radius).setPosition(...atom.position));
    }
    return mesh;
  });
}

/** Each half has the colour of its atom. */
function halves({ atoms, looks }: Picture, i: number, j: number): readonly Rod[] {
  const [a, b] = [atoms[i], atoms[j]];
  if (a === undefined || b === undefined) return [];
  const middle = scaled(
    [a.position[0] + b.position[0], a.position[1] + b.position[1], a.position[2] + b.position[2]],
    0.5,
  );
  return [a, b].map(({ position, look }) => ({
    from: position,
    to: middle,
    colour: looks[look]?.colour ?? '#888888',
  }));
}

function rods(
  all: readonly Rod[],
  radius: number,
  material: MeshPhongMaterial | MeshBasicMaterial,
): InstancedMesh {
  const mesh = new InstancedMesh(new CylinderGeometry(radius, radius, 1, 10, 1, true), material, all.length);
  mesh.frustumCulled = false;
  const matrix = new Matrix4();
  const turn = new Quaternion();
  const upright = new Vector3(0, 1, 0);
  const colours = new Map<string, Color>();
  for (const [i, { from, to, colour }] of all.entries()) {
    const way = new Vector3(...to).sub(new Vector3(...from));
    const length = way.length();
    turn.setFromUnitVectors(upright, way.divideScalar(length || 1));
    const middle = new Vector3(...from).addScaledVector(way, length / 2);
    mesh.setMatrixAt(i, matrix.compose(middle, turn, new Vector3(1, length, 1)));
    const known = colours.get(colour) ?? new Color(colour);
    colours.set(colour, known);
    mesh.setColorAt(i, known);
  }
  return mesh;
}
