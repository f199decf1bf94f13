import type { Component } from 'svelte';

/** An icon of `@lucide/svelte/icons/…`: import each by its own path, so that only those in use are shipped. */
export type Icon = Component<{ size?: number | string; strokeWidth?: number | string }>;
