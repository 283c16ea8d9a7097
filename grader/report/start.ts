import { labelled, type Screen } from '@workshop/base/terminal';
import type { Evidence } from '../evidence/index.ts';
import type { ExerciseResult } from '../judge/index.ts';
import type { Exercise } from '../workshop/index.ts';

/** True when nobody has begun: the first exercise failed only because nothing of OpenTelemetry was ever loaded. */
export function isUntouched(result: ExerciseResult, evidence: Evidence): boolean {
  return (
    result.checks.find((check) => check.verdict === 'fail')?.failure?.reason === 'no-provider' &&
    result.checks.every((check) => check.verdict !== 'pass') &&
    evidence.processes.every((process) => !process.capture?.apiLoaded)
  );
}

/** The first words that a new learner reads: where to begin, and that nothing is broken. */
export function untouchedLines(
  result: ExerciseResult,
  evidence: Evidence,
  exercises: readonly Exercise[],
  screen: Screen,
): string[] {
  const graded = exercises.filter((exercise) => exercise.hasChecks && !exercise.optional);
  const first = graded[0] as Exercise;
  const later = graded.slice(1);
  const feeds = evidence.requests.filter((request) => request.path === '/feed');
  const people = ['no', 'one user', 'two users', 'three users'][feeds.length] ?? `${feeds.length} users`;
  const statuses = feeds.map((request) => request.status).join(', ');
  const lines = [
    'Murmur runs. It says nothing yet, and that is where you come in.',
    '',
    `  ${first.id.padEnd(18)} next    0 of ${result.checks.length} checks   your first task, about ${first.minutes} minutes`,
  ];
  if (later.length > 0) lines.push(`  ${`${later[0]?.number} to ${later.at(-1)?.number}`.padEnd(18)} later`);
  lines.push(
    '',
    ...labelled(
      '  ',
      `The grader opened GET /feed as ${people}: ${statuses}. It saw ${evidence.spans.length} spans, since no tracer provider was started in app-backend. Nothing is broken and nothing is wrong with your machine.`,
      screen,
    ),
    '',
    `  Start here: exercises/${first.id}/README.md`,
  );
  return lines;
}
