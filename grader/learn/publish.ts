import type { EventPublisher } from '@workshop/lab';
import type { LiveEvent } from '../grading/index.ts';
import { numberOf } from '../workshop/index.ts';
import type { LearnEvents } from './shapes/index.ts';

/** Characters; a stack of our own may be long. */
const MOST_OF_A_MESSAGE = 4_000;

/**
 * Tells everybody who listens to the lab what the live grader does: `save`, `grading`, `verdict` and `trouble`. An event
 * says that something is so now; the verdict itself stands at /api/learn/:id.
 */
export function publishLive(events: EventPublisher, event: LiveEvent): void {
  const tell = <Kind extends keyof LearnEvents>(kind: Kind, data: LearnEvents[Kind]): void =>
    events.publish(kind, data);
  const { generation } = event;
  if (event.type === 'save') {
    tell('save', { generation, exercise: idOf(event.exercise), file: event.file });
  } else if (event.type === 'grading') {
    const { step, of, text } = event;
    tell('grading', { generation, exercise: numberOf(event.exercise), step, of, text });
  } else if (event.type === 'verdict') {
    const { verdict, passed, first, hadVerdict, changes, ms } = event;
    const said = { verdict, passed, first, hadVerdict, changes, current: idOf(event.current), ms };
    tell('verdict', { generation, exercise: numberOf(event.exercise), ...said });
  } else {
    const message = event.message.slice(0, MOST_OF_A_MESSAGE);
    tell('trouble', { generation, exercise: idOf(event.exercise), message });
  }
}

function idOf(exercise: string | null): string | null {
  return exercise === null ? null : numberOf(exercise);
}
