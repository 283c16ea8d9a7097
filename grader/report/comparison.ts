import { labelled, paint, type Screen } from '@workshop/base/terminal';
import { diffTraces, type Span } from '@workshop/telemetry/pure';
import type { AnswersFile, Evidence, EvidenceSpan, QueryRow, QueryRun } from '../evidence/index.ts';

/** What differs between two traces, with one word for its kind. */
export interface TraceDifference {
  kind: 'missing' | 'extra' | 'moved' | 'differs';
  text: string;
}

export interface TraceComparison {
  /** `GET /feed: feed of Iris` */
  title: string;
  differences: TraceDifference[];
}

/** Whether a pool opens a connection or has one left is a matter of the moment, and so is how often it did at a start. */
const OF_THE_MOMENT = /^(pg|pg-pool|tcp|tls)\.connect/;

/**
 * Compares what two runs of the same seed saw, request by request, and last what belongs to no request. A difference is
 * told once, at the first request that shows it.
 * @param passed the exercise is passed, so what its own spans are called is free where the names differ
 */
export function compareTraces(yours: Evidence, solution: Evidence, passed = false): TraceComparison[] {
  const told = new Set<string>();
  const fresh = (differences: TraceDifference[]): TraceDifference[] =>
    differences.filter(({ text }) => !told.has(text) && told.add(text));
  const ofRequests = { yours: new Set<string>(), solution: new Set<string>() };
  const comparisons = solution.requests.map((request): TraceComparison => {
    const title = `${request.method} ${request.path.split('?')[0]}: ${request.label}`;
    const own = yours.requests.find((one) => one.id === request.id);
    const wanted = traceOf(solution, request.userAgent, ofRequests.solution);
    const seen = own ? traceOf(yours, own.userAgent, ofRequests.yours) : [];
    if (wanted.length > 0 && seen.length === 0)
      return {
        title,
        differences: fresh([{ kind: 'missing', text: 'Your run has no spans for this request.' }]),
      };
    return { title, differences: fresh(differencesOf(wanted, passed ? named(seen, wanted) : seen)) };
  });
  const rest = (evidence: Evidence, known: ReadonlySet<string>): EvidenceSpan[] =>
    evidence.spans.filter((span) => !known.has(span.traceId));
  comparisons.push({
    title: 'outside of these requests',
    differences: fresh(
      differencesOf(rest(solution, ofRequests.solution), rest(yours, ofRequests.yours)),
    ).filter(({ kind }) => kind !== 'differs'),
  });
  return comparisons.filter(({ differences }) => differences.length > 0);
}

/** The trace of one request: its SERVER span carries the User-Agent that only this request had. */
function traceOf(evidence: Evidence, userAgent: string, known: Set<string>): EvidenceSpan[] {
  const server = evidence.spans.find((span) => span.attributes['user_agent.original'] === userAgent);
  if (!server) return [];
  known.add(server.traceId);
  return evidence.spans.filter((span) => span.traceId === server.traceId);
}

/** Own spans of a trace under the names of another one's, where both have one at the same place and only the name differs. */
function named(seen: readonly EvidenceSpan[], wanted: readonly EvidenceSpan[]): EvidenceSpan[] {
  const [mine, theirs] = [ownNames(seen, wanted), ownNames(wanted, seen)];
  const names = new Map<string, string>();
  for (const [place, [name, ...more]] of mine) {
    const [other, ...others] = theirs.get(place) ?? [];
    if (name !== undefined && other !== undefined && more.length + others.length === 0)
      names.set(name, other);
  }
  return seen.map((span) => ({ ...span, name: (isOwn(span) && names.get(span.name)) || span.name }));
}

/** Names of own spans that the other trace does not have, by their place: the parent's name, and the kind. */
function ownNames(spans: readonly EvidenceSpan[], other: readonly EvidenceSpan[]): Map<string, string[]> {
  const known = new Set(other.map(({ name }) => name));
  const nameOf = new Map(spans.map((span) => [span.spanId, span.name]));
  const own = spans.filter((span) => isOwn(span) && !known.has(span.name));
  const byPlace = Map.groupBy(own, ({ parentSpanId, kind }) => `${nameOf.get(parentSpanId ?? '')} ${kind}`);
  return new Map([...byPlace].map(([place, group]) => [place, [...new Set(group.map(({ name }) => name))]]));
}

