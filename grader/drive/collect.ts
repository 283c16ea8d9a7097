import type { System } from '../world/index.ts';

/** A process that computes without end answers nothing: it must not hold the grading up for long. Milliseconds. */
const SILENT_MS = 4000;

/**
 * Flushes the exporters of every process and takes the spans since the cursor. A process that answered neither in
 * time leaves nothing, and the evidence is not settled.
 */
export async function collectWhatAnswers(
  system: System,
  cursor: Record<number, number>,
): Promise<Awaited<ReturnType<System['collect']>>> {
  const flushing = system.capture.processes().map((process) => process.flush(2000).catch(() => undefined));
  const flushed = await orSilent(Promise.all(flushing));
  const collecting = system.collect(cursor);
  if (flushed !== 'silent') return collecting;
  const collected = await orSilent(collecting);
  return collected === 'silent' ? { spans: [], unended: [], cursor, settled: false } : collected;
}

async function orSilent<T>(answer: Promise<T>): Promise<T | 'silent'> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silent'>((resolve) => {
    timer = setTimeout(resolve, SILENT_MS, 'silent' as const);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}
