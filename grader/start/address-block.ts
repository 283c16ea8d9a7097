import type { Development, DevelopmentOptions } from './development.ts';

const PAGE_NOTES = {
  built: '',
  building: '   (being built)',
  failed: '   (not built: see [page] above)',
} as const;

/**
 * Where a learner begins: the page of an exercise on the lab.
 * @param exercise number of the one to be worked on; null: all are done
 */
export function learnAddress(
  { lab }: Pick<Development['addresses'], 'lab'>,
  exercise: string | null,
): string {
  return exercise === null ? lab : `${lab}/learn/${exercise}`;
}

/** The addresses and what is special about this run, printed once everything is there. */
export function addressBlock(
  { addresses, state }: Pick<Development, 'addresses' | 'state'>,
  options: Pick<
    DevelopmentOptions,
    'databaseDelayMs' | 'networkDelayMs' | 'clockSkewSeconds' | 'page' | 'lab' | 'grader'
  >,
  exercise: string | null,
): string {
  const rows: [string, string][] = [];
  if (options.page) rows.push(['Murmur', addresses.page + PAGE_NOTES[state.page ?? 'built']]);
  rows.push(['Its API', addresses.api + note(state.api, 'not there yet: see [api] above')]);
  if (options.lab && state.lab === null) {
    rows.push(['Send spans to', addresses.collector]);
  } else if (options.lab) {
    rows.push(['Lab', `not running: ${state.lab}`]);
  }
  rows.push(['Database', `${state.database}, ${away(options.databaseDelayMs)}`]);
  if (options.networkDelayMs > 0) rows.push(['Network', `the API is ${away(options.networkDelayMs)}`]);
  if (options.clockSkewSeconds !== null) {
    const seconds = Math.abs(options.clockSkewSeconds);
    rows.push(['Clock', `the API's is ${seconds} s ${options.clockSkewSeconds < 0 ? 'behind' : 'ahead'}`]);
  }
  const line = '-'.repeat(72);
  return [
    '',
    line,
    'Murmur runs.',
    '',
    ...(options.lab && state.lab === null
      ? [`  Open ${learnAddress(addresses, exercise)} : your exercises and traces`, '']
      : []),
    ...rows.map(([name, value]) => `  ${name.padEnd(14)} ${value}`),
    '',
    options.grader
      ? 'Save a file: it runs anew and is graded. Stop everything with Ctrl-C.'
      : 'Save a file and it runs anew. Stop everything with Ctrl-C.',
    line,
    '',
    '',
  ].join('\n');
}

function note(fine: boolean, otherwise: string): string {
  return fine ? '' : `   (${otherwise})`;
}

function away(ms: number): string {
  return ms === 0 ? 'near' : `${ms} ms away each way (${2 * ms} ms there and back)`;
}
