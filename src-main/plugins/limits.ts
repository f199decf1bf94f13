/** How long and how much plugin code may. Time in ms, memory in MB. */
export interface PluginLimits {
  /** A calculation function. */
  readonly functionMs: number;
  /** Preparation, parsing and validation. */
  readonly stepMs: number;
  /** A workflow between two of its steps. */
  readonly workflowMs: number;
  readonly memoryMb: number;
  /** The pause after a thread that ended before it had loaded its plugins; twice as long after each further one. */
  readonly reloadMs: number;
}

export const defaultLimits: PluginLimits = {
  functionMs: 600_000,
  stepMs: 120_000,
  workflowMs: 20_000,
  memoryMb: 1024,
  reloadMs: 1000,
};
