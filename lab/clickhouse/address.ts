import { WorkshopError } from '@workshop/base';

/** Where spans are read: a database of a ClickHouse server, and the table that the Collector's exporter fills. */
export interface ClickHouseAddress {
  /** of the server's HTTP interface */
  url: string;
  user: string;
  password: string;
  database: string;
  table: string;
  /** as a person writes it, without the password */
  shown: string;
}

const FORM = 'clickhouse://user@host:8123/otel';
const TABLE = 'otel_traces';
/** The ports of ClickHouse's HTTP interface, plain and with TLS. */
const [PORT, SECURE_PORT] = ['8123', '8443'];
const NATIVE_PORTS: Record<string, string> = { 9000: PORT, 9440: SECURE_PORT };

/**
 * Reads `clickhouse://user[:password]@host[:port]/database[?secure=true&table=otel_traces]`, the form that the
 * Collector's exporter takes, too. The password may stand in CLICKHOUSE_PASSWORD instead, where no list of processes
 * shows it.
 * @throws WorkshopError that says what is wrong with it
 */
export function readClickHouseAddress(text: string, env: NodeJS.ProcessEnv): ClickHouseAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  // A password may be in what is wrong, so the text itself is not repeated.
  if (url === null || url.protocol !== 'clickhouse:' || url.hostname === '')
    throw wrong(`The store must be an address such as ${FORM}.`);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database === '' || database.includes('/'))
    throw wrong(`The store's address must name one database: ${FORM}.`);
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'secure' && name !== 'table');
  if (unknown !== undefined)
    throw wrong(`The store's address takes "secure" and "table" behind the question mark, not "${unknown}".`);
  const secure = url.searchParams.get('secure') === 'true' || url.port === SECURE_PORT;
  const port = url.port || (secure ? SECURE_PORT : PORT);
  const http = NATIVE_PORTS[port];
  if (http !== undefined)
    throw wrong(`Port ${port} is ClickHouse's native interface; the lab reads over HTTP, at port ${http}.`);
  const user = decodeURIComponent(url.username) || 'default';
  const table = url.searchParams.get('table') || TABLE;
  return {
    url: `${secure ? 'https' : 'http'}://${url.hostname}:${port}`,
    user,
    password: decodeURIComponent(url.password) || (env.CLICKHOUSE_PASSWORD ?? ''),
    database,
    table,
    shown: `clickhouse://${user}@${url.hostname}:${port}/${database}${secure ? '?secure=true' : ''}`,
  };
}

function wrong(message: string): WorkshopError {
  return new WorkshopError(message);
}