function isOwn({ scope }: EvidenceSpan): boolean {
  return !scope.name.startsWith('@opentelemetry/');
}

function differencesOf(wanted: readonly Span[], seen: readonly Span[]): TraceDifference[] {
  const kept = (spans: readonly Span[]) => spans.filter(({ name }) => !OF_THE_MOMENT.test(name));
  const diff = diffTraces(kept(wanted), kept(seen), { labels: { a: 'the solution', b: 'yours' } });
  const ends = [
    ['missing', diff.missing.length],
    ['extra', diff.extra.length],
    ['moved', diff.moved.length],
  ] as const;
  const kinds = ends.flatMap(([kind, count]) => Array.from({ length: count }, () => kind));
  return diff.lines.map((text, at) => ({ kind: kinds[at] ?? 'differs', text }));
}

/** Words for a way that passes, too: it lacks nothing, and nothing in it is too much. */
const ALSO_RIGHT = { missing: 'solution', extra: 'yours', moved: 'both', differs: 'both' } as const;

/** The differences of traces in words. */
export function traceLines(
  comparisons: readonly TraceComparison[],
  screen: Screen,
  passed = false,
): string[] {
  const { bold } = paint(screen);
  if (comparisons.length === 0) return ['The traces have the same structure and the same attributes.'];
  const head = passed ? ['Yours passes, so it is also right. It goes another way here:', ''] : [];
  const wordOf = (kind: TraceDifference['kind']): string => (passed ? ALSO_RIGHT[kind] : kind);
  return head.concat(
    comparisons.flatMap(({ title, differences }, at) => [
      ...(at === 0 ? [] : ['']),
      bold(title),
      ...differences.flatMap(({ kind, text }) => labelled(`  ${wordOf(kind).padEnd(8)} `, text, screen)),
    ]),
  );
}

/** What the learner's saved queries gave over the hidden data, beside the solution's; nothing where none was asked. */
export function queryLines(yours: Evidence, solution: Evidence, screen: Screen, passed = false): string[] {
  const results = Object.entries(solution.queryResults ?? {});
  return results.flatMap(([id, wanted]) => {
    const own = yours.queryResults?.[id];
    if (wanted.state !== 'ran') return [];
    if (own?.state !== 'ran') return labelled(`  ${id}  `, 'yours gives no result.', screen);
    return labelled(`  ${id}  `, rowsText(own.runs, wanted.runs, passed), screen);
  });
}

function rowsText(own: readonly QueryRun[], wanted: readonly QueryRun[], passed: boolean): string {
  const pairs = wanted.map(
    (run) => [own.find((one) => one.dataSet === run.dataSet)?.rows ?? [], run.rows] as const,
  );
  const [mine = 0, theirs = 0] = [0, 1].map((side) =>
    pairs.reduce((sum, pair) => sum + (pair[side]?.length ?? 0), 0),
  );
  const counts = `yours ${mine} rows, the solution's ${theirs}`;
  if (pairs.every(([a, b]) => a.length === b.length && a.every((row, at) => sameRow(row, b[at])))) {
    return `the same rows in the same order, over all hidden data: ${mine}.`;
  }
  return passed ? `${counts}; yours is also right.` : `${counts}, and they are not the same.`;
}

/** In the columns that both have. */
function sameRow(one: QueryRow, other: QueryRow | undefined): boolean {
  const shared = Object.keys(one).filter((key) => other && key in other);
  return shared.length > 0 && shared.every((key) => one[key] === other?.[key]);
}

/** Both answers to the question of an exercise, such as `03`. */
export function answersLine(
  number: string,
  yours: AnswersFile,
  solution: AnswersFile,
  passed = false,
): string {
  const text = (answers: AnswersFile): string => {
    const value = answers.state === 'read' ? answers.values[number] : undefined;
    return value === undefined || value === null || value === '' ? 'none' : JSON.stringify(value);
  };
  const [own, wanted] = [text(yours), text(solution)];
  const also = passed && own !== wanted && own !== 'none' ? ' Yours is also right.' : '';
  return `Answer "${number}" in answers.json: yours ${own}, the solution's ${wanted}.${also}`;
}
