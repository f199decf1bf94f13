import { onMount } from 'svelte';
import { useApp } from '../context.ts';
import type { Command } from './command.ts';

/** Commands that are there as long as the component is. Called while it is made. */
export function useCommands(scope: () => readonly Command[]): void {
  const { commands } = useApp();
  onMount(() => commands.add(scope));
}
