import type { Evidence, ProcessEnd, ProcessRecord } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { processOf } from '../../joins/index.ts';
import { requestName } from '../../sentences.ts';
import { relevantLines } from './output.ts';
import { nameOf, ownSourceLine, workOf } from './startup.ts';

/**
 * A process of the learner's that ended by itself after it had been ready; null when all ran until the grader stopped
 * them. Nothing that was answered before makes up for that: users of a real system would have met a closed door.
 */
export function diagnoseEnds(evidence: Evidence): Finding | null {
  const [end] = evidence.ends ?? [];
  const process = end
    ? processOf(evidence, end.process)
    : evidence.processes.find((one) => one.ended === 'exited' && one.readyAfterMs !== null);
  if (!end && !process) return null;
  const which = { name: end?.process ?? process?.name ?? 'api' };
  const name = nameOf(which);
  const how = howItEnded(end ?? process?.exit ?? null);
  const output = end?.output || process?.output || '';
  const place = ownSourceLine(output);
  return {
    reason: 'exited-early',
    saw: `${name} ended by itself while it ${workOf(which)}, with ${how}.${lastRequest(evidence, end)}`,
    wanted: 'it runs until it is told to stop, whatever a request or a message brings.',
    look: `${place ? `${place}, and ` : ''}the lines below: your program's own words.`,
    output: relevantLines(output),
    seen: [{ kind: 'process', text: `${end?.process ?? process?.name}: ${how}` }],
  };
}

function howItEnded(end: Pick<ProcessEnd, 'code' | 'signal'> | ProcessRecord['exit']): string {
  if (end?.signal) return `signal ${end.signal}`;
  return end?.code === null || end?.code === undefined ? 'no exit code' : `exit code ${end.code}`;
}

/** ` GET /feed got no answer.`, else which request was the last one before it. */
function lastRequest(evidence: Evidence, end: ProcessEnd | undefined): string {
  const open = evidence.requests.find((request) => request.status === null);
  if (open) return ` ${requestName(open)} got no answer.`;
  return end?.after ? ` The last request before that was ${requestName(end.after)}.` : '';
}
