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
  /** why the database could not be read when it was asked last; null: it could */
  trouble: string | null = null;
  readonly #rows: ClickHouseRows;
  #size: StoreSize = { rows: 0, bytes: 0 };

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

  /** As it was when the server answered last; what is wrong with it now is in `trouble`. */
  async size(): Promise<StoreSize> {
    try {
      this.#size = await this.#rows.size();
      this.trouble = null;
    } catch (error) {
      const [line = ''] = (error as Error).message.split('\n');
      this.trouble = line;
    }
    return this.#size;
  }

  writeEvents(): Promise<void> {
    return Promise.reject(new CollectsNothing(this.path));
  }

  close(): Promise<void> {
    return this.#rows.close();
  }
}
