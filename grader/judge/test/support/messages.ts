import { evidence, query, request, serverSpan, span } from '@workshop/grader/test/evidence';
import type { Evidence, EvidenceSpan, ProcessRecord, SentRequest } from '../../../evidence/index.ts';
import type { Delivery, Message } from '../../joins/index.ts';

export const T0 = 1_000_000;
const hex = (n: number, length: number): string => n.toString(16).padStart(length, 'a');
const worker = { process: 'worker', captured: true, received: true, seq: 1, phase: 'run' } as const;

/** A request that published post `n`, its spans and its row. */
export interface Published {
  sent: SentRequest;
  server: EvidenceSpan;
  producer: EvidenceSpan;
  row: { id: string; postId: string; row: string };
}

/** Post `n` is published `n` ms after the part began. `carried`: the trace in the row, its own by default, null for none. */
export function publish(n: number, carried?: string | null): Published {
  const userAgent = `murmur-visitor/1.0 (${n})`;
  const traceId = hex(n, 32);
  const sent = request({
    id: `r${n}`,
    method: 'POST',
    path: '/posts',
    status: 201,
    userId: `00${n}`,
    userAgent,
    startMs: T0 + n,
    durationMs: 20,
    responseBody: `{"id":"${n}"}`,
  });
  const server = serverSpan({
    traceId,
    spanId: hex(n, 16),
    startMs: T0 + n,
    durationMs: 20,
    attributes: { 'user_agent.original': userAgent, 'http.route': '/posts' },
  });
  const producer = span('send outbox', {
    traceId,
    spanId: hex(1000 + n, 16),
    parentSpanId: server.spanId,
    kind: 'PRODUCER',
    startMs: T0 + n + 1,
    durationMs: 5,
    attributes: { 'messaging.message.id': String(n) },
  });
  const trace = carried === undefined ? traceId : carried;
  const context = trace === null ? {} : { context: { traceparent: `00-${trace}-${producer.spanId}-01` } };
  return {
    sent,
    server,
    producer,
    row: { id: String(n), postId: String(n), row: JSON.stringify({ id: n, ...context }) },
  };
}

/** A CONSUMER span of the worker, 100 ms after the part began, linked to these. */
export function consumer(links: readonly Published[], given: Partial<EvidenceSpan> = {}): EvidenceSpan {
  return span('process outbox', {
    traceId: hex(500, 32),
    kind: 'CONSUMER',
    startMs: T0 + 100,
    durationMs: 50,
    resource: { 'service.name': 'murmur-worker' },
    links: links.map(({ producer: { traceId, spanId } }) => ({ traceId, spanId, attributes: {} })),
    origin: worker,
    ...given,
  });
}

/** One follower is told. */
export function telling(parent: EvidenceSpan): EvidenceSpan {
  const made = query(
    parent,
    parent.startMs + 1,
    2,
    'INSERT INTO notifications (user_id, post_id) VALUES ($1, $2)',
  );
  return { ...made, traceId: parent.traceId, origin: worker };
}

/** Evidence of one part in which these posts were published, one follower each, and these spans were made. */
export function delivered(
  posts: readonly Published[],
  spans: readonly EvidenceSpan[],
  given: Partial<Evidence> & { part?: Partial<Delivery>; capture?: object | null } = {},
): { evidence: Evidence; part: Delivery } {
  const { part: partly, capture, ...rest } = given;
  const part: Delivery = {
    what: 'alone',
    postIds: posts.map(({ row }) => row.postId),
    fromMs: T0,
    toMs: T0 + 200,
    emptied: true,
    ...partly,
  };
  const [api] = evidence({}).processes as [ProcessRecord];
  const told = posts.map(({ row }) => ({ postId: row.postId, followers: 1, wanted: 1, transaction: '7' }));
  return {
    part,
    evidence: evidence({
      requests: posts.map(({ sent }) => sent),
      spans: [...posts.flatMap(({ server, producer }) => [server, producer]), ...spans],
      facts: {
        parts: [{ ...part }],
        messages: posts.map(({ row }) => ({ ...row })),
        told,
        idle: { fromMs: T0 + 1000, toMs: T0 + 1100, looked: [true] },
      },
      processes: [
        api,
        {
          ...api,
          name: 'worker',
          askedPort: null,
          listening: [],
          capture:
            capture === null
              ? null
              : ({ ...api.capture, process: 'worker', ...capture } as ProcessRecord['capture']),
        },
      ],
      ...rest,
    }),
  };
}

/** The message of a post, as the joins give it. */
export function messageOf({ sent, row }: Published): Message {
  return { ...row, request: sent, followers: 1 };
}
