import type { Development, DevelopmentOptions } from './development.ts';

/** The addresses and what is special about this run, printed once everything is there. */
export function addressBlock(
  { addresses, state }: Pick<Development, 'addresses' | 'state'>,
  options: Pick<
    DevelopmentOptions,
    'databaseDelayMs' | 'networkDelayMs' | 'clockSkewSeconds' | 'page' | 'lab'
  >,
): string {
  const rows: [string, string][] = [];
  if (options.page)
    rows.push(['Page', addresses.page + note(state.page === true, 'not built: see [page] above')]);
  rows.push(['API', addresses.api + note(state.api, 'not there yet: see [api] above')]);
  if (options.lab && state.lab === null) {
    rows.push(['Lab', addresses.lab]);
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
    ...rows.map(([name, value]) => `  ${name.padEnd(14)} ${value}`),
    '',
    'Save a file and it runs anew. Stop everything with Ctrl-C.',
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
