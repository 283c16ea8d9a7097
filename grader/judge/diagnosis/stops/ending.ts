import type { ProcessStop } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { counted, milliseconds } from '../../sentences.ts';
import { relevantLines } from '../program/output.ts';
import { nameOf } from '../program/startup.ts';

/** What a platform takes for an orderly end: no error, or the end by the very signal that it sent, as a shell says it. */
const RIGHT_CODES = [0, 143];
const RIGHT_SIGNAL = 'SIGTERM';
const WANTED = 'it ends within 5 s of SIGTERM, with exit code 0 or by the signal.';

/** A process that did not end in time, or with the code of a failure; null when it ended as it should. */
export function diagnoseEnding(stop: ProcessStop): Finding | null {
  if (stop.askedMs === null) return null;
  if (stop.endedMs === null) return hangs(stop, stop.askedMs);
  if (stop.code === null ? isRightSignal(stop.signal) : RIGHT_CODES.includes(stop.code)) return null;
  const how = stop.code === null ? `by ${stop.signal}` : `with exit code ${stop.code}`;
  const vain = vainCalls(stop, stop.askedMs);
  return {
    reason: 'shutdown-wrong-exit',
    saw: `${nameOf({ name: stop.kind })} got SIGTERM ${stop.label}, and ended ${how}.`,
    wanted: WANTED,
    look:
      vain > 0
        ? `what becomes of a flush that fails? It called the collector ${counted(vain, 'time')} in vain. The lines below are your program's own words.`
        : "the lines below: your program's own words. What does your platform make of such a code?",
    output: relevantLines(stop.record.output),
    seen: [{ kind: 'process', text: `${stop.kind}: ${how}` }],
  };
}

function hangs(stop: ProcessStop, askedMs: number): Finding {
  const vain = vainCalls(stop, askedMs);
  return {
    reason: 'shutdown-hangs',
    saw: `${nameOf({ name: stop.kind })} got SIGTERM ${stop.label}, and still ran ${milliseconds(stop.patienceMs)} later. It was killed then.`,
    wanted: WANTED,
    ...(vain > 0 && {
      cause: `It was still trying: it called the collector ${counted(vain, 'time')} in vain after SIGTERM.`,
    }),
    look:
      vain > 0
        ? 'how long may a flush take at most, and who says so?'
        : 'who ends the process when your handler is done? Once something listens to SIGTERM, Node no longer does.',
    output: relevantLines(stop.record.output, 4),
    seen: [{ kind: 'process', text: `${stop.kind}: still running` }],
  };
}

function vainCalls({ inVainMs }: ProcessStop, sinceMs: number): number {
  return inVainMs.filter((atMs) => atMs >= sinceMs).length;
}

/** Without last words of the process, nobody may know how it ended. */
function isRightSignal(signal: string | null): boolean {
  return signal === null || signal === RIGHT_SIGNAL;
}
