import type { EventPublisher } from '@workshop/lab';
import type { LiveEvent } from '../grading/index.ts';
import { numberOf } from '../workshop/index.ts';

/** Characters; a stack of our own may be long. */
const MOST_OF_A_MESSAGE = 4_000;

/**
 * Tells everybody who listens to the lab what the live grader does: `save`, `grading`, `verdict` and `trouble`. An event
 * says that something is so now; the verdict itself stands at /api/learn/:id.
 */
export function publishLive(events: EventPublisher, event: LiveEvent): void {
  const { generation } = event;
  const exercise = event.exercise === null ? null : numberOf(event.exercise);
  if (event.type === 'save') events.publish('save', { generation, exercise, file: event.file });
  else if (event.type === 'grading') {
    const { step, of, text } = event;
    events.publish('grading', { generation, exercise, step, of, text });
  } else if (event.type === 'verdict') {
    const { verdict, passed, first, hadVerdict, changes, ms } = event;
    const current = event.current === null ? null : numberOf(event.current);
    const said = { verdict, passed, first, hadVerdict, changes, current, ms };
    events.publish('verdict', { generation, exercise, ...said });
  } else {
    events.publish('trouble', { generation, exercise, message: event.message.slice(0, MOST_OF_A_MESSAGE) });
  }
}
