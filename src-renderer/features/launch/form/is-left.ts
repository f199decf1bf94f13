/** The focus goes out of the whole field, and not from one of its parts to another. */
export const isLeft = (event: FocusEvent & { readonly currentTarget: HTMLElement }): boolean =>
  !(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget));
