import type { Evidence, EvidenceSpan, ProcessStop, SentRequest } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { exportsOf, isAbandoned, spansOfProcess } from '../../joins/index.ts';
import { counted, milliseconds, requestName } from '../../sentences.ts';
import { relevantLines } from '../program/output.ts';
import { nameOf } from '../program/startup.ts';
import { diagnoseExport } from '../sdk/export.ts';

/** So many exports OpenTelemetry's exporters have under way, `concurrencyLimit`. */
const MOST_AT_ONCE = 30;
const ORDER = 'exercises/14-nothing-lost/README.md, "First the work, then the flush".';
const AT_STOP =
  'which line of yours runs when the process is told to stop? What does it do with the spans that wait?';

/**
 * Spans of a process that had ended and never came to the collector, since it was stopped; null when all came.
 * @param spans those that a check speaks of
 */
export function diagnoseLostAtStop(
  evidence: Evidence,
  stop: ProcessStop,
  spans: readonly EvidenceSpan[],
): Finding | null {
  const lost = spans.filter(({ origin }) => !origin.received);
  if (lost.length === 0) return null;
  // What the request or the message itself was says more than a part of it.
  const shown =
    lost.find(({ kind }) => kind === 'SERVER' || kind === 'CONSUMER') ?? (lost[0] as EvidenceSpan);
  const all = spansOfProcess(evidence, stop.process);
  const elsewhere = sentElsewhere(evidence, stop, all);
  if (elsewhere) return elsewhere;
  const what = `${lost.length} of ${counted(spans.length, 'span')} that had ended never came to the collector.`;
  const base: Omit<Finding, 'look'> = {
    reason: 'spans-lost-at-shutdown',
    saw: `${told(stop)} ${what}`,
    wanted: `all ${spans.length} at the collector. The process has 5 s to end.`,
    marks: [markOn(shown, 'NEVER CAME')],
    seen: [{ kind: 'lost', text: `${lost.length} of ${spans.length}`, spanId: shown.spanId }],
  };
  const loss: Loss = { evidence, stop, all, lost, base };
  return (
    oneByOne(loss) ??
    abandoned(loss) ??
    afterTheFlush(loss) ??
    nothingSent(loss) ?? {
      ...base,
      look: "what happens to an export that fails? The lines below are your program's own words.",
      output: relevantLines(stop.record.output, 4),
    }
  );
}

/**
 * The SERVER span of a request that was answered, of a process that made SERVER spans before: a response is on its way
 * a moment before its span ends, and one that does nothing at SIGTERM may be gone within that moment.
 */
export function diagnoseNeverEnded(stop: ProcessStop, sent: SentRequest): Finding {
  const name = requestName(sent);
  return {
    reason: 'spans-lost-at-shutdown',
    saw: `${told(stop)} ${name} was answered with ${sent.status}, and its SERVER span had not ended by then.`,
    wanted: `the SERVER span of ${name} at the collector. The process has 5 s to end.`,
    look: AT_STOP,
    seen: [{ kind: 'request', text: `${sent.label}: ${sent.status}` }],
  };
}

/** `the API got SIGTERM right after an answer, and ended 0.1 s later.` */
export function told(stop: ProcessStop): string {
  const { label, askedMs, endedMs } = stop;
  const after =
    askedMs === null || endedMs === null
      ? 'and had not ended when the time was over'
      : `and ended ${milliseconds(Math.max(0, endedMs - askedMs))} later`;
  return `${nameOf({ name: stop.kind })} got SIGTERM ${label}, ${after}.`;
}

/** An exporter that sends to another address, or a path that is none, loses everything, whether it is stopped or not. */
function sentElsewhere(evidence: Evidence, stop: ProcessStop, all: readonly EvidenceSpan[]): Finding | null {
  if (all.some(({ origin }) => origin.received) || exportsOf(evidence, all).length > 0) return null;
  const found = diagnoseExport({ ...evidence, processes: [{ ...stop.record, name: stop.process }] }, all);
  return found && found.reason !== 'never-exported' && found.reason !== 'exported-elsewhere' ? found : null;
}

interface Loss {
  evidence: Evidence;
  stop: ProcessStop;
  /** all spans of the process that was stopped */
  all: readonly EvidenceSpan[];
  lost: readonly EvidenceSpan[];
  /** what is said of it, whatever the cause */
  base: Omit<Finding, 'look'>;
}

/** Each span was an export of its own, and they were more than an exporter takes at once. */
function oneByOne({ evidence, all, base }: Loss): Finding | null {
  const sent = exportsOf(evidence, all);
  if (sent.length < MOST_AT_ONCE || sent.some(({ spanIds }) => spanIds.length > 1)) return null;
  return {
    ...base,
    cause: `Each span was an export of its own: ${sent.length} came. An exporter has ${MOST_AT_ONCE} under way at most, and refuses the others.`,
    look: 'what kind of span processor is it? What happens to a span while the collector is slow?',
  };
}

/** The collector had them, and the process was gone before it could answer. */
function abandoned({ evidence, stop, lost, base }: Loss): Finding | null {
  const left = exportsOf(evidence, lost).filter(isAbandoned);
  if (left.length === 0) return null;
  return {
    ...base,
    cause: `${counted(left.length, 'export')} had begun. The collector takes a while to answer, and ${nameOf({ name: stop.kind })} was gone by then.`,
    look: 'what does your program wait for before it ends, and how long does it wait at most?',
  };
}

/** What ended before some moment came, what ended later did not: the flush was over before the work was. */
function afterTheFlush({ evidence, stop, all, lost, base }: Loss): Finding | null {
  const { askedMs } = stop;
  if (askedMs === null) return null;
  const came = all.filter(({ origin }) => origin.received);
  const flushed = exportsOf(evidence, came).some(({ atMs }) => atMs >= askedMs);
  const lastCame = Math.max(...came.map(({ origin }) => origin.seq));
  if (!flushed || lost.some(({ origin }) => origin.seq < lastCame)) return null;
  return {
    ...base,
    cause: `${counted(came.length, 'span')} came with a flush after SIGTERM. These ended later: the work went on when the flush had begun.`,
    look: ORDER,
  };
}

/** No export left the process after SIGTERM. */
function nothingSent({ evidence, stop, all, lost, base }: Loss): Finding | null {
  const { askedMs } = stop;
  if (askedMs === null || exportsOf(evidence, all).some(({ atMs }) => atMs >= askedMs)) return null;
  return {
    ...base,
    cause: `${lost.length === 1 ? 'It' : 'They'} waited in the process for the next export. After SIGTERM none was sent.`,
    look: AT_STOP,
  };
}
