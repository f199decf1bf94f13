import type { Attachment } from 'svelte/attachments';

/**
 * Calls back with the name (`data-field`) of each field of a form that was left. While the pointer is down it waits for
 * its release: a message that appeared at once would move what is being clicked away from under the pointer, and the
 * click would be lost.
 */
export function fieldsLeft(onleave: (field: string) => void): Attachment<HTMLElement> {
  return (form) => {
    let isDown = false;
    let waiting: string[] = [];
    const tell = (): void => {
      const fields = waiting;
      waiting = [];
      for (const field of fields) onleave(field);
    };
    const onDown = (): void => {
      isDown = true;
    };
    const onUp = (): void => {
      isDown = false;
      // After the click, which comes behind the release.
      if (waiting.length > 0) setTimeout(tell);
    };
    const onFocusout = (event: FocusEvent): void => {
      const field = (event.target as Element).closest<HTMLElement>('[data-field]')?.dataset['field'];
      if (field === undefined) return;
      waiting.push(field);
      if (!isDown) tell();
    };
    form.addEventListener('focusout', onFocusout);
    window.addEventListener('pointerdown', onDown, true);
    window.addEventListener('pointerup', onUp, true);
    window.addEventListener('pointercancel', onUp, true);
    return () => {
      form.removeEventListener('focusout', onFocusout);
      window.removeEventListener('pointerdown', onDown, true);
      window.removeEventListener('pointerup', onUp, true);
      window.removeEventListener('pointercancel', onUp, true);
    };
  };
}
