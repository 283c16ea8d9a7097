import type { EvidenceSpan } from '../../../evidence/index.ts';
import type { Failure } from '../../verdict.ts';

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

/** The header and the SERVER span begin and end at slightly different places in the API. */
const TOLERANCE_MS = 25;
const TOLERANCE_SHARE = 0.1;

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

/** Why an answer of the API does not tell its time; null when it does. */
export function diagnoseMissingTiming(title: string, headers: Record<string, string>): Failure | null {
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
  read: TimingRead,
  headers: Record<string, string>,
  pageOrigin: string,
): Failure | null {
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

/** Why the header's time is not the API's own; null when one of its metrics fits the SERVER span. */
export function diagnoseWrongTiming(
  title: string,
  header: string | undefined,
  server: EvidenceSpan,
  others: readonly (string | undefined)[],
): Failure | null {
  const metrics = readServerTiming(header).filter((one) => one.duration !== null);
  const took = server.durationMs;
  const fits = (ms: number): boolean => Math.abs(ms - took) <= Math.max(TOLERANCE_MS, took * TOLERANCE_SHARE);
  if (metrics.some(({ duration }) => fits(duration ?? 0))) return null;
  const longest = metrics.reduce((a, b) => ((b.duration ?? 0) > (a.duration ?? 0) ? b : a));
  const told = longest.duration ?? 0;
  const base = {
    reason: 'server-timing-wrong' as const,
    saw: `the answer to ${title} says ${longest.name};dur=${told}. Its SERVER span took ${Math.round(took)} ms.`,
    wanted: 'the time from the arrival of the request to its answer, in milliseconds.',
    views: [
      {
        title,
        traceId: server.traceId,
        marks: [{ spanId: server.spanId, text: `THE HEADER SAYS ${told} ms` }],
      },
    ],
    seen: [{ kind: 'header', text: header ?? '', spanId: server.spanId }],
  };
  if (fits(told * 1000)) {
    return { ...base, cause: 'The number is in seconds.', look: 'the unit: the header counts milliseconds.' };
  }
  if (fits(told / 1e6) || fits(told / 1000)) {
    return {
      ...base,
      cause: 'The number is in another unit.',
      look: 'the unit: the header counts milliseconds.',
    };
  }
  if (others.length > 1 && others.every((one) => one === header)) {
    return {
      ...base,
      cause: 'All answers say the same number, though some take much longer.',
      look: 'where does the number come from? Is it measured for each request?',
    };
  }
  return {
    ...base,
    look: 'where does your measuring begin and end? What does the API do for this request before and after?',
  };
}
