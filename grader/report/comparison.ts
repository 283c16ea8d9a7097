import { labelled, paint, type Screen, wrapped } from '@workshop/base/terminal';
import { diffTraces, type Span } from '@workshop/telemetry/pure';
import { diffLines } from 'diff';
import type { AnswersFile, Evidence, EvidenceSpan } from '../evidence/index.ts';

/** Unchanged lines that are shown around a change. */
const CONTEXT = 3;
/** Columns of the gutter: a word and a sign. */
const GUTTER = 11;
/** A file that only the learner changed is shown up to so many changed lines. */
const LONGEST_OF_YOURS = 60;

/** One file in two versions, null where it is not there. */
export interface ComparedFile {
  path: string;
  yours: string | null;
  solution: string | null;
  changedBySolution: boolean;
}

/**
 * Code beside the solution's as a diff: a word and a sign stand before every change, so colour is never the only sign.
 * @param all also long changes that only the learner made
 */
export function codeLines(files: readonly ComparedFile[], screen: Screen, all = false): string[] {
  const { bold } = paint(screen);
  if (files.length === 0) return ['Your code is the same as the solution.'];
  const lines = ['- is only in yours, + is only in the solution.'];
  for (const file of files) {
    const changed = changedLines(file);
    lines.push('', bold(file.path), ...labelled('  ', headText(file), screen));
    if (!all && !file.changedBySolution && changed > LONGEST_OF_YOURS)
      lines.push(`  ${changed} lines differ. To see them: add --all`);
    else lines.push(...diffOf(file, screen));
  }
  return lines;
}

function headText({ yours, solution, changedBySolution }: ComparedFile): string {
  if (yours === null) return 'This file is only in the solution.';
  if (solution === null) return 'This file is only in yours. Other ways than the solution pass, too.';
  return changedBySolution ? 'You and the solution differ here.' : 'The solution did not touch this file.';
}

function changedLines({ yours, solution }: ComparedFile): number {
  return diffLines(yours ?? '', solution ?? '')
    .filter((part) => part.added || part.removed)
    .reduce((sum, part) => sum + linesIn(part.value).length, 0);
}

function diffOf({ yours, solution }: ComparedFile, screen: Screen): string[] {
  const { red, green, dim } = paint(screen);
  const parts = diffLines(yours ?? '', solution ?? '', { stripTrailingCr: true, ignoreNewlineAtEof: true });
  const lines: string[] = [];
  parts.forEach((part, at) => {
    const own = linesIn(part.value);
    if (part.removed) lines.push(...gutter('yours', '-', own, screen).map(red));
    else if (part.added) lines.push(...gutter('solution', '+', own, screen).map(green));
    else {
      const head = at === 0 ? 0 : CONTEXT;
      const tail = at === parts.length - 1 ? 0 : CONTEXT;
      // Folding a line or two would hide them and save nothing.
      if (own.length <= head + tail + 2) lines.push(...gutter('', ' ', own, screen));
      else {
        lines.push(...gutter('', ' ', own.slice(0, head), screen));
        lines.push(dim(`${' '.repeat(GUTTER)}... ${own.length - head - tail} lines are the same ...`));
        lines.push(...gutter('', ' ', tail > 0 ? own.slice(-tail) : [], screen));
      }
    }
  });
  return lines;
}

/** The word stands before the first line of a change only, the sign before each. */
function gutter(word: string, sign: string, texts: readonly string[], screen: Screen): string[] {
  return texts.flatMap((text, at) => {
    const label = (at === 0 ? word : '').padEnd(GUTTER - 2);
    const shown = text.replaceAll('\t', '  ');
    const room = screen.width - GUTTER;
    const fits = wrapped(shown, room, { trim: false }).length === 1;
    const rows = fits
      ? [shown]
      : wrapped(shown, room - 4, { trim: false }).map((row, number) =>
          number === 0 ? row : `    ${row.trimStart()}`,
        );
    return rows.map((row, number) =>
      `${number === 0 ? label : ' '.repeat(GUTTER - 2)}${sign} ${row}`.trimEnd(),
    );
  });
}

function linesIn(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

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

/**
 * Compares what two runs of the same seed saw, request by request, and last what belongs to no request. A difference is
 * told once, at the first request that shows it.
 */
export function compareTraces(yours: Evidence, solution: Evidence): TraceComparison[] {
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
    return { title, differences: fresh(differencesOf(wanted, seen)) };
  });
  const rest = (evidence: Evidence, known: ReadonlySet<string>): EvidenceSpan[] =>
    evidence.spans.filter((span) => !known.has(span.traceId));
  comparisons.push({
    title: 'outside of these requests',
    differences: fresh(differencesOf(rest(solution, ofRequests.solution), rest(yours, ofRequests.yours))),
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

function differencesOf(wanted: readonly Span[], seen: readonly Span[]): TraceDifference[] {
  const diff = diffTraces(wanted, seen, { labels: { a: 'the solution', b: 'yours' } });
  const ends = [
    ['missing', diff.missing.length],
    ['extra', diff.extra.length],
    ['moved', diff.moved.length],
  ] as const;
  const kinds = ends.flatMap(([kind, count]) => Array.from({ length: count }, () => kind));
  return diff.lines.map((text, at) => ({ kind: kinds[at] ?? 'differs', text }));
}

/** The differences of traces in words. */
export function traceLines(comparisons: readonly TraceComparison[], screen: Screen): string[] {
  const { bold } = paint(screen);
  if (comparisons.length === 0) return ['The traces have the same structure and the same attributes.'];
  return comparisons.flatMap(({ title, differences }, at) => [
    ...(at === 0 ? [] : ['']),
    bold(title),
    ...differences.flatMap(({ kind, text }) => labelled(`  ${kind.padEnd(8)} `, text, screen)),
  ]);
}

/** Both answers to the question of an exercise, such as `03`. */
export function answersLine(number: string, yours: AnswersFile, solution: AnswersFile): string {
  const text = (answers: AnswersFile): string => {
    const value = answers.state === 'read' ? answers.values[number] : undefined;
    return value === undefined || value === null || value === '' ? 'none' : JSON.stringify(value);
  };
  return `Answer "${number}" in answers.json: yours ${text(yours)}, the solution's ${text(solution)}.`;
}
