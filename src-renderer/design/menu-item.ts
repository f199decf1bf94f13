import type { Icon } from './icon.ts';

export type MenuEntry =
  | {
      readonly kind: 'item';
      readonly label: string;
      readonly icon?: Icon;
      readonly keys?: string;
      readonly danger?: boolean;
      readonly disabled?: boolean;
      readonly run: () => void;
    }
  | { readonly kind: 'check'; readonly label: string; readonly checked: boolean; readonly run: () => void }
  | { readonly kind: 'heading'; readonly label: string }
  | { readonly kind: 'separator' };
