import type { SqlRow } from '../store/index.ts';
import type { ClickHouseAddress } from './address.ts';
import { otherProtocol } from './error-meaning.ts';
import { ClickHouseProblem } from './problems.ts';

/**
 * The columns that the lab reads, with what their types begin with. Source: the table that the ClickHouse exporter of
 * the OpenTelemetry Collector makes (exporter/clickhouseexporter, traces_table.sql) since version 0.110.
 */
const COLUMNS: Readonly<Record<string, RegExp>> = {
  Timestamp: /^DateTime64\(9/,
  TraceId: /String/,
  SpanId: /String/,
  ParentSpanId: /String/,
  TraceState: /String/,
  SpanName: /String/,
  SpanKind: /String/,
  ServiceName: /String/,
  ResourceAttributes: /^Map\(/,
  ScopeName: /String/,
  ScopeVersion: /String/,
  SpanAttributes: /^Map\(/,
  Duration: /^U?Int64/,
  StatusCode: /String/,
  StatusMessage: /String/,
  'Events.Timestamp': /^Array\(DateTime64\(9/,
  'Events.Name': /^Array\(/,
  'Events.Attributes': /^Array\(Map\(/,
  'Links.TraceId': /^Array\(/,
  'Links.SpanId': /^Array\(/,
  'Links.TraceState': /^Array\(/,
  'Links.Attributes': /^Array\(Map\(/,
};

/**
 * @param rows of `describe table`
 * @throws ClickHouseProblem when the table is not the exporter's, or of another version of it
 */
export function checkColumns(rows: readonly SqlRow[], { database, table }: ClickHouseAddress): void {
  const types = new Map(rows.map(({ name, type }) => [String(name), String(type)]));
  // A table that keeps nested columns as one says so.
  const missing = Object.keys(COLUMNS).filter((name) => !types.has(name));
  const other = Object.entries(COLUMNS).filter(([name, type]) => !type.test(types.get(name) ?? ''));
  const named = `${database}.${table}`;
  if (missing.length > 0)
    throw new ClickHouseProblem(
      `The table ${named} has no column ${missing[0]}, so it is not the one that the lab reads.`,
      "It must be otel_traces as the Collector's ClickHouse exporter makes it since version 0.110.",
    );
  const [wrong] = other;
  if (!wrong) return;
  const type = types.get(wrong[0]) ?? '';
  throw new ClickHouseProblem(
    `The column ${wrong[0]} of ${named} is of the type ${type}, which the lab does not read.`,
    type.includes('JSON')
      ? 'Let the exporter write maps: json must be false in its configuration, which is the default.'
      : "It must be otel_traces as the Collector's ClickHouse exporter makes it since version 0.110.",
  );
}

/** The oldest version whose functions the lab's statements use. */
const OLDEST = 25;

/** @throws ClickHouseProblem when it is too old, or no ClickHouse at all */
export function checkVersion(version: unknown, { shown }: ClickHouseAddress): void {
  const major = Number(/^(\d+)\./.exec(String(version))?.[1]);
  if (!Number.isFinite(major)) throw otherProtocol(shown, new Error(`the version is ${version}`));
  if (major < OLDEST)
    throw new ClickHouseProblem(
      `ClickHouse at ${shown} is of version ${version}, and the lab needs ${OLDEST} or newer.`,
      'Update the server.',
    );
}
