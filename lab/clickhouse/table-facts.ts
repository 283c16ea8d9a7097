import { SAMPLE_RATE_KEYS } from '@workshop/telemetry';
// Not through the store's door: that one loads DuckDB.
import { Catalogue, type CatalogueEntry } from '../store/catalogue.ts';
import { type ColumnType, MODEL_NAMES } from '../store/columns.ts';
import type { SqlRow } from '../store/index.ts';
import { EXCEPTION_KEYS, FAILED, INSTRUMENTATION, NUMBER, THRESHOLD } from './table-values.ts';

/** What the table holds, found by looking: it keeps texts, and says nothing of the types that they were sent with. */
export interface TableFacts {
  catalogue: Catalogue;
  /** names of attributes of spans, events and links */
  rowKeys: ReadonlySet<string>;
  resourceKeys: ReadonlySet<string>;
  events: boolean;
  links: boolean;
  /** whether a span may stand for several */
  sampled: boolean;
}

/** About so many spans of the newest day are looked at; of more than that some whole seconds. */
const MOST_LOOKED_AT = 1_000_000;
const DAY_S = 86_400;

type Ask = (sql: string) => Promise<SqlRow[]>;

/** Looks at the newest day of the table. @param table its name, in quotes */
export async function tableFacts(table: string, ask: Ask): Promise<TableFacts> {
  const newest = `(select toStartOfSecond(max(Timestamp)) - ${DAY_S} from ${table})`;
  const [size] = await ask(`select toFloat64(count()) as spans from ${table} where Timestamp >= ${newest}`);
  const every = Math.ceil(Number(size?.spans ?? 0) / MOST_LOOKED_AT);
  const second = 'intHash64(toUnixTimestamp(Timestamp))';
  const where = `Timestamp >= ${newest}${every > 1 ? ` and ${second} % ${every} = 0` : ''}`;
  const [row = {}] = await ask(`
    select countIf(notEmpty(Events.Name)) > 0 as events, countIf(notEmpty(Links.TraceId)) > 0 as links,
      countIf(${FAILED}) > 0 as failed, countIf(${INSTRUMENTATION}) > 0 as instrumentation,
      countIf(TraceState != '') > 0 as states, countIf(TraceState like '%th:%' and ${THRESHOLD} != '') > 0 as thresholds,
      countIf(has(Events.Name, 'exception')) > 0 as exceptions
    from ${table} where ${where}`);
  const is = (name: string): boolean => Number(row[name] ?? 0) > 0;
  const maps = [
    `select 'row' as origin, SpanAttributes as attrs from ${table} where ${where}`,
    ...(is('events')
      ? [`select 'row', event_attrs from ${table} array join Events.Attributes as event_attrs where ${where}`]
      : []),
    ...(is('links')
      ? [`select 'row', link_attrs from ${table} array join Links.Attributes as link_attrs where ${where}`]
      : []),
    `select 'resource', any(ResourceAttributes) from ${table} where ${where} group by cityHash64(mapKeys(ResourceAttributes), mapValues(ResourceAttributes))`,
  ];
  const keys = await ask(`
    select origin, key, count() = countIf(match(value, '^-?[0-9]+$') and match(value, '${NUMBER}')) as integers,
      count() = countIf(match(value, '${NUMBER}')) as numbers, count() = countIf(value in ('true', 'false')) as booleans
    from (
      select origin, toString(entry.1) as key, entry.2 as value
      from (select origin, arrayJoin(arrayZip(mapKeys(attrs), mapValues(attrs))) as entry from (${maps.join(' union all ')})))
    group by origin, key`);
  const derived: CatalogueEntry[] = [
    ...(is('failed') ? [derivedEntry('error', 'boolean')] : []),
    ...(is('instrumentation') ? [derivedEntry('telemetry.instrumentation_library', 'boolean')] : []),
    ...(is('states') ? [derivedEntry('trace.trace_state', 'string')] : []),
    ...(is('events') ? [derivedEntry('meta.time_since_span_start_ms', 'float')] : []),
    ...(is('links')
      ? ['trace.link.trace_id', 'trace.link.span_id'].map((key) => derivedEntry(key, 'string'))
      : []),
  ];
  const found = keys.map(
    (key): CatalogueEntry => ({
      key: key.key as string,
      type: typeOf(key),
      origin: key.origin as CatalogueEntry['origin'],
    }),
  );
  if (is('exceptions'))
    for (const { key, type } of found)
      if (EXCEPTION_KEYS.includes(key)) derived.push(derivedEntry(key, type));
  const keysOf = (origin: CatalogueEntry['origin']): Set<string> =>
    new Set(found.filter((entry) => entry.origin === origin).map(({ key }) => key));
  const rowKeys = keysOf('row');
  return {
    catalogue: new Catalogue([...found.filter(({ key }) => isCatalogued(key)), ...derived]),
    rowKeys,
    resourceKeys: keysOf('resource'),
    events: is('events'),
    links: is('links'),
    sampled: is('thresholds') || SAMPLE_RATE_KEYS.some((key) => rowKeys.has(key)),
  };
}

/** What is derived stands where a row's scope is looked for: its own attributes go before. */
function derivedEntry(key: string, type: ColumnType): CatalogueEntry {
  return { key, type, origin: 'scope' };
}

function isCatalogued(key: string): boolean {
  return key !== '' && !MODEL_NAMES.has(key) && !(SAMPLE_RATE_KEYS as readonly string[]).includes(key);
}

function typeOf({ integers, numbers, booleans }: SqlRow): ColumnType {
  if (Number(integers)) return 'integer';
  if (Number(numbers)) return 'float';
  return Number(booleans) ? 'boolean' : 'string';
}
