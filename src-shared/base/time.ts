const two = (n: number): string => String(n).padStart(2, '0');

/**
 * A duration for people, from milliseconds: `00:31`, `02:14`, `1:02:14`, `3 d 04:10`.
 * Below a minute the form is still mm:ss, so that a counting cell does not change its width.
 */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const s = seconds % 60;
  const m = Math.floor(seconds / 60) % 60;
  const h = Math.floor(seconds / 3600) % 24;
  const d = Math.floor(seconds / 86400);
  if (d > 0) return `${d} d ${two(h)}:${two(m)}`;
  if (h > 0) return `${h}:${two(m)}:${two(s)}`;
  return `${two(m)}:${two(s)}`;
}

/** `3 s ago`, `5 min ago`, `2 h ago`, `4 d ago`, and the date beyond a month. Both in milliseconds. */
export function formatAgo(then: number, now: number): string {
  const seconds = Math.round((now - then) / 1000);
  if (seconds < 1) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.round(hours / 24);
  if (days < 31) return `${days} d ago`;
  return new Date(then).toISOString().slice(0, 10);
}

/** `2026-11-22 14:03:09` in the zone of this machine. */
export function formatLocal(ms: number): string {
  const d = new Date(ms);
  const date = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  return `${date} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}
