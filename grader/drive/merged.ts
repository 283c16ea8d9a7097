/**
 * What several sources yield, as it comes. They run side by side; when one throws, or nobody wants more, all are ended
 * before this one is.
 */
export async function* merged<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const next = async (source: AsyncGenerator<T>) => ({ source, result: await source.next() });
  const coming = new Map(sources.map((source) => [source, next(source)]));
  try {
    while (coming.size > 0) {
      const { source, result } = await Promise.race(coming.values());
      coming.delete(source);
      if (result.done) continue;
      coming.set(source, next(source)); // behind the others: a quick source must not keep them waiting
      yield result.value;
    }
  } finally {
    for (const promise of coming.values()) promise.catch(() => {}); // the first error is the one that is told
    await Promise.allSettled(sources.map((source) => source.return(undefined)));
  }
}
