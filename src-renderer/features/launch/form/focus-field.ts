/** Brings the input of a field into view and gives it the focus; a fold that hides it opens. */
export function focusField(form: HTMLElement | undefined, field: string): void {
  // `options.mpirun_extra_params.0` is said at `options.mpirun_extra_params`
  for (let name = field; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const box = form?.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`);
    if (box === null || box === undefined) continue;
    const fold = box.closest('details');
    if (fold !== null) fold.open = true;
    const input = box.querySelector<HTMLElement>(
      '.field .body :is(input, textarea, button):not([tabindex="-1"])',
    );
    (input ?? box).focus();
    (input ?? box).scrollIntoView({ block: 'center' });
    return;
  }
}
