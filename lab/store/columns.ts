import { SAMPLE_RATE_KEYS } from '@workshop/telemetry';

/**
 * Which columns a stored row has, and under which name a query sees them.
 *
 * The names are Honeycomb's own, so that a query which works here works there. Everything that is not listed
 * lives in `attrs`, a MAP of text to text; the catalogue remembers which type each of its keys was sent with.
 * The attributes of a resource are stored once, in a table of their own, and count for all its rows.
 */

/** Type of the value as a query sees it. */
export type ColumnType = 'string' | 'float' | 'integer' | 'boolean';

export interface StoredColumn {
  /** the column's name in the table */
  sql: string;
  storage: 'VARCHAR' | 'DOUBLE' | 'INTEGER';
  /** texts that never repeat: compressed they take half the place, and three times as long to read */
  uncompressed?: true;
  /** the name a query uses; absent: not visible in queries */
  name?: string;
  /** absent: the catalogue knows the type */
  type?: ColumnType;
}

/** Columns that the span model itself fills. */
export const MODEL_COLUMNS: readonly StoredColumn[] = [
  { sql: 'start_ms', storage: 'DOUBLE' },
  { sql: 'sample_rate', storage: 'INTEGER' },
  { sql: 'flags', storage: 'INTEGER' },
  { sql: 'shape', storage: 'VARCHAR' },
  { sql: 'resource_id', storage: 'INTEGER' },
  { sql: 'trace_id', storage: 'VARCHAR', name: 'trace.trace_id', type: 'string' },
  { sql: 'span_id', storage: 'VARCHAR', uncompressed: true, name: 'trace.span_id', type: 'string' },
  { sql: 'parent_id', storage: 'VARCHAR', name: 'trace.parent_id', type: 'string' },
  { sql: 'name', storage: 'VARCHAR', name: 'name', type: 'string' },
  { sql: 'span_kind', storage: 'VARCHAR', name: 'span.kind', type: 'string' },
  { sql: 'duration_ms', storage: 'DOUBLE', name: 'duration_ms', type: 'float' },
  { sql: 'status_code', storage: 'INTEGER', name: 'status_code', type: 'integer' },
  { sql: 'status_message', storage: 'VARCHAR', name: 'status_message', type: 'string' },
  { sql: 'annotation_type', storage: 'VARCHAR', name: 'meta.annotation_type', type: 'string' },
  { sql: 'parent_name', storage: 'VARCHAR', name: 'parent_name', type: 'string' },
  { sql: 'library_name', storage: 'VARCHAR', name: 'library.name', type: 'string' },
  { sql: 'library_version', storage: 'VARCHAR', name: 'library.version', type: 'string' },
  { sql: 'num_links', storage: 'INTEGER', name: 'span.num_links', type: 'integer' },
  { sql: 'num_events', storage: 'INTEGER', name: 'span.num_events', type: 'integer' },
  { sql: 'received_ms', storage: 'DOUBLE' },
];

/**
 * Attributes with a column of their own, because people query them often: three times as fast as in the map.
 * They are text like every attribute (a learner may send 4711 or "4711"); the catalogue holds their type.
 */
export const PROMOTED_ATTRIBUTES: readonly StoredColumn[] = [
  { sql: 'service', storage: 'VARCHAR', name: 'service.name' },
  { sql: 'error', storage: 'VARCHAR', name: 'error' },
  { sql: 'error_type', storage: 'VARCHAR', name: 'error.type' },
  { sql: 'user_id', storage: 'VARCHAR', name: 'user.id' },
  { sql: 'session_id', storage: 'VARCHAR', name: 'session.id' },
  { sql: 'http_route', storage: 'VARCHAR', name: 'http.route' },
  { sql: 'http_method', storage: 'VARCHAR', name: 'http.request.method' },
  { sql: 'http_status', storage: 'VARCHAR', name: 'http.response.status_code' },
  { sql: 'url_path', storage: 'VARCHAR', name: 'url.path' },
  { sql: 'db_system', storage: 'VARCHAR', name: 'db.system.name' },
  { sql: 'db_query', storage: 'VARCHAR', name: 'db.query.text' },
];

export const COLUMNS: readonly StoredColumn[] = [...MODEL_COLUMNS, ...PROMOTED_ATTRIBUTES];

/** `type` is a second name of `span.kind`, as in Honeycomb's own rows. */
const ALIASES: Readonly<Record<string, string>> = { type: 'span.kind' };

const byName = new Map<string, StoredColumn>();
for (const column of COLUMNS) if (column.name) byName.set(column.name, column);
for (const [alias, name] of Object.entries(ALIASES)) byName.set(alias, byName.get(name) as StoredColumn);

/** The stored column behind a visible name; undefined when the name is an attribute in the map. */
export function storedColumn(name: string): StoredColumn | undefined {
  return byName.get(name);
}

/** Position of each promoted attribute among COLUMNS, by visible name. */
export const PROMOTED_INDEX: ReadonlyMap<string, number> = new Map(
  PROMOTED_ATTRIBUTES.map((column, index) => [column.name as string, MODEL_COLUMNS.length + index]),
);

/** Columns that rows get by themselves, but only such rows as need them: the catalogue may not have seen them yet. */
export const DERIVED_NAMES: ReadonlySet<string> = new Set([
  'error',
  'trace.trace_state',
  'trace.link.trace_id',
  'trace.link.span_id',
  'telemetry.instrumentation_library',
  'meta.time_since_span_start_ms',
  'meta.invalid_time_since_span_start',
  'meta.invalid_duration',
  'otel.dropped_attributes_count',
  'otel.dropped_events_count',
  'otel.dropped_links_count',
]);

/** Names that the model fills; an attribute of the same name is not stored, so that ids and times stay true. */
export const MODEL_NAMES: ReadonlySet<string> = new Set([
  ...MODEL_COLUMNS.flatMap((column) => (column.name ? [column.name] : [])),
  ...Object.keys(ALIASES),
  'meta.signal_type',
]);

/** Attributes that are stored as columns, or not at all; the weight of a span is one of those. */
export const HIDDEN_NAMES: ReadonlySet<string> = new Set([
  ...MODEL_NAMES,
  ...PROMOTED_INDEX.keys(),
  ...SAMPLE_RATE_KEYS,
]);

/** Honeycomb's own column that no row stores: whether the row has no parent. */
export const IS_ROOT = 'is_root';
