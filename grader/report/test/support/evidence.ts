import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';

let serial = 0;

/** A span of trace `request`, 1000 to 1100 ms. */
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
    resource: {},
    scope: { name: 'murmur' },
    origin: { process: 'api', captured: true, received: true, seq: serial, phase: 'run' },
    ...given,
  };
}

/** Evidence of one GET /feed, with an API that never loaded anything of OpenTelemetry. */
export function evidence(given: Partial<Evidence> = {}): Evidence {
  return {
    exercise: '01-first-trace',
    seed: 7,
    requests: [{ path: '/feed', status: 200 }],
    processes: [{ name: 'api', capture: { apiLoaded: false } }],
    spans: [],
    unended: [],
    ...given,
  } as unknown as Evidence;
}
