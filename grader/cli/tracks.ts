import { screenOf } from '@workshop/base/terminal';
import { trackLines, trackListLines } from '../report/index.ts';
import {
  chooseTrack,
  exerciseStates,
  loadManifest,
  readProgress,
  trackState,
  tracksOf,
} from '../workshop/index.ts';

/** Shows the ways through the workshop, or one with its exercises. */
export async function showTracks(word: string | undefined): Promise<void> {
  const [all, progress] = await Promise.all([loadManifest(), readProgress()]);
  const screen = screenOf(process.stdout, process.env, false);
  const tracks = tracksOf(all);
  const lines =
    word === undefined
      ? trackListLines(
          tracks.map((track) => trackState(track, all, progress)),
          screen,
        )
      : trackLines(
          trackState(chooseTrack(word, tracks), all, progress),
          exerciseStates(all, progress),
          screen,
        );
  console.log(lines.join('\n'));
}
