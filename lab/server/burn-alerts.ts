import { json } from 'node:stream/consumers';
import type { SloList, SloStatus } from '../api/index.ts';
import type { QueryThread } from '../query-thread/index.ts';
import { BurnAlertWatch, readSlos } from '../slo/index.ts';
import type { EventLog } from './events/index.ts';

/** Looks when spans came and once a minute; without an SLO that is no more than a look into its folder. */
export function watchBurnAlerts(
  thread: QueryThread,
  events: EventLog,
  queries: string,
  log?: (line: string) => void,
): BurnAlertWatch {
  const measure = async (): Promise<SloStatus[]> => {
    const files = readSlos(queries);
    if (files.slos.length === 0) return [];
    return ((await json(await thread.run({ kind: 'slos', files }))) as SloList).slos;
  };
  return new BurnAlertWatch({ measure, publish: (change) => events.publish('burn-alert', change), log });
}
