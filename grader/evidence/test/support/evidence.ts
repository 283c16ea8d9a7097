/**
 * Small evidence for tests of the rooms that read it; opened to them as `@workshop/grader/test/evidence`. Each builder
 * makes a sound example, and takes what a test is about.
 */
import type { Evidence, EvidenceSpan, SentRequest } from '../../index.ts';

let serial = 0;

/** A span of the API in trace `request`, of the learner's own tracer, 1000 to 1100 ms, unless said otherwise. */
export function span(name: string, given: Partial<EvidenceSpan> = {}): EvidenceSpan {
  serial++;
  return {
    traceId: 'request',
    spanId: `span-${serial}`,
    name,
    kind: 'INTERNAL',
    startMs: 1000,
    durationMs: 100,
    status: { code: 'UNSET' },
    attributes: {},
    events: [],
    links: [],
    resource: { 'service.name': 'murmur-api' },
    scope: { name: 'murmur.feed' },
    origin: { process: 'api', captured: true, received: true, seq: serial, phase: 'run' },
    ...given,
  };
}

/** The request's SERVER span, as the HTTP instrumentation makes it. */
export function serverSpan(given: Partial<EvidenceSpan> = {}): EvidenceSpan {
  return span('GET /feed', {
    kind: 'SERVER',
    scope: { name: '@opentelemetry/instrumentation-http' },
    ...given,
    attributes: {
      'user_agent.original': 'murmur-visitor/1.0 (one)',
      'http.route': '/feed',
      ...given.attributes,
    },
  });
}

/** A query of the database below `parent`. */
export function query(
  parent: EvidenceSpan,
  startMs: number,
  durationMs: number,
  text = 'SELECT 1',
): EvidenceSpan {
  return span('pg.query:SELECT murmur', {
    kind: 'CLIENT',
    parentSpanId: parent.spanId,
    startMs,
    durationMs,
    attributes: { 'db.query.text': text },
    scope: { name: '@opentelemetry/instrumentation-pg' },
  });
}

/** A span of Nest below `parent`. */
export function nestSpan(
  name: string,
  parent: EvidenceSpan,
  given: Partial<EvidenceSpan> = {},
): EvidenceSpan {
  return span(name, {
    parentSpanId: parent.spanId,
    scope: { name: '@opentelemetry/instrumentation-nestjs-core' },
    ...given,
  });
}

/** `GET /feed` of user 0832, 990 to 1110 ms. */
export function request(given: Partial<SentRequest> = {}): SentRequest {
  return {
    id: 'one',
    label: 'feed',
    method: 'GET',
    path: '/feed',
    userId: '0832',
    userAgent: 'murmur-visitor/1.0 (one)',
    startMs: 990,
    durationMs: 120,
    status: 200,
    error: null,
    requestHeaders: {},
    responseHeaders: {},
    responseBody: '{}',
    ...given,
  };
}

/** Evidence of one driven exercise with an API that ran and was captured. */
export function evidence(given: Partial<Evidence> = {}): Evidence {
  return {
    schema: 1,
    exercise: '90-example',
    seed: 7,
    tree: { hash: 'abc', label: 'your working tree' },
    startedAt: '2026-01-01T00:00:00.000Z',
    driveMs: 1,
    drive: { state: 'complete' },
    facts: {},
    requests: [request()],
    processes: [
      {
        name: 'api',
        script: 'ts-node src/main.ts',
        pid: 1,
        startedAtMs: 0,
        readyAfterMs: 500,
        askedPort: 3000,
        listening: [{ port: 3000, address: '::' }],
        listenErrors: [],
        exit: null,
        ended: 'running',
        output: '',
        outputBytes: 0,
        peakMemoryBytes: null,
        leftBehind: 0,
        capture: {
          pid: 1,
          process: 'api',
          argv: [],
          attached: [],
          apiLoaded: false,
          sdkPackagesLoaded: [],
          instrumentations: [],
          exporters: [],
          spansStarted: 0,
          spansEnded: 0,
          notSampled: 0,
          setAfterEnd: [],
          duplicateRegistrations: 0,
          listening: [{ port: 3000, address: '::' }],
          listenErrors: [],
          nestLoaded: true,
          warnings: [],
          diagMessages: [],
        },
      },
    ],
    spans: [],
    unended: [],
    settled: true,
    wire: [],
    answers: { state: 'read', values: {} },
    queries: {},
    ...given,
  };
}

/** The same evidence with other things that the capture of the API said. */
export function withCapture(from: Evidence, capture: object): Evidence {
  return {
    ...from,
    processes: from.processes.map((process) => ({
      ...process,
      capture: { ...process.capture, ...capture } as typeof process.capture,
    })),
  };
}
