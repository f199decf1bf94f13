import { norm, reciprocal, type Matrix } from '#shared/structure/cell.ts';
import type { Mesh } from './read-kpoints.ts';

const axes = ['b₁', 'b₂', 'b₃'] as const;

/**
 * What a mesh is, in words: how many points before symmetry, whether Γ is one of them, and how far they lie apart.
 * The offset is in parts of a step (aiida-core 2.9, `array/kpoints.py`: “offset in crystal coordinates of the mesh”).
 */
export function meshWords({ mesh, offset }: Mesh, cell: Matrix | null): string {
  const shifted = axes.filter((_, i) => (offset[i] ?? 0) !== 0);
  const half = offset.every((part) => part === 0 || part === 0.5);
  const where =
    shifted.length === 0
      ? 'Γ is one of its points.'
      : `It is shifted by ${half ? 'half a step' : `${offset.join(', ')} of a step`} along ${shifted.join(', ')}.`;
  const basis = cell === null ? null : reciprocal(cell);
  const steps = basis?.map((vector, i) => norm(vector) / Math.max(1, mesh[i] ?? 1)) ?? [];
  const apart =
    steps.length === 0
      ? ''
      : ` Its points lie ${steps.map((step) => step.toFixed(3)).join(', ')} Å⁻¹ apart along b₁, b₂, b₃.`;
  return `${where}${apart}`;
}
