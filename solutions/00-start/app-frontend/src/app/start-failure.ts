/**
 * Tells the visitor that the page could not start. It works without Angular,
 * since Angular may be what did not start.
 */
export function showStartFailure(error: unknown): void {
  console.error(error);
  const note = document.createElement('p');
  note.className = 'start-failure';
  note.setAttribute('role', 'alert');
  note.textContent = 'Murmur could not start. Please load the page again in a moment.';
  document.body.replaceChildren(note);
}
