import { DIALECT } from '../query/dialect/index.ts';
import { Parameters } from '../query/statement.ts';
import type { RowSource } from '../store/index.ts';

/** The names of the services whose spans are stored, sorted. Reads the resources alone, which are few. */
export async function listServices(source: RowSource): Promise<string[]> {
  const parameters = new Parameters(DIALECT);
  const name = DIALECT.attribute('resources', parameters.add('service.name'));
  const sql = `select distinct name from (select ${name} as name from resources) where name is not null order by name`;
  return (await source.all(sql, parameters.values)).map((row) => row.name as string);
}
