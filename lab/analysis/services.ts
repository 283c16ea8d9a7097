import type { RowSource } from '../store/index.ts';

/** The names of the services whose spans are stored, sorted. */
export async function listServices(source: RowSource): Promise<string[]> {
  return (await source.all(source.dialect.serviceNames())).map((row) => row.name as string);
}
