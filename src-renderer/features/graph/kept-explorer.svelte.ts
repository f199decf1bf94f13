import { ensure } from '#shared/base/assert.ts';
import { levels, type Level } from '#shared/graph/fold/spec.ts';
import { addresses } from '#renderer/app/addresses.ts';
import type { AppContext } from '#renderer/app/context.ts';
import { defaultLooks } from '#renderer/graph/session.ts';
import { Explorer } from './explorer.svelte.ts';

interface Kept {
  readonly explorer: Explorer;
  readonly source: string;
  /** Ends what is derived from its state. */
  readonly end: () => void;
}

const kept = new WeakMap<AppContext, Kept>();

const isLevel = (text: string | null): text is Level => levels.some((level) => level === text);

/**
 * The explorer of this window. It outlives the page, which is made anew for each address: so the drawing glides from
 * node to node, the trail goes on, and who comes back finds everything as it was.
 */
export function keptExplorer(app: AppContext): Explorer {
  const { router } = app;
  const { source } = router;
  const asked = router.place.query.get('level');
  const steps = Number(router.place.query.get('steps'));
  const before = kept.get(app);
  if (before?.source === source) {
    const { explorer } = before;
    if (isLevel(asked) && asked !== explorer.looks.level) explorer.setLooks({ level: asked });
    return explorer;
  }
  before?.explorer.close();
  before?.end();
  const looks = { ...defaultLooks, ...(isLevel(asked) ? { level: asked } : {}) };
  const make = (): Explorer => new Explorer(hostIn(app, source), looks, steps > 0 ? steps : undefined);
  // What is derived inside a component ends with it: this lives longer.
  let explorer: Explorer | undefined;
  const end = $effect.root(() => {
    explorer = make();
  });
  const made = ensure(explorer, 'explorer');
  kept.set(app, { explorer: made, source, end });
  return made;
}

function hostIn({ router, core, selection, toaster, announcer }: AppContext, source: string) {
  // The way the graph is read stays when another node is looked at.
  const reading = (): string | undefined => router.place.query.get('as') ?? undefined;
  return {
    load: ({ uuid, up, down, limit }, signal) =>
      core.call('graph.around', { source, uuid, up, down, limit }, signal),
    onRecentre: (uuid) => router.go(router.href(addresses.graph, { uuid }, { as: reading() })),
    onOpenPage: (uuid, isProcess) =>
      router.go(router.href(isProcess ? addresses.process : addresses.node, { uuid })),
    onSelect: (uuid) => selection.only(uuid),
    onError: (thrown) => toaster.fail(thrown),
    say: (words) => announcer.say(words),
  } satisfies ConstructorParameters<typeof Explorer>[0];
}
