import { endMs, nearestName, type SpanIndex } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import type { Failure, Mark, TraceView } from '../../verdict.ts';
import { during, madeWithoutRequest } from '../forgery/unrequested.ts';

/** Two clocks of one process agree to this, milliseconds; a strict comparison would refuse most right traces. */
const TOLERANCE_MS = 25;

/** A part of the uncovered work that may lie outside the span: a busy machine stops a process anywhere. */
const UNCOVERED_SHARE = 0.5;

/** True when the span comes from a tracer of the learner's own, not from an instrumentation. */
export function isOwnScope(span: { scope: { name: string } }): boolean {
  return !/^@?opentelemetry[/-]|^@opentelemetry\//.test(span.scope.name) && span.scope.name !== 'pg';
}

interface MissingSpan {
  evidence: Evidence;
  sent: SentRequest;
  server: EvidenceSpan;
  name: string;
  found: readonly EvidenceSpan[];
  spans: readonly EvidenceSpan[];
  view: (marks: Mark[]) => TraceView[];
}

/** Why a request has not exactly one own span of that name. */
export function diagnoseMissingSpan(missing: MissingSpan): Failure {
  const { evidence, sent, server, name, found, spans } = missing;
  const title = `${sent.method} ${sent.path.split('?')[0]}`;
  const wanted = `one span named "${name}" for the whole work, from a tracer of your own.`;
  const missingHere: Mark = { spanId: server.spanId, text: `MISSING HERE: ${name}` };
  if (found.length > 0 && found.every((span) => span.traceId !== server.traceId)) {
    const unasked = evidence.spans.filter(
      (span) =>
        span.name === name &&
        span.parentSpanId === undefined &&
        !evidence.requests.some((one) => during(span.startMs, one)),
    );
    if (unasked.length > 0) return madeWithoutRequest(unasked, wanted);
  }
  if (found.length > 1) {
    const each = found.length > 3;
    return {
      reason: each ? 'span-per-item' : 'span-duplicated',
      saw: `${title} has ${found.length} spans named "${name}".`,
      wanted,
      look: each
        ? 'how often does the line that starts it run for one request?'
        : 'does the same work pass two lines that start it?',
      views: missing.view([{ spanId: found[0]?.spanId ?? null, text: `THE FIRST of ${found.length}` }]),
      seen: [{ kind: 'count', text: String(found.length), spanId: found[0]?.spanId }],
    };
  }
  const open = evidence.unended.find((span) => span.name === name && during(span.startMs, sent));
  if (open) {
    return {
      reason: 'span-never-ended',
      saw: `"${name}" was started and never ended. Never ended means never exported.`,
      wanted,
      look: 'is there a line that ends the span, and does every way through your code pass it?',
      views: missing.view([missingHere]),
      seen: [{ kind: 'unended', text: name, spanId: open.spanId }],
    };
  }
  const foreign = spans.find((span) => span.name === name);
  if (foreign) {
    return {
      reason: 'span-wrong-scope',
      saw: `"${name}" is there, but it is a span of ${foreign.scope.name}: a library's span with another name.`,
      wanted,
      look: 'who started this span: a tracer of yours, or a library? Is the active span your own?',
      views: missing.view([{ spanId: foreign.spanId, text: `SCOPE: ${foreign.scope.name}` }]),
      seen: [{ kind: 'scope', text: foreign.scope.name, spanId: foreign.spanId }],
    };
  }
  const own = spans.filter(isOwnScope);
  const longer = own.find(
    (span) => span.name.toLowerCase().startsWith(name.toLowerCase()) && span.name !== name,
  );
  if (longer && /\d|:/.test(longer.name.slice(name.length))) {
    return {
      reason: 'span-name-unbounded',
      saw: `the span is called "${longer.name}". The next user's has another name.`,
      wanted: `"${name}", the same for everyone. What differs from request to request is an attribute.`,
      look: 'the line that names the span.',
      views: missing.view([{ spanId: longer.spanId, text: `WANTED: ${name}` }]),
      seen: [{ kind: 'span', text: longer.name, spanId: longer.spanId }],
    };
  }
  const near = nearestName(
    name,
    own.map((span) => span.name),
  );
  const nearSpan = near && own.find((span) => span.name === near.candidate);
  if (near && nearSpan) {
    return {
      reason: 'span-misnamed',
      saw: `there is no "${name}", but a span named "${near.candidate}".`,
      wanted: `"${name}", letter by letter: queries find spans by their names.`,
      look: 'the line that names the span.',
      views: missing.view([{ spanId: nearSpan.spanId, text: `WANTED: ${name}` }]),
      seen: [{ kind: 'span', text: near.candidate, spanId: nearSpan.spanId }],
    };
  }
  const others = [...new Set(own.map((span) => `"${span.name}"`))].slice(0, 3).join(', ');
  return {
    reason: 'span-missing',
    saw: `${title} has no span named "${name}". ${others ? `Your own spans in it: ${others}.` : 'It has no span of your own at all.'}`,
    wanted,
    look: others
      ? 'does the line that starts it run in this request?'
      : "the task in this exercise's README. If your line is there already: does it run in this request?",
    views: missing.view([missingHere]),
    seen: [{ kind: 'missing', text: name, spanId: server.spanId }],
  };
}

