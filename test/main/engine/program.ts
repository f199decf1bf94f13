/** A small language of workflows, so that chance can write them. */
export type Program =
  /** A calculation function that adds. */
  | { readonly do: 'add'; readonly n: number }
  /** A calculation job that adds. */
  | { readonly do: 'job'; readonly n: number }
  /** A step that ends with exit status 410. */
  | { readonly do: 'fail' }
  /** A call that the engine refuses, because an input is missing. */
  | { readonly do: 'refused' }
  /** A file is made, and the code reads it. */
  | { readonly do: 'file'; readonly text: string }
  | { readonly do: 'report'; readonly text: string }
  | { readonly do: 'sleep'; readonly ms: number }
  /** A number that is drawn, and given to a step. */
  | { readonly do: 'now' | 'random' }
  | { readonly do: 'sequence'; readonly body: readonly Program[] }
  | { readonly do: 'all' | 'settled'; readonly body: readonly Program[] }
  /** The first of them goes on; which one that is must not change. */
  | { readonly do: 'race'; readonly body: readonly Program[] }
  /** Again until the value has grown by so much. */
  | { readonly do: 'while'; readonly grow: number; readonly body: Program }
  | { readonly do: 'try'; readonly body: Program; readonly rescue: Program }
  | { readonly do: 'sub'; readonly body: Program; readonly allowFailure: boolean };

/** Whether it may throw. */
export function mayThrow(program: Program): boolean {
  switch (program.do) {
    case 'fail':
    case 'refused':
      return true;
    case 'sequence':
    case 'all':
    case 'race':
      return program.body.some(mayThrow);
    case 'while':
      return mayThrow(program.body);
    case 'try':
      return mayThrow(program.rescue);
    case 'sub':
      return !program.allowFailure && mayThrow(program.body);
    default:
      return false;
  }
}
