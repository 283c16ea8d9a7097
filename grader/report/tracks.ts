import { labelled, paint, type Screen } from '@workshop/base/terminal';
import { commandWord, type ListedExercise, type TrackState } from '../workshop/index.ts';
import { exerciseListLines } from './exercise-list.ts';

/** The tracks, each with its time, what it is good for, and how far the learner is. */
export function trackListLines(states: readonly TrackState[], screen: Screen): string[] {
  const { bold, dim } = paint(screen);
  return [
    'Ways through the workshop, by the time that you have:',
    ...states.flatMap((state) => [
      '',
      bold(headOf(state)),
      ...labelled('  ', `${state.track.purpose}.`, screen),
    ]),
    '',
    dim(`The exercises of one: npm run tracks -- ${states[0]?.track.id ?? ''}`),
  ];
}

/** One track with its exercises, and what to do next. */
export function trackLines(state: TrackState, listed: readonly ListedExercise[], screen: Screen): string[] {
  const ids = new Set(state.track.exercises.map(({ id }) => id));
  const own = listed.filter(({ exercise }) => ids.has(exercise.id));
  const { bold } = paint(screen);
  return [
    bold(headOf(state)),
    ...labelled('', `${state.track.purpose}.`, screen),
    '',
    ...exerciseListLines(own, screen),
    '',
    ...nextSteps(state).map((line) => `  ${line}`),
  ];
}

function headOf({ track, minutes, behind, graded }: TrackState): string {
  return `${track.title} (${track.id}): about ${spoken(minutes)}, ${behind} of ${graded} done`;
}

function nextSteps({ next, leaveOut }: TrackState): string[] {
  if (!next) return ['All of it is behind you.'];
  const skips = leaveOut.map((one) => `Leave out ${one.number}: npm run skip -- ${commandWord(one)}`);
  return [...skips, `Next is exercises/${next.id}/README.md`];
}

/** `1 h 40 min` */
function spoken(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 && `${hours} h`, rest > 0 && `${rest} min`].filter(Boolean).join(' ');
}
