import { listServices } from '../analysis/index.ts';
import type { Slo, SloList, SloStatus } from '../api/index.ts';
import { slugOf } from '../honeycomb/dataset.ts';
import { type CalculatedField, type Filter, type QuerySpec, runQuery } from '../query/index.ts';
import type { RowSource } from '../store/index.ts';
import { type SloCounts, statusOf, windowsOf } from './budget.ts';
import type { SloFiles } from './slo-files.ts';

const DAY_S = 86_400;

/** How SLOs stand now, each by a query for its period and one for each of its last minutes. */
export async function measureSlos(
  source: RowSource,
  slos: readonly Slo[],
  savedFields: readonly CalculatedField[],
  now = Date.now(),
): Promise<SloStatus[]> {
  const services = await listServices(source);
  const statuses: SloStatus[] = [];
  for (const slo of slos) {
    const within = withinOf(slo, services);
    const count = async (seconds: number): Promise<SloCounts> => {
      const options = { now, savedFields, within, disableSeries: true };
      const { data } = await runQuery(source, countOf(slo, seconds), options);
      const { good = 0, total = 0 } = (data.results[0]?.data ?? {}) as Partial<SloCounts>;
      return { good, total };
    };
    const period = await count(slo.time_period_days * DAY_S);
    const last = new Map<number, SloCounts>();
    for (const minutes of windowsOf(slo)) last.set(minutes, await count(minutes * 60));
    statuses.push(statusOf(slo, { period, last }));
  }
  return statuses;
}

/** The SLOs of files with how they stand, and the files that hold none. */
export async function sloList(source: RowSource, { slos, problems, fields }: SloFiles): Promise<SloList> {
  const statuses = await measureSlos(
    source,
    slos.map(({ file: _, ...slo }) => slo),
    fields,
  );
  return { slos: statuses.map((status, index) => ({ file: slos[index]?.file ?? '', ...status })), problems };
}

/** A COUNT is weighted by the sample rate. What the SLI is neither true nor false of does not count. */
function countOf({ sli: { alias } }: Slo, seconds: number): QuerySpec {
  return {
    time_range: seconds,
    calculations: [
      { op: 'COUNT', name: 'good', filters: [{ column: alias, op: '=', value: true }] },
      { op: 'COUNT', name: 'total', filters: [{ column: alias, op: 'in', value: [true, false] }] },
    ],
  };
}

/** A dataset is a service; one that has sent nothing has no events. */
function withinOf({ dataset_slugs: slugs }: Slo, services: readonly string[]): Filter[] {
  if (slugs === undefined) return [];
  const named = services.filter((name) => slugs.includes(slugOf(name)));
  return [{ column: 'service.name', op: 'in', value: named.length > 0 ? named : [...slugs] }];
}
