import type { Evidence, ProcessRecord, ProcessStop } from '../../../../evidence/index.ts';
import { ended, picked, type Way } from './way.ts';

/**
 * Requests, facts, processes, wire, page and headers without what is usually there. What the scenario itself writes
 * down, its requests and facts, is missing only where it was not finished: else scenario and checks do not fit, which is
 * an error of ours and is to be one.
 */
export const SURROUNDINGS: Record<string, Way> = {
  'no requests, since the scenario was not finished': (evidence) => {
    evidence.requests = [];
    ended(evidence);
  },
  'one request is missing, since the scenario was not finished': (evidence, at) => {
    evidence.requests.splice(at % (evidence.requests.length + 1), 1);
    ended(evidence);
  },
  'requests have no answer': (evidence) => {
    for (const sent of evidence.requests)
      Object.assign(sent, { status: null, error: 'socket hang up', responseBody: '' });
  },
  'one request has another answer': (evidence, at) => {
    const sent = picked(evidence.requests, at);
    if (sent) sent.status = picked([200, 301, 401, 404, 500, 503], at) ?? null;
  },
  'requests have no headers': (evidence) => {
    for (const sent of evidence.requests) Object.assign(sent, { requestHeaders: {}, responseHeaders: {} });
  },
  'nobody was signed in': (evidence) => {
    for (const sent of evidence.requests) sent.userId = null;
  },
  'no facts, since the scenario was not finished': (evidence) => {
    evidence.facts = {};
    ended(evidence);
  },
  'one fact is missing, since the scenario was not finished': (evidence, at) => {
    delete evidence.facts[factName(evidence, at)];
    ended(evidence);
  },
  'the system did not start': (evidence) => {
    Object.assign(evidence, {
      drive: { state: 'not-started' },
      facts: {},
      requests: [],
      spans: [],
      unended: [],
      wire: [],
    });
  },
  'no processes': (evidence) => {
    evidence.processes = [];
  },
  'processes have no capture': (evidence) => {
    for (const one of evidence.processes) one.capture = null;
  },
  'captures saw nothing': (evidence) => {
    for (const { capture } of evidence.processes)
      if (capture)
        Object.assign(capture, {
          attached: [],
          sdkPackagesLoaded: [],
          instrumentations: [],
          exporters: [],
          spansStarted: 0,
          spansEnded: 0,
        });
  },
  'processes have ended': (evidence, at) => {
    for (const one of evidence.processes) {
      one.ended = picked<ProcessRecord['ended']>(ENDS, at) ?? 'exited';
      one.exit =
        at % 2 === 0
          ? { code: at % 3, signal: null, afterMs: 100 }
          : { code: null, signal: 'SIGKILL', afterMs: 1 };
    }
  },
  'processes said nothing': (evidence) => {
    for (const one of evidence.processes)
      Object.assign(one, { output: '', outputBytes: 0, script: '', listening: [], askedPort: null });
  },
  'nothing was stopped, since the scenario was not finished': (evidence) => {
    evidence.stops = [];
    ended(evidence);
  },
  'what was stopped has another end': (evidence, at) => {
    for (const stop of evidence.stops ?? [])
      Object.assign(stop, picked<Partial<ProcessStop>>(STOPS, at) ?? {}, { inVainMs: [] });
  },
  'what was stopped never ran': (evidence) => {
    for (const stop of evidence.stops ?? []) neverRan(stop);
  },
  'one that was to be stopped never ran, and no other of its kind was started after it': (evidence, at) => {
    const kind = picked(evidence.stops ?? [], at)?.kind;
    const [first] = (evidence.stops ?? []).filter((stop) => stop.kind === kind);
    if (first) neverRan(first);
    evidence.stops = (evidence.stops ?? []).filter((stop) => stop.kind !== kind || stop === first);
  },
  'nothing on the wire': (evidence) => {
    evidence.wire = [];
  },
  'the collector refused everything': (evidence) => {
    for (const one of evidence.wire)
      Object.assign(one, { status: 400, spanIds: [], serviceNames: [], error: 'no protobuf' });
    for (const span of evidence.spans) span.origin.received = false;
  },
  'no page, since the scenario was not finished': (evidence) => {
    evidence.page = null;
    ended(evidence);
  },
  'the page could not be used': (evidence, at) => {
    if (evidence.page)
      evidence.page.state =
        picked(['build-failed', 'blank', 'script-error', 'unresponsive', 'never-ready', 'not-opened'], at) ??
        'blank';
  },
  "the page's capture saw nothing": (evidence) => {
    if (evidence.page)
      Object.assign(evidence.page.telemetry, {
        apiVersions: [],
        providers: [],
        exporters: [],
        spansStarted: 0,
        spansEnded: 0,
        replacedApis: undefined,
      });
  },
  'no headers, since the scenario was not finished': (evidence) => {
    evidence.headers = [];
    ended(evidence);
  },
  'headers are empty': (evidence) => {
    for (const one of evidence.headers ?? [])
      Object.assign(one, {
        traceparent: null,
        baggage: null,
        origin: null,
        requestHeaders: {},
        responseHeaders: {},
        status: null,
        durationMs: null,
      });
  },
  'traceparents are no traceparents': (evidence) => {
    for (const one of evidence.headers ?? []) if (one.traceparent) one.traceparent = '00-xyz';
  },
  'paths are no paths, and the scenario was not finished': (evidence, at) => {
    const path = picked(['', '//', '/%E0%A4%A', '?q=', '/feed?q=%'], at) ?? '';
    for (const one of [...evidence.requests, ...(evidence.headers ?? [])]) one.path = path;
    ended(evidence);
  },
};

function neverRan({ record }: ProcessStop): void {
  Object.assign(record, { readyAfterMs: null, capture: null, output: '', listening: [], exit: null });
}

const STOPS: Partial<ProcessStop>[] = [
  { askedMs: null, endedMs: null, code: null, signal: null },
  { endedMs: null, code: null, signal: null },
  { code: 1, signal: null },
  { code: null, signal: 'SIGKILL' },
  { code: null, signal: null },
];
const ENDS = ['exited', 'start-timeout', 'output-limit', 'memory-limit', 'stopped'] as const;

const factName = ({ facts }: Evidence, at: number): string => picked(Object.keys(facts), at) ?? '';
