import { WorkshopError } from '@workshop/base';
import { nearestName } from '@workshop/telemetry/pure';
import type { Exercise } from './manifest.ts';
import { openExercises, type Progress } from './progress.ts';

/** A way through the workshop for those who have a certain time. */
export interface Track {
  /** as the command takes it: `half-day` */
  id: string;
  title: string;
  /** what somebody can do who went this way */
  purpose: string;
  exercises: Exercise[];
}

/** Where a learner is on a track. */
export interface TrackState {
  track: Track;
  /** of all its exercises, by their READMEs */
  minutes: number;
  /** how many of those that are graded are passed or left out */
  behind: number;
  graded: number;
  /** null: all are behind the learner */
  next: Exercise | null;
  /** those before `next` that the track has not, and that are neither passed nor left out yet */
  leaveOut: Exercise[];
}

/** By their numbers; null: all. Each holds what its exercises need. */
const TRACKS: readonly (Omit<Track, 'exercises'> & { numbers: readonly string[] | null })[] = [
  {
    id: 'two-hours',
    title: 'Two hours',
    purpose: 'A trace of one service, spans of your own, and a query that finds the slow users',
    numbers: ['00', '01', '02', '03', '05'],
  },
  {
    id: 'half-day',
    title: 'Half a day',
    purpose: 'The same with failures, a small incident, and one trace from the page to the database',
    numbers: ['00', '01', '02', '03', '03b', '04', '05', '06', '07'],
  },
  {
    id: 'week',
    title: 'A week',
    purpose: 'All of it: network time, queues, baggage, sampling, shutdown, secrets',
    numbers: null,
  },
];

/** The tracks, with those of these exercises that each has, in order. */
export function tracksOf(exercises: readonly Exercise[]): Track[] {
  return TRACKS.map(({ numbers, ...track }) => ({
    ...track,
    exercises: exercises.filter(({ number }) => numbers === null || numbers.includes(number)),
  }));
}

/**
 * The track that a word on the command line names: `two-hours`.
 * @throws WorkshopError for an unknown one
 */
export function chooseTrack(word: string, tracks: readonly Track[]): Track {
  const found = tracks.find(({ id }) => id === word);
  if (found) return found;
  const names = tracks.map(({ id }) => id);
  const near = nearestName(word, names)?.candidate;
  throw new WorkshopError(
    `There is no track "${word}".${near ? ` Did you mean ${near}?` : ''} There are ${names.join(', ')}.`,
  );
}

/** How far a learner has come on a track. */
export function trackState(track: Track, all: readonly Exercise[], progress: Progress): TrackState {
  const graded = track.exercises.filter(({ hasChecks, optional }) => hasChecks && !optional).length;
  const open = openExercises(track.exercises, progress);
  const next = open[0] ?? null;
  const isBefore = (one: Exercise): boolean => next !== null && one.number < next.number;
  return {
    track,
    minutes: track.exercises.reduce((sum, { minutes }) => sum + minutes, 0),
    behind: graded - open.length,
    graded,
    next,
    leaveOut: openExercises(all, progress).filter((one) => isBefore(one) && !track.exercises.includes(one)),
  };
}
