#!/usr/bin/env node
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainTable } from '@workshop/base/tables';
import { Command } from 'commander';
import { measureIngest, PEER_INSTALL } from './ingest.ts';
import { type IngestUnderQuery, measureIngestUnderQuery } from './ingest-under-query.ts';
import { MEMORY_ROW, measureQueries } from './queries.ts';

const AT_MOST_A_SECOND = 'at most 1000 at 1e7';

/** `npm run bench:lab`: ingestion and queries beside a peer and beside the floor, in one run, as ratios. */
const TARGETS: Record<string, string> = {
  'P50 P95 P99 by user': 'at most 40 at 1e6, 1000 at 1e7',
  'P95 by an attribute in the map': AT_MOST_A_SECOND,
  heatmap: AT_MOST_A_SECOND,
  'one trace': AT_MOST_A_SECOND,
  'newest traces': AT_MOST_A_SECOND,
  'service graph': AT_MOST_A_SECOND,
  'what differs': AT_MOST_A_SECOND,
  'filter of any. span': AT_MOST_A_SECOND,
  'filter of the parent.': AT_MOST_A_SECOND,
  'grouped by root.': AT_MOST_A_SECOND,
  [MEMORY_ROW]: 'at most 1500',
};

const program = new Command('npm run bench:lab --')
  .option(
    '--spans <number>',
    'spans to ingest: it takes the lab about as long as its 10,000 take the peer',
    '300000',
  )
  .option('--peer-spans <number>', 'how many of them the peer gets', '10000')
  .option('--sizes <list>', 'sizes of the stores to query', '100000,1000000')
  .option('--large', 'also a store of 10,000,000 spans')
  .option('--under-query <seconds>', 'how long a stock SDK sends beside the heaviest query', '20')
  .option('--json', 'for programs')
  .parse();
const options = program.opts<{
  spans: string;
  peerSpans: string;
  sizes: string;
  underQuery: string;
  large?: boolean;
  json?: boolean;
}>();
const folder = mkdtempSync(join(tmpdir(), 'lab-bench-'));
try {
  const ingest = await measureIngest(Number(options.spans), Number(options.peerSpans), folder);
  const under = await measureIngestUnderQuery(join(folder, 'under-query'), Number(options.underQuery));
  const queries: Record<string, Record<string, number>> = {};
  const sizes = [...options.sizes.split(','), ...(options.large ? ['10000000'] : [])];
  for (const size of sizes) queries[size] = await measureQueries(Number(size), folder);
  if (options.json) console.log(JSON.stringify({ ingest, under, queries }, null, 2));
  else report(ingest, under, queries);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function report(
  ingest: Awaited<ReturnType<typeof measureIngest>>,
  under: IngestUnderQuery,
  queries: Record<string, Record<string, number>>,
): void {
  const rate = (value: number | null): string =>
    value === null ? `not installed: ${PEER_INSTALL}` : `${Math.round(value)} spans/s`;
  console.log(
    `Ingest (answered 200 when durable)\n  lab        ${rate(ingest.lab)}\n  peer       ${rate(ingest.peer)}\n  appender   ${rate(ingest.appender)}   (DuckDB's, as its library offers it)\n  writer     ${rate(ingest.writer)}   (the store's own, alone)`,
  );
  if (ingest.peer !== null)
    console.log(`  lab / peer      ${(ingest.lab / ingest.peer).toFixed(1)}   (target 30 or more)`);
  console.log(`  lab / appender  ${(ingest.lab / ingest.appender).toFixed(2)}   (target 0.50 or more)`);
  console.log(`  lab / writer    ${(ingest.lab / ingest.writer).toFixed(2)}\n`);
  console.log(
    [
      `Beside the heaviest query (${under.items} items, ${under.megabytes.toFixed(0)} MB, answered ${under.queries} times in ${under.seconds.toFixed(0)} s)`,
      `  a stock SDK      sent ${under.sent} spans, lost ${under.lost}   (target 0)`,
      `  OTLP answers     at most ${under.worstAnswerMs.toFixed(0)} ms\n`,
    ].join('\n'),
  );
  const sizes = Object.keys(queries);
  const rows = Object.keys(queries[sizes[0] as string] ?? {}).map((name) => [
    name,
    ...sizes.map((size) => (queries[size]?.[name] ?? 0).toFixed(0)),
    TARGETS[name] ?? '',
  ]);
  console.log(plainTable(['ms, median', ...sizes, 'target'], rows, { right: sizes }));
}
