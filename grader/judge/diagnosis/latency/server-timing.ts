import { endMs } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { SERVER_TIMING_MS, SERVER_TIMING_SHARE } from '../../tolerances.ts';

/** One metric of a Server-Timing header. Milliseconds; null without a `dur`. */
export interface ServerMetric {
  name: string;
  duration: number | null;
}

/** What the page of another origin saw of one answer. */
export interface TimingRead {
  /** path and query of the request */
  path: string;
  status: number | null;
  /** the header as the page may read it; null: the browser hides it */
  header: string | null;
  /** the same, from the browser's resource timing; empty: the browser hides it */
  timing: { name: string; duration: number }[];
  /** from the request to the end of the answer, as the page saw it */
  waitedMs: number | null;
}

/** Reads a Server-Timing header: Server Timing, W3C. What cannot be read is left out. */
export function readServerTiming(header: string | undefined): ServerMetric[] {
  return (header ?? '')
    .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((metric) => {
      const [name = '', ...parameters] = metric.split(';').map((part) => part.trim());
      const text = parameters.map((one) => /^dur\s*=\s*"?([^"]*)"?$/i.exec(one)?.[1]).find((one) => one);
      const duration = text === undefined ? null : Number(text);
      return { name, duration: duration !== null && Number.isFinite(duration) ? duration : null };
    })
    .filter(({ name }) => /^[!#$%&'*+.^_`|~\w-]+$/.test(name));
}

/** The page asked, and got no answer or an error. */
export function diagnoseUnansweredTiming(title: string, status: number | null): Finding {
  return {
    reason: 'request-failed',
    saw: `${title} of the page got ${status ?? 'no answer'}.`,
    wanted: 'status 200, as Murmur answers without your change.',
    look: 'what does your change do when this request comes in?',
    seen: [{ kind: 'request', text: `${title}: ${status ?? 'no answer'}` }],
  };
}

/** Why an answer of the API does not tell its time; null when it does. */
export function diagnoseMissingTiming(title: string, headers: Record<string, string>): Finding | null {
  const given = headers['server-timing'];
  if (readServerTiming(given).some(({ duration }) => duration !== null)) return null;
  const near = Object.keys(headers).find((name) => name !== 'server-timing' && /tim(?:e|ing)$/.test(name));
  return {
    reason: 'server-timing-missing',
    saw:
      given !== undefined
        ? `the answer to ${title} says Server-Timing: ${given.slice(0, 60)}. There is no duration in it that a browser could read.`
        : near && near !== 'timing-allow-origin'
          ? `the answer to ${title} has no Server-Timing header, but ${near}: ${headers[near]?.slice(0, 40)}.`
          : `the answer to ${title} has no Server-Timing header.`,
    wanted: 'Server-Timing on each answer, with a name and the milliseconds: total;dur=12.3',
    look:
      given !== undefined
        ? 'the form of the header: a name, a semicolon, dur, an equals sign, a number.'
        : 'where do all answers of the API pass? When is the time known, and may headers still be set then?',
    seen: [{ kind: 'header', text: given ?? 'no Server-Timing' }],
  };
}

/** Why a page of another origin could not read what the answer told; null when it could in one way or the other. */
export function diagnoseUnreadable(
  title: string,
  headers: Record<string, string>,
  read: TimingRead,
  pageOrigin: string,
): Finding | null {
  const readable = [
    ...read.timing.map(({ duration }) => duration),
    ...readServerTiming(read.header ?? undefined).map(({ duration }) => duration),
  ];
  const sent = readServerTiming(headers['server-timing']).map(({ duration }) => duration);
  if (readable.some((duration) => duration !== null && sent.includes(duration))) return null;
  const allow = headers['timing-allow-origin'];
  const expose = headers['access-control-expose-headers'];
  return {
    reason: 'server-timing-unreadable',
    saw: `the answer to ${title} says Server-Timing: ${headers['server-timing']?.slice(0, 50)}. The page, of origin ${pageOrigin}, could read nothing of it.${allow ? ` Timing-Allow-Origin is ${allow}.` : ''}${expose ? ` Access-Control-Expose-Headers is ${expose}.` : ''}`,
    wanted: 'a page of another origin can read it: in the resource timing, or as a header of the answer.',
    cause:
      'A browser hides timings and most headers of another origin, until that origin allows to see them.',
    look: 'exercises/08-server-timing/README.md, "Who may read it". In Codespaces page and API share one origin, and it works without.',
    seen: [{ kind: 'header', text: `Timing-Allow-Origin: ${allow ?? 'none'}; exposed: ${expose ?? 'none'}` }],
  };
}

/** What an answer said of its time, and how long its SERVER span took; null without one. */
interface Told {
  header: string | undefined;
  tookMs: number | null;
}

/**
 * Why the header's time is not the API's own; null when one of its metrics fits. The header is written before the SERVER
 * span ends, and on a busy machine long before: so it may say less, down to the work that lies below that span.
 * @param work what the API did for the answer: the spans below the SERVER span that do not wait for its end, as Express's do
 * @param all every answer that was read: a cause must be true of all of them
 */
export function diagnoseWrongTiming(
  title: string,
  header: string | undefined,
  server: EvidenceSpan,
  work: readonly EvidenceSpan[],
  all: readonly Told[],
): Finding | null {
  const metrics = durationsIn(header);
  const least =
    work.length === 0
      ? server.durationMs
      : Math.max(...work.map(endMs)) - Math.min(...work.map((span) => span.startMs));
  const fits = (ms: number): boolean =>
    isNear(ms, server.durationMs) || isNear(ms, least) || (ms > least && ms < server.durationMs);
  if (metrics.some(({ duration }) => fits(duration))) return null;
  const longest = metrics.reduce(
    (a, b) => (b.duration > a.duration ? b : a),
    metrics[0] ?? { name: '', duration: 0 },
  );
  const base = {
    reason: 'server-timing-wrong' as const,
    saw: `the answer to ${title} says ${longest.name};dur=${longest.duration}. Its SERVER span took ${Math.round(server.durationMs)} ms.`,
    wanted: 'the time from the arrival of the request to its answer, in milliseconds.',
    marks: [markOn(server, `THE HEADER SAYS ${longest.duration} ms`)],
    seen: [{ kind: 'header', text: header ?? '', spanId: server.spanId }],
  };
  const known = all.flatMap(({ header: one, tookMs }) => {
    const told = durationsIn(one);
    return tookMs !== null && told.length > 0 ? [{ told, tookMs }] : [];
  });
  const allFit = (factor: number): boolean =>
    known.every(({ told, tookMs }) => told.some(({ duration }) => isNear(duration * factor, tookMs)));
  const unit = 'the unit: the header counts milliseconds.';
  if (known.length > 1 && allFit(1000)) return { ...base, cause: 'The number is in seconds.', look: unit };
  if (known.length > 1 && (allFit(1e-6) || allFit(1e-3))) {
    return { ...base, cause: 'The number is in a smaller unit.', look: unit };
  }
  const took = known.map(({ tookMs }) => tookMs);
  const differ = !isNear(Math.min(...took), Math.max(...took));
  if (known.length > 1 && differ && all.every((one) => one.header === header)) {
    return {
      ...base,
      cause: 'All answers say the same number, though some take much longer.',
      look: 'where does the number come from? Is it measured for each request?',
    };
  }
  return {
    ...base,
    look: 'where does your measuring begin and end, and where is its beginning kept? What does the API do for this request before and after, and for others meanwhile?',
  };
}

function durationsIn(header: string | undefined): { name: string; duration: number }[] {
  return readServerTiming(header).flatMap(({ name, duration }) =>
    duration === null ? [] : [{ name, duration }],
  );
}

function isNear(ms: number, tookMs: number): boolean {
  return Math.abs(ms - tookMs) <= Math.max(SERVER_TIMING_MS, tookMs * SERVER_TIMING_SHARE);
}
