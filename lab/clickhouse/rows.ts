import { randomUUID } from 'node:crypto';
import { type ClickHouseClient, ClickHouseError, createClient } from '@clickhouse/client';
import { CLICKHOUSE } from '../query/dialect/index.ts';
import type { Catalogue } from '../store/catalogue.ts';
import type { RowSource, SqlParameter, SqlRow, StoreSize, TimeWindow } from '../store/index.ts';
import type { ClickHouseAddress } from './address.ts';
import { clickHouseProblem, otherProtocol } from './error-meaning.ts';
import { ClickHouseProblem } from './problems.ts';
import { spansTable } from './spans-table.ts';
import { checkColumns, checkVersion } from './table-columns.ts';
import { type TableFacts, tableFacts } from './table-facts.ts';

/** New attributes are known after so long. */
const FACTS_MS = 30_000;
/** A server that does not answer at all is given up after so long. */
const CONNECT_MS = 10_000;
/** Seconds, from 1900 to 2200: what lies outside no partition holds. */
const [FIRST_S, LAST_S] = [-2_208_988_800, 7_258_118_400];

/**
 * The spans in a ClickHouse database, read only. Statements are the lab's own; the table of the Collector is put under
 * them as their `spans`. Values are parameters, always.
 */
export class ClickHouseRows implements RowSource {
  readonly dialect = CLICKHOUSE;
  readonly #address: ClickHouseAddress;
  readonly #client: ClickHouseClient;
  readonly #table: string;
  #facts: Promise<TableFacts> | null = null;
  #factsAt = 0;

  /** Asks nothing yet; `open` does. @param limitMs a statement that has no answer after so long is ended */
  constructor(address: ClickHouseAddress, limitMs: number) {
    this.#address = address;
    this.#table = `${quoted(address.database)}.${quoted(address.table)}`;
    this.#client = createClient({
      url: address.url,
      username: address.user,
      password: address.password,
      application: 'murmur-lab',
      request_timeout: limitMs,
      // Many groups are many parameters, and an address has its length.
      use_multipart_params_auto: true,
      log: { LoggerClass: Silence },
    });
  }

  /**
   * The same, once it is sure that they can be read.
   * @throws ClickHouseProblem when the server, the database or the table cannot be read
   */
  static async open(address: ClickHouseAddress, limitMs: number): Promise<ClickHouseRows> {
    const rows = new ClickHouseRows(address, limitMs);
    try {
      const signal = AbortSignal.timeout(CONNECT_MS);
      const [server] = await rows.#ask('select version() as version', {}, signal);
      checkVersion(server?.version, address);
      checkColumns(await rows.#ask(`describe table ${rows.#table}`, {}, signal), address);
      // Whoever may see a table may not always read it.
      await rows.#ask(`select 1 from ${rows.#table} limit 1`, {}, signal);
      await rows.#known();
      return rows;
    } catch (error) {
      await rows.close();
      if (error instanceof ClickHouseProblem || error instanceof ClickHouseError) throw error;
      if ((error as Error).name !== 'TimeoutError') throw otherProtocol(address.shown, error);
      throw new ClickHouseProblem(
        `ClickHouse does not answer at ${address.shown} within ${CONNECT_MS / 1000} s.`,
        'Check host and port, and that the server runs.',
        error,
      );
    }
  }

  all(sql: string, parameters: readonly SqlParameter[] = [], within?: TimeWindow): Promise<SqlRow[]> {
    return this.#read(sql, parameters, within);
  }

  async catalogue(): Promise<Catalogue> {
    return (await this.#known()).catalogue;
  }

  /** Spans, and the bytes that they take where the user may ask for them; else 0. */
  async size(): Promise<StoreSize> {
    const [count] = await this.#ask(`select toFloat64(count()) as rows from ${this.#table}`, {});
    const { database, table } = this.#address;
    const sql =
      'select toFloat64(sum(bytes_on_disk)) as bytes from system.parts ' +
      'where active and database = {database:String} and table = {table:String}';
    const [parts] = await this.#ask(sql, { database, table }).catch(() => []);
    return { rows: Number(count?.rows ?? 0), bytes: Number(parts?.bytes ?? 0) };
  }

  /** The same rows; a statement of theirs that runs is ended when the signal says so. */
  withSignal(signal: AbortSignal): RowSource {
    return {
      dialect: this.dialect,
      all: (sql, parameters, within) => this.#read(sql, parameters, within, signal),
      catalogue: () => this.catalogue(),
    };
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #read(
    sql: string,
    parameters: readonly SqlParameter[] = [],
    within?: TimeWindow,
    signal?: AbortSignal,
  ): Promise<SqlRow[]> {
    const named: Record<string, unknown> = Object.fromEntries(
      parameters.map((value, index) => [`p${index + 1}`, value]),
    );
    if (!/\b(spans|collected)\b/.test(sql)) return this.#ask(sql, named, signal);
    if (within) {
      const [fromMs, toMs] = within;
      named.from_s = Math.max(FIRST_S, Math.floor(fromMs / 1000));
      named.to_s = Math.min(LAST_S, Math.ceil(toMs / 1000) + 1);
    }
    const table = spansTable(this.#table, await this.#known(), sql, within !== undefined);
    const rest = /^\s*with\s/.exec(sql);
    return this.#ask(`with ${table}${rest ? `, ${sql.slice(rest[0].length)}` : ` ${sql}`}`, named, signal);
  }

  /** What is known of the table; what is known already does while it is looked at again. */
  async #known(): Promise<TableFacts> {
    if (this.#facts !== null && Date.now() - this.#factsAt < FACTS_MS) return this.#facts;
    this.#factsAt = Date.now();
    const before = this.#facts;
    const fresh = tableFacts(this.#table, (sql) => this.#ask(sql, {}));
    if (before === null) {
      this.#facts = fresh;
      fresh.catch(() => {
        this.#facts = null;
      });
      return fresh;
    }
    void fresh.then(
      (facts) => {
        this.#facts = Promise.resolve(facts);
      },
      () => undefined,
    );
    return before;
  }

  async #ask(sql: string, parameters: Record<string, unknown>, signal?: AbortSignal): Promise<SqlRow[]> {
    signal?.throwIfAborted();
    const id = randomUUID();
    try {
      const result = await this.#client.query({
        query: sql,
        query_params: parameters,
        query_id: id,
        format: 'JSONEachRow',
        ...(signal && { abort_signal: signal }),
      });
      return await result.json<SqlRow>();
    } catch (error) {
      if (signal?.aborted) {
        void this.#end(id);
        throw signal.reason;
      }
      if (/[Tt]imeout error/.test((error as Error).message)) {
        void this.#end(id);
        throw new DOMException('ClickHouse did not answer in time.', 'TimeoutError');
      }
      throw clickHouseProblem(error, this.#address);
    }
  }

  /** A server goes on with a query whose asker has hung up. Everyone may end their own. */
  async #end(id: string): Promise<void> {
    await this.#client
      .command({ query: 'kill query where query_id = {id:String} async', query_params: { id } })
      .catch(() => undefined);
  }
}

function quoted(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

/** What goes wrong is thrown, and said once. */
class Silence {
  trace(): void {}
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(): void {}
}
