/** Waits until `condition` is true, asking every 20 ms; false after `maxMs` milliseconds. */
export async function until(condition: () => Promise<boolean> | boolean, maxMs = 5000): Promise<boolean> {
  const end = performance.now() + maxMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
