/** Puts the cursor into the search box; does nothing where none is on the page. */
export function focusSearch(): void {
  const input = document.querySelector<HTMLInputElement>('.search-box input');
  input?.focus();
  input?.select();
}
