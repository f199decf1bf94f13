import { prettyLabel } from '#renderer/model/band-path.ts';
import type { Filling, Gap } from './band-gap.ts';
import { kpointWords, type Bands } from './read-bands.ts';

const digits = (value: number): string => String(Number(value.toFixed(4))).replace('-', '−');

/** What the bands say of a gap, in a sentence with where it is and by what it was told. */
export function gapWords(gap: Gap, bands: Bands, filling: Filling): string {
  const unit = bands.units === '' ? '' : ` ${bands.units}`;
  const by = filling.kind === 'occupations' ? 'by the occupations' : 'by the Fermi level';
  const at = (point: number): string => kpointWords(bands, prettyLabel, point);
  if (gap.kind === 'metal') return `No band gap: bands cross the Fermi level or overlap (${by}).`;
  if (gap.kind === 'unknown') {
    if (gap.why === 'filling')
      return 'No band gap is said: neither occupations nor a Fermi level are stored.';
    return gap.why === 'no empty bands'
      ? `No band gap is said: no empty bands were calculated (${by}).`
      : `No band gap is said: no state is filled (${by}).`;
  }
  const spins =
    bands.spins > 1 && gap.top.spin !== gap.bottom.spin
      ? `, from ${bands.spinNames[gap.top.spin] ?? ''} to ${bands.spinNames[gap.bottom.spin] ?? ''}`
      : '';
  if (gap.direct)
    return `Direct band gap of ${digits(gap.size)}${unit} at ${at(gap.top.point)}${spins} (${by}).`;
  return (
    `Indirect band gap of ${digits(gap.size)}${unit}, from ${at(gap.top.point)} to ${at(gap.bottom.point)}${spins} (${by}); ` +
    `the least direct one is ${digits(gap.leastDirect.size)}${unit} at ${at(gap.leastDirect.point)}.`
  );
}
