import { ClickHouseError } from '@clickhouse/client';
import type { ClickHouseAddress } from './address.ts';
import { ClickHouseProblem } from './problems.ts';

/** Numbers of errors. Source: ErrorCodes.cpp of ClickHouse. */
const CODES = {
  unknownTable: '60',
  unknownDatabase: '81',
  timeout: '159',
  memory: '241',
  cancelled: '394',
  noRights: '497',
  noLogin: '516',
};

/** What an error of client or server means to the person who started the lab; an error of a statement stays itself. */
export function clickHouseProblem(
  error: unknown,
  { shown, database, table, user }: ClickHouseAddress,
): Error {
  const problem = (message: string, whatToDo: string) => new ClickHouseProblem(message, whatToDo, error);
  if (error instanceof ClickHouseError) {
    switch (error.code) {
      case CODES.noLogin:
        return problem(
          `ClickHouse refuses the user ${user} at ${shown}.`,
          'Check the name, and set the password in CLICKHOUSE_PASSWORD.',
        );
      case CODES.noRights:
        return problem(
          `The user ${user} may not read ${database}.${table}.`,
          `Let an administrator run: GRANT SELECT ON ${database}.${table} TO ${user}`,
        );
      case CODES.unknownDatabase:
        return problem(
          `ClickHouse has no database ${database} at ${shown}.`,
          "Check its name; the Collector's exporter makes it when it starts.",
        );
      case CODES.unknownTable:
        return problem(
          `The database ${database} has no table ${table}.`,
          'Start the Collector with the ClickHouse exporter, which makes it, or name another one with ?table=.',
        );
      case CODES.memory:
        return problem(
          'ClickHouse has not enough memory for this question.',
          'Ask for a shorter time range, or fewer groups.',
        );
      case CODES.timeout:
      case CODES.cancelled:
        return Object.assign(new DOMException('ClickHouse ended the query.', 'TimeoutError'), {
          cause: error,
        });
      default:
        return error;
    }
  }
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code))
    return problem(
      `The certificate of ${shown} is not trusted (${code}).`,
      'Name the file of its authority in NODE_EXTRA_CA_CERTS.',
    );
  if (/EPROTO|ERR_SSL|HPE_/.test(code) || /socket hang up|wrong version number/.test(message))
    return otherProtocol(shown, error);
  if (/ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ETIMEDOUT/.test(code) || /[Tt]imeout/.test(message))
    return problem(
      `ClickHouse does not answer at ${shown} (${code || message}).`,
      'Check host and port, and that the server runs: the HTTP interface is at 8123, with TLS at 8443.',
    );
  return error as Error;
}

/** Something answers, and no ClickHouse: another server, or TLS where there is none. */
export function otherProtocol(shown: string, cause: unknown): ClickHouseProblem {
  return new ClickHouseProblem(
    `What answers at ${shown} does not speak this protocol.`,
    'Give the port of the HTTP interface, and ?secure=true where it wants TLS.',
    cause,
  );
}
