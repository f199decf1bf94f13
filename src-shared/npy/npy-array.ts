import { elementType, type ElementType } from './element-types.ts';
import { readNpyHeader, type NpyHeader } from './header.ts';

/**
 * An array of an .npy file, read from its bytes where it is looked at. Elements are counted as NumPy prints them, the last
 * index fastest, whatever their order in the file.
 */
export class NpyArray {
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly dtype: string;
  /** Of all elements that the shape promises. */
  readonly length: number;
  /** How many of them are in the bytes at hand: fewer where only the beginning of the file was read. */
  readonly stored: number;
  readonly #view: DataView;
  /** For each index, by how many elements a step of it moves in the file; null where that is the usual way. */
  readonly #strides: readonly number[] | null;

  /**
   * @param bytes the file, or its beginning
   * @throws StemmaError `npy-bad`, `npy-type`
   */
  constructor(bytes: Uint8Array);
  /** @param part elements of the file without its head, and what is said of them instead of it */
  constructor(bytes: Uint8Array, part: Pick<NpyHeader, 'dtype' | 'shape' | 'fortranOrder'>);
  constructor(bytes: Uint8Array, part?: Pick<NpyHeader, 'dtype' | 'shape' | 'fortranOrder'>) {
    const { dtype, shape, fortranOrder, start } =
      part === undefined ? readNpyHeader(bytes) : { ...part, start: 0 };
    this.dtype = dtype;
    this.shape = shape;
    this.type = elementType(dtype);
    this.length = shape.reduce((product, size) => product * size, 1);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
    const fitting = this.type.bytes === 0 ? this.length : Math.floor(this.#view.byteLength / this.type.bytes);
    this.stored = Math.min(this.length, fitting);
    this.#strides = fortranOrder && shape.length > 1 ? columnStrides(shape) : null;
  }

  /** Whether every element can be read. */
  get whole(): boolean {
    return this.stored === this.length;
  }

  /** Where element `index` lies in the file, counted in elements. */
  #place(index: number): number {
    if (this.#strides === null) return index;
    let rest = index;
    let place = 0;
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      const size = this.shape[axis] ?? 1;
      place += (rest % size) * (this.#strides[axis] ?? 0);
      rest = Math.floor(rest / size);
    }
    return place;
  }

  #isStored(place: number): boolean {
    return Number.isInteger(place) && place >= 0 && place < this.stored;
  }

  /** Whether element `index` is in the bytes at hand. */
  has(index: number): boolean {
    return index >= 0 && index < this.length && this.#isStored(this.#place(index));
  }

  /** NaN where it is no number, or not at hand. */
  number(index: number): number {
    const place = this.#place(index);
    return this.#isStored(place) ? this.type.number(this.#view, place * this.type.bytes) : NaN;
  }

  /** The elements at hand in the order of the file, whatever the shape promises. NaN where it is no number. */
  *storedNumbers(): Generator<number> {
    if (this.type.bytes === 0) return;
    for (let place = 0; place < this.stored; place++) {
      yield this.type.number(this.#view, place * this.type.bytes);
    }
  }

  /** Exactly; empty where it is not at hand. */
  text(index: number): string {
    const place = this.#place(index);
    return this.#isStored(place) ? this.type.text(this.#view, place * this.type.bytes) : '';
  }
}

function columnStrides(shape: readonly number[]): readonly number[] {
  let stride = 1;
  return shape.map((size) => {
    const own = stride;
    stride *= size;
    return own;
  });
}