/** Why a span does not cover its work: it ended before its own children, or it leaves a part of the work out. */
export function diagnoseCoverage(
  span: EvidenceSpan,
  work: readonly EvidenceSpan[],
  untilMs: number,
  view: (marks: Mark[]) => TraceView[],
): Failure | null {
  if (work.length === 0) throw new Error('no work was given: this check would pass without a reason');
  const first = Math.min(...work.map((one) => one.startMs));
  const last = Math.max(...work.map(endMs));
  const behind = Math.max(0, untilMs - last);
  const ended = endMs(span);
  const wanted = `it begins with the work and ends after it${behind > TOLERANCE_MS ? `, and after the ${Math.round(behind)} ms of work that follow and that no query covers` : ''}.`;
  const seen = [{ kind: 'span', text: `${span.name}: ${show(span.durationMs)}`, spanId: span.spanId }];
  if (last - ended > TOLERANCE_MS || (ended < last && span.durationMs < 1)) {
    const after = work.filter((one) => endMs(one) > ended).length;
    const marks: Mark[] = [
      { spanId: span.spanId, text: `ENDS HERE, ${Math.round(last - ended)} ms before the last query` },
    ];
    if (behind > TOLERANCE_MS) {
      marks.push({
        spanId: span.spanId,
        place: 'after-children',
        text: `NO SPAN COVERS THE NEXT ${Math.round(behind)} ms`,
        interval: { startMs: last, endMs: untilMs },
      });
    }
    return {
      reason: 'span-ended-before-its-work',
      saw: `"${span.name}" ended after ${show(span.durationMs)}. The work went on: ${after} of its ${work.length} queries ended up to ${Math.round(last - ended)} ms later.`,
      wanted,
      look: 'the line of yours that ends the span. Is the work finished when that line runs, or only started?',
      views: view(marks),
      seen,
    };
  }
  if (span.startMs - first > TOLERANCE_MS) {
    const before = work.filter((one) => one.startMs < span.startMs - 1).length;
    return {
      reason: 'span-covers-too-little',
      saw: `"${span.name}" began ${Math.round(span.startMs - first)} ms after the first query of the work. ${before} of ${work.length} queries came before it.`,
      wanted,
      look: 'where does the work begin? The first query belongs to it.',
      views: view([
        { spanId: span.spanId, text: `BEGINS HERE, ${Math.round(span.startMs - first)} ms late` },
      ]),
      seen,
    };
  }
  const left = untilMs - ended;
  if (left > Math.max(2 * TOLERANCE_MS, behind * UNCOVERED_SHARE)) {
    return {
      reason: 'span-covers-too-little',
      saw: `"${span.name}" ended with its last query. For ${Math.round(left)} ms more the API worked on, and no span covers it.`,
      wanted,
      look: 'what does the code do after its last query? Is that still the same piece of work?',
      views: view([
        {
          spanId: span.spanId,
          place: 'after-children',
          text: `NO SPAN COVERS THE NEXT ${Math.round(left)} ms`,
          interval: { startMs: ended, endMs: untilMs },
        },
      ]),
      seen,
    };
  }
  return null;
}

/** Why the span's kind tells something else than work inside the program; null when it tells just that. */
export function diagnoseKind(span: EvidenceSpan, view: (marks: Mark[]) => TraceView[]): Failure | null {
  if (span.kind === 'INTERNAL') return null;
  const meaning = {
    SERVER: 'a request that came in from outside',
    CLIENT: 'a call to another program',
    PRODUCER: 'a message that was sent',
    CONSUMER: 'a message that was received',
  }[span.kind];
  return {
    reason: 'span-wrong-kind',
    saw: `the kind of "${span.name}" is ${span.kind}: ${meaning}. Whoever counts these counts your span, too.`,
    wanted: 'kind INTERNAL: work inside the program. Every span has it when nobody names another one.',
    look: 'the line that starts the span: what do you give it besides its name?',
    views: view([{ spanId: span.spanId, text: `KIND: ${span.kind}` }]),
    seen: [{ kind: 'kind', text: span.kind, spanId: span.spanId }],
  };
}

/** Why some spans are not below another one, as they should be; null when all are. */
export function diagnoseNotBelow(
  index: SpanIndex<EvidenceSpan>,
  children: readonly EvidenceSpan[],
  span: EvidenceSpan,
  what: string,
  view: (marks: Mark[]) => TraceView[],
): Failure | null {
  if (children.length === 0) throw new Error(`no ${what} were given: this check would pass without a reason`);
  const outside = children.filter((child) => !index.isBelow(child, span));
  const example = outside[0];
  if (!example) return null;
  const sameTrace = example.traceId === span.traceId;
  const parent = index.parentOf(example);
  const where = sameTrace ? `beside "${span.name}"` : `in another trace than "${span.name}"`;
  return {
    reason: sameTrace ? 'span-sibling-not-child' : 'span-root-not-child',
    saw: `${outside.length} of ${children.length} ${what} stand ${where}${parent ? `, below ${parent.name}` : ''}.`,
    wanted: `all ${children.length} ${what} below "${span.name}": it made them.`,
    look: 'was your span the active one when they started? A span that is started is not yet active.',
    views: view([
      { spanId: span.spanId, text: `MISSING BELOW: ${outside.length} ${what}` },
      { spanId: example.spanId, text: 'FOUND HERE' },
    ]),
    seen: [{ kind: 'parent', text: parent?.name ?? 'none', spanId: example.spanId }],
  };
}

function show(ms: number): string {
  if (ms < 0.1) return 'less than 0.1 ms';
  return ms < 1 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
