import { visibleText } from '@workshop/base';
import type { LiveEvent, LiveVerdict } from '../grading/index.ts';
import { commandWord, numberOf } from '../workshop/index.ts';

/** Changes that are named one by one; more are counted. */
const MOST_CHANGES = 3;

/** What the terminal of `npm start` says of the live grader: a verdict in a line or two, and trouble. */
export function liveLines(event: LiveEvent): string[] {
  if (event.type === 'verdict') return verdictLines(event);
  if (event.type !== 'trouble') return [];
  const [first = ''] = event.message.split('\n');
  return [`${event.exercise ?? 'Your save'} was not graded: ${visibleText(first)}`];
}

function verdictLines({ exercise, report, first, changes, hadVerdict }: LiveVerdict): string[] {
  const { checks, verdict } = report;
  const passed = checks.filter((check) => check.verdict === 'pass').length;
  const counted = `${exercise}: ${passed} of ${checks.length} checks pass`;
  const lines = [
    verdict === 'pass' ? `${counted}. ${first ? 'Passed.' : 'It passes.'}` : `${counted}${nextOf(report)}`,
  ];
  if (!hadVerdict || changes.length === 0) return lines;
  const named = changes.slice(0, MOST_CHANGES).map(({ number, text }) => `${number} ${text}`);
  const more = changes.length - named.length;
  return [...lines, `Changed: ${named.join(', ')}${more > 0 ? `, and ${more} more` : ''}.`];
}

function nextOf({ id, checks, trouble }: LiveVerdict['report']): string {
  if (trouble !== null || checks.some(({ verdict }) => verdict === 'error'))
    return `. The grader itself had trouble; it is not your code. npm run grade -- ${commandWord({ number: numberOf(id) })}`;
  const failing = checks.find(({ verdict }) => verdict === 'fail');
  return failing ? `. ${failing.number}: ${failing.failure?.summary ?? failing.title}` : '.';
}
