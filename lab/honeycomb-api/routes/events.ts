import type { LabApp } from '../../server/app.ts';
import { type ReadEvent, readEvent, type SentEvent } from '../events.ts';
import type { HoneycombApiOptions } from '../options.ts';
import { Refusal } from '../refusal.ts';
import { OF_DATASET } from './options.ts';

/** Events in Honeycomb's own form, one or many. An answer says that they are durable. */
export function addEventRoutes(
  app: LabApp,
  { store, collector }: Pick<HoneycombApiOptions, 'store' | 'collector'>,
): void {
  const keep = async (read: readonly ReadEvent[]): Promise<void> => {
    await collector.take(read.flatMap((each) => ('span' in each ? [each.span] : [])));
    const events = read.flatMap((each) => ('event' in each ? [each.event] : []));
    if (events.length > 0) await store.writeEvents(events);
  };

  app.post('/1/events/:dataset', OF_DATASET, async ({ params, headers, body }, reply) => {
    const sent = {
      data: body,
      time: headers['x-honeycomb-event-time'],
      samplerate: headers['x-honeycomb-samplerate'],
    };
    const read = readEvent(sent, params.dataset, Date.now());
    if ('fault' in read) throw Refusal.plain(400, read.fault);
    await keep([read]);
    return reply.code(200).send();
  });

  app.post('/1/batch/:dataset', OF_DATASET, async ({ params, body }) => {
    if (!Array.isArray(body)) throw Refusal.unparseable('A batch is a list of events.');
    const now = Date.now();
    const read = body.map((event) => readEvent((event ?? {}) as SentEvent, params.dataset, now));
    await keep(read);
    return read.map((each) => ('fault' in each ? { status: 400, error: each.fault } : { status: 202 }));
  });
}
