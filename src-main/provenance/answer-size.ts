/**
 * Whether the texts in an answer have more characters than `most`. An answer that is made of a stranger's values is
 * looked at before it leaves the process that may die. Numbers in typed arrays are ours, and few for each row.
 */
export function hasMoreText(answer: unknown, most: number): boolean {
  let left = most;
  const todo: unknown[] = [answer];
  while (todo.length > 0) {
    const value = todo.pop();
    if (typeof value === 'string') left -= value.length;
    else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      for (const [key, part] of Object.entries(value)) {
        left -= key.length;
        todo.push(part);
      }
    }
    if (left < 0) return true;
  }
  return false;
}
