/** Focuses the list of the page, or the page itself. For use when the focused element was removed. */
export function focusPage(): void {
  const main = document.querySelector<HTMLElement>("main");
  const list = main?.querySelector<HTMLElement>('[role="grid"]');
  (list ?? main)?.focus({ preventScroll: true });
}

export function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
