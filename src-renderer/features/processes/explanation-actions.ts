import Ban from '@lucide/svelte/icons/ban';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import FileDiff from '@lucide/svelte/icons/file-diff';
import FileText from '@lucide/svelte/icons/file-text';
import KeyRound from '@lucide/svelte/icons/key-round';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import RotateCw from '@lucide/svelte/icons/rotate-cw';
import ScanSearch from '@lucide/svelte/icons/scan-search';
import Server from '@lucide/svelte/icons/server';
import StepForward from '@lucide/svelte/icons/step-forward';
import type { Explanation } from '#shared/contract/areas/processes.ts';
import type { Icon } from '#renderer/design/icon.ts';

export type ExplanationAction = Explanation['actions'][number];

/** What the buttons of an explanation say; `changes` marks those that a read-only source refuses. */
export const actionLooks: Readonly<
  Record<ExplanationAction, { readonly label: string; readonly icon: Icon; readonly changes: boolean }>
> = {
  'retry-now': { label: 'Try again now', icon: RefreshCw, changes: true },
  pause: { label: 'Pause', icon: Pause, changes: true },
  'resume-computer': { label: 'Resume the computer', icon: Play, changes: true },
  'show-files': { label: 'Look at its output', icon: FileText, changes: false },
  'show-code': { label: 'Show what changed', icon: FileDiff, changes: false },
  play: { label: 'Play', icon: Play, changes: true },
  kill: { label: 'Kill…', icon: Ban, changes: true },
  'open-computer': { label: 'Open the computer', icon: Server, changes: false },
  'sign-in': { label: 'Sign in', icon: KeyRound, changes: true },
  'assume-lost': { label: 'Give it up as lost', icon: CircleHelp, changes: true },
  'look-again': { label: 'Look again for the job', icon: ScanSearch, changes: true },
  resume: { label: 'Resume from the failed step…', icon: StepForward, changes: true },
  'launch-again': { label: 'Launch again…', icon: RotateCw, changes: true },
};
