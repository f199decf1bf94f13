import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
  // On the whole second, so that all counters on a page change together.
  let timer = setTimeout(tick, 1000 - (Date.now() % 1000));
  function tick(): void {
    update();
    timer = setTimeout(tick, 1000 - (Date.now() % 1000));
  }
  return () => clearTimeout(timer);
});

/** The time in milliseconds. What reads it while it renders is rendered again every second; no one reads, no timer. */
export function now(): number {
  subscribe();
  return Date.now();
}
