export { Catalogue, type CatalogueEntry } from './catalogue.ts';
export {
  COLUMNS,
  type ColumnType,
  IS_ROOT,
  MODEL_COLUMNS,
  PROMOTED_ATTRIBUTES,
  type StoredColumn,
  storedColumn,
} from './columns.ts';
export {
  Database,
  MEMORY,
  type RowSource,
  type SqlParameter,
  type SqlRow,
  type TimeWindow,
} from './database.ts';
export { isDamage, StoreError } from './file-fault.ts';
export { type RowBatch, RowBatchBuilder, type WideEvent } from './row-batch.ts';
export { Store, StoreBusy, type StoreOptions, type WriteResult } from './store.ts';
export type { Retention, StoreSize } from './worker-protocol.ts';
