import { Type } from '@sinclair/typebox';
import { EventList, EventsSince, Problem, StreamSearch } from '../../api/index.ts';
import type { LabApp } from '../app.ts';
import { BEAT_MS, type EventLog, EventStream } from '../events/index.ts';
import { problem } from '../problems.ts';

/** Every open page has one stream; more of them are a program that forgets to close its own. */
const MOST_STREAMS = 64;

const STREAM = `What happens, as it happens, as text/event-stream. Each event has a kind and JSON data.

- \`hello\` comes at once (data: {id, gap, beatMs}), and again with gap true when events were lost: fetch anew what is shown. No hello within three seconds: something on the way holds the stream back, ask /api/events/since instead.
- \`traces\`: traces arrived (data: {traces, more}; a trace as in /api/traces, with isNew); a few times a second at most.
- \`beat\` every ten seconds, without an id. Two that are missing: the stream is lost.
- Whatever a mounted part of the lab publishes: \`save\`, \`grading\`, \`verdict\` …

A stream that broke goes on after the id that it sends as Last-Event-ID (EventSource does), or as ?since=. One stream is enough for all tabs of a browser: it opens six connections to a host.`;

/** What happens while the lab runs, as a stream and, where streams are held back, by asking. */
export function addEventRoutes(app: LabApp, log: EventLog): void {
  const streams = new Set<EventStream>();
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.close();
  });

  app.get(
    '/api/events',
    {
      schema: {
        summary: 'What happens, as it happens',
        description: STREAM,
        tags: ['events'],
        produces: ['text/event-stream'],
        querystring: StreamSearch,
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.Integer({ minimum: 0 })) }),
        response: { 200: Type.String(), 503: Problem },
      },
    },
    (request, reply) => {
      if (streams.size >= MOST_STREAMS) {
        const busy = `${MOST_STREAMS} event streams are open already.`;
        void reply.code(503).send(problem(503, 'unavailable', busy));
        return;
      }
      const since = request.headers['last-event-id'] ?? request.query.since;
      reply.hijack();
      const stream = new EventStream(reply.raw, log, since);
      streams.add(stream);
      reply.raw.once('close', () => streams.delete(stream));
    },
  );

  app.get(
    '/api/events/since',
    {
      schema: {
        summary: 'The events after an id, for those whose stream is held back',
        description:
          'The same events as in the stream. Ask without an id first; ask again with the id of each answer, every second or so. With gap true some were lost: fetch anew what is shown.',
        tags: ['events'],
        querystring: EventsSince,
        response: { 200: EventList, 422: Problem },
      },
    },
    async ({ query }) => {
      const id = log.lastId;
      if (query.id === undefined) return { id, gap: false, beatMs: BEAT_MS, events: [] };
      return { id, beatMs: BEAT_MS, ...log.since(query.id) };
    },
  );
}
