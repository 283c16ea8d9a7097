import type { Retention, SqlParameter, SqlRow, StoreSize, TimeWindow } from '../store/index.ts';
import type { ClickHouseAddress } from './address.ts';
import { CollectsNothing } from './problems.ts';
import { ClickHouseRows } from './rows.ts';

/** A database that the Collector fills, in the place of the lab's own store: it is read, and never written. */
export class ClickHouseStore {
  readonly kind = 'clickhouse';
  readonly path: string;
  /** Who keeps the spans decides how long. */
  readonly retention: Retention = {};
  readonly removed = null;
  readonly address: ClickHouseAddress;
  readonly #rows: ClickHouseRows;

  private constructor(address: ClickHouseAddress, rows: ClickHouseRows) {
    this.address = address;
    this.path = address.shown;
    this.#rows = rows;
  }

  /** @throws ClickHouseProblem when it cannot be read */
  static async open(address: ClickHouseAddress, limitMs: number): Promise<ClickHouseStore> {
    return new ClickHouseStore(address, await ClickHouseRows.open(address, limitMs));
  }

  get dialect() {
    return this.#rows.dialect;
  }

  all(sql: string, parameters?: readonly SqlParameter[], within?: TimeWindow): Promise<SqlRow[]> {
    return this.#rows.all(sql, parameters, within);
  }

  catalogue() {
    return this.#rows.catalogue();
  }

  size(): Promise<StoreSize> {
    return this.#rows.size();
  }

  writeEvents(): Promise<void> {
    return Promise.reject(new CollectsNothing(this.path));
  }

  close(): Promise<void> {
    return this.#rows.close();
  }
}
