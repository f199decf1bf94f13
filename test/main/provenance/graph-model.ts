/** What the database must allow and refuse, without a database: a model in memory, for random walks. */
import { linkRules, type LinkType } from '#shared/provenance/links.ts';

export type ModelKind = 'data' | 'calculation' | 'workflow';

export interface ModelNode {
  readonly kind: ModelKind;
  sealed: boolean;
  attributes: string;
}

export interface ModelLink {
  readonly source: number;
  readonly target: number;
  readonly type: LinkType;
  readonly label: string;
}

const isInput = (type: LinkType): boolean => type === 'input_calc' || type === 'input_work';
const isCall = (type: LinkType): boolean => type === 'call_calc' || type === 'call_work';
const isData = (type: LinkType): boolean => type === 'input_calc' || type === 'create';

export const ownerOf = (link: ModelLink): number => link[linkRules[link.type].owner];

export class GraphModel {
  readonly nodes = new Map<number, ModelNode>();
  links: ModelLink[] = [];

  /** Whether a link may come. */
  allows(link: ModelLink): boolean {
    const rule = linkRules[link.type];
    if (link.source === link.target) return false;
    if (this.nodes.get(link.source)?.kind !== rule.source) return false;
    if (this.nodes.get(link.target)?.kind !== rule.target) return false;
    if (this.nodes.get(ownerOf(link))?.sealed === true) return false;
    const clash = this.links.some((other) => {
      if (isInput(link.type))
        return isInput(other.type) && other.target === link.target && other.label === link.label;
      if (isCall(link.type)) return isCall(other.type) && other.target === link.target;
      if (link.type === 'create' && other.type === 'create' && other.target === link.target) return true;
      return other.type === link.type && other.source === link.source && other.label === link.label;
    });
    if (clash) return false;
    if (isData(link.type)) return !this.#leads(link.target, link.source, isData);
    return link.type !== 'call_work' || !this.#leads(link.target, link.source, isCall);
  }

  /** Whether nodes may go together with the links they own: no link may be left that leads to one of them. */
  mayGo(gone: ReadonlySet<number>): boolean {
    return this.links.every(
      (link) => gone.has(ownerOf(link)) || (!gone.has(link.source) && !gone.has(link.target)),
    );
  }

  /** AiiDA's rules for deletion that nobody can switch off. */
  closure(start: number): ReadonlySet<number> {
    const gone = new Set([start]);
    for (let before = 0; before !== gone.size;) {
      before = gone.size;
      for (const link of this.links) {
        if (gone.has(link.source) || gone.has(link.target)) gone.add(ownerOf(link));
      }
    }
    return gone;
  }

  remove(gone: ReadonlySet<number>): void {
    for (const id of gone) this.nodes.delete(id);
    this.links = this.links.filter((link) => !gone.has(ownerOf(link)));
  }

  #leads(from: number, to: number, follows: (type: LinkType) => boolean): boolean {
    const seen = new Set([from]);
    for (const node of seen) {
      if (node === to) return true;
      for (const link of this.links) if (link.source === node && follows(link.type)) seen.add(link.target);
    }
    return false;
  }
}
