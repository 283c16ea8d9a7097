import { type AttributeValue, nearestKey } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import type { Failure, Mark, TraceView } from '../verdict.ts';

interface MissingAttribute {
  evidence: Evidence;
  sent: SentRequest;
  server: EvidenceSpan;
  spans: readonly EvidenceSpan[];
  key: string;
  /** what it should be, when the check knows */
  value?: AttributeValue;
  view: (marks: Mark[]) => TraceView[];
}

/** Why a SERVER span has no such attribute: on another span, misspelt, set after the end, or nowhere. */
export function diagnoseMissingAttribute(missing: MissingAttribute): Failure {
  const { evidence, sent, server, spans, key, value } = missing;
  const title = `${sent.method} ${sent.path.split('?')[0]}`;
  const shown = value === undefined ? key : `${key} = ${JSON.stringify(value)}`;
  const wanted = `${shown} on ${server.name} itself: it alone has the whole request's duration, so it is the one that queries by it read.`;
  const lookAtSpan = 'exercises/02-user-id/README.md, "Which span am I on?"';
  const missingHere: Mark = { spanId: server.spanId, text: `MISSING HERE: ${key}` };

  const unended = evidence.unended.find(
    (span) => span.attributes[key] !== undefined && span.traceId === server.traceId,
  );
  if (unended) {
    return {
      reason: 'span-never-ended',
      saw: `${key} = ${JSON.stringify(unended.attributes[key])} is on "${unended.name}", a span of your own that never ended. It is never exported.`,
      wanted,
      look: lookAtSpan,
      views: missing.view([missingHere]),
      seen: [{ kind: 'unended', text: unended.name, spanId: unended.spanId }],
    };
  }
  const holder = spans.find((span) => span.attributes[key] !== undefined);
  if (holder) {
    const given = JSON.stringify(holder.attributes[key]);
    const depth = depthBelow(spans, holder, server);
    return {
      reason: depth > 0 ? 'attribute-on-child-span' : 'attribute-on-wrong-span',
      saw: `${key} = ${given} is on ${holder.name}${depth > 0 ? `, ${spansDown(depth)}` : ', which is not below the request'}. ${title}, the SERVER span, has no ${key}.`,
      wanted,
      look: lookAtSpan,
      views: missing.view([missingHere, { spanId: holder.spanId, text: `FOUND HERE: ${key} = ${given}` }]),
      seen: [{ kind: 'attribute', text: `${key} = ${given} on ${holder.name}`, spanId: holder.spanId }],
    };
  }
  const late = evidence.processes
    .flatMap((process) => process.capture?.setAfterEnd ?? [])
    .find((set) => set.key === key);
  if (late) {
    const span = evidence.spans.find((candidate) => candidate.spanId === late.spanId);
    return {
      reason: 'attribute-set-after-end',
      saw: `${key} was set on ${span?.name ?? 'a span'} after that span had ended. Then it is too late: nothing is kept.`,
      wanted,
      look: 'when does the line that sets it run? Is the request still open then?',
      views: missing.view([missingHere]),
      seen: [{ kind: 'late', text: key, spanId: late.spanId }],
    };
  }
  return nearMissOf(missing, wanted, missingHere, title);
}

function nearMissOf(missing: MissingAttribute, wanted: string, missingHere: Mark, title: string): Failure {
  const { server, spans, key } = missing;
  for (const span of spans) {
    const unbounded =
      missing.value === undefined
        ? undefined
        : Object.keys(span.attributes).find(
            (one) => one.startsWith(`${key}.`) || one.endsWith(`.${String(missing.value)}`),
          );
    if (unbounded) {
      return {
        reason: unbounded.includes(String(missing.value)) ? 'attribute-key-unbounded' : 'attribute-object',
        saw: `there is no ${key}, but ${span.name} has ${unbounded} = ${JSON.stringify(span.attributes[unbounded])}.`,
        wanted,
        look: 'what is the name, and what is the value? The name is the same for every request.',
        views: missing.view([missingHere, { spanId: span.spanId, text: `FOUND HERE: ${unbounded}` }]),
        seen: [{ kind: 'attribute', text: unbounded, spanId: span.spanId }],
      };
    }
    const near = nearestKey(key, ownKeys(span));
    if (near) {
      const given = JSON.stringify(span.attributes[near.candidate]);
      return {
        reason: 'attribute-misspelt',
        saw: `there is no ${key}, but ${span === server ? title : span.name} has ${near.candidate} = ${given}.`,
        wanted,
        look: 'the name in the task, letter by letter. A query that groups by it finds only the right one.',
        views: missing.view([
          missingHere,
          { spanId: span.spanId, text: `FOUND HERE: ${near.candidate} = ${given}` },
        ]),
        seen: [{ kind: 'attribute', text: `${near.candidate} = ${given}`, spanId: span.spanId }],
      };
    }
  }
  const keys = ownKeys(server);
  return {
    reason: 'attribute-missing',
    saw: `no span of ${title} has ${key}.${keys.length > 0 ? ` The SERVER span has ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', ...' : ''}.` : ''}`,
    wanted,
    look: 'does the line that sets it run in this request? Is there an active span when it does?',
    views: missing.view([missingHere]),
    seen: [{ kind: 'keys', text: Object.keys(server.attributes).join(', '), spanId: server.spanId }],
  };
}

/** Why the attribute's value is not the wanted one; null when it is. Types count: a number as text is another value. */
export function diagnoseValue(
  span: EvidenceSpan,
  key: string,
  wanted: AttributeValue,
  among: readonly EvidenceSpan[],
): Failure | null {
  const given = span.attributes[key];
  if (given === wanted) return null;
  const shown = JSON.stringify(given ?? null);
  const base = {
    wanted: `${key} = ${JSON.stringify(wanted)}${typeof wanted === 'number' ? ', a number' : ''}.`,
    seen: [{ kind: 'attribute', text: `${key} = ${shown}`, spanId: span.spanId }],
  };
  if (typeof given === 'object' && given !== null) {
    return {
      ...base,
      reason: 'attribute-object',
      saw: `${key} on ${span.name} is a whole object or list: ${shown.slice(0, 60)}.`,
      look: 'which one value of it does a query need?',
    };
  }
  if (typeof given === 'string' && (given === '[object Object]' || /^\s*\{/.test(given))) {
    return {
      ...base,
      reason: 'attribute-object',
      saw: `${key} on ${span.name} is ${shown.slice(0, 60)}: a whole object was turned into text.`,
      look: 'which one value of the object does a query need?',
    };
  }
  if (typeof given !== typeof wanted && Number(given) === Number(wanted)) {
    return {
      ...base,
      reason: 'attribute-wrong-type',
      saw: `${key} on ${span.name} is ${shown}, a ${typeof given}. It should be a ${typeof wanted}.`,
      look:
        typeof wanted === 'string'
          ? 'is an id a quantity? Numbers lose their leading zeros, and nobody adds ids.'
          : 'text cannot be added, averaged or compared by size.',
    };
  }
  const values = new Set(among.map((other) => JSON.stringify(other.attributes[key])));
  if (among.length > 1 && values.size === 1) {
    return {
      ...base,
      reason: 'attribute-hard-coded',
      saw: `${key} is ${shown} on all ${among.length} requests, and they came from different users.`,
      look: 'where does the value come from? Is it kept from an earlier request, or written into the code?',
    };
  }
  return {
    ...base,
    reason: 'attribute-wrong-value',
    saw: `${key} on ${span.name} is ${shown}.`,
    look: 'the line that sets it: which value does it read, and when?',
  };
}

/** A text that no span may hold, and what it is. */
export interface Secret {
  what: string;
  text: string;
}

/** The first attribute, event or status message that holds one of the texts, or an object as text; null: none. */
export function diagnosePersonalData(
  spans: readonly EvidenceSpan[],
  secrets: readonly Secret[],
): { span: EvidenceSpan; key: string; failure: Failure } | null {
  for (const span of spans) {
    const places: [string, AttributeValue | undefined][] = [
      ...Object.entries(span.attributes),
      ...span.events.flatMap((event) => Object.entries(event.attributes)),
      ['the status message', span.status.message],
    ];
    for (const [key, value] of places) {
      // What the libraries send to the database is exercise 15's matter.
      if (key === 'db.query.text' || value === undefined) continue;
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const secret = secrets.find(
        (one) =>
          text === one.text || (one.text.length > 20 && text.includes(one.text)) || wholeWord(text, one.text),
      );
      const object = typeof value === 'string' && /^\s*\{".*\}\s*$/s.test(value) && isOwn(span, key);
      if (!secret && !object) continue;
      return {
        span,
        key,
        failure: {
          reason: secret ? 'personal-data' : 'attribute-object',
          saw: secret
            ? `${key} on ${span.name} holds ${secret.what}.`
            : `${key} on ${span.name} holds a whole object as text.`,
          wanted:
            'only what a query needs: an id, a count. Everybody who may look at traces can read all the rest.',
          look: 'the line that sets it: which one value of it is needed?',
          seen: [{ kind: 'attribute', text: key, spanId: span.spanId }],
        },
      };
    }
  }
  return null;
}

/** Short texts such as names count only as a word of their own in a value that is not a sentence of the database. */
function wholeWord(text: string, wanted: string): boolean {
  return (
    text.length < 200 &&
    new RegExp(`(^|[^\\p{L}])${wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}([^\\p{L}]|$)`, 'u').test(text)
  );
}

/** Attributes that the libraries set are not what the learner wrote. */
const LIBRARY_KEYS =
  /^(?:http|url|net|network|server|client|user_agent|db|express|nestjs|component|error|exception|messaging|code|otel)\b/;

function isOwn(_span: EvidenceSpan, key: string): boolean {
  return !LIBRARY_KEYS.test(key);
}

function ownKeys(span: EvidenceSpan): string[] {
  return Object.keys(span.attributes).filter((key) => isOwn(span, key));
}

function depthBelow(spans: readonly EvidenceSpan[], span: EvidenceSpan, ancestor: EvidenceSpan): number {
  const byId = new Map(spans.map((one) => [one.spanId, one]));
  let depth = 0;
  for (
    let at: EvidenceSpan | undefined = span;
    at && depth <= spans.length;
    at = at.parentSpanId ? byId.get(at.parentSpanId) : undefined
  ) {
    if (at.spanId === ancestor.spanId) return depth;
    depth++;
  }
  return 0;
}

function spansDown(depth: number): string {
  return (
    ['', 'one span further down', 'two spans further down', 'three spans further down'][depth] ??
    `${depth} spans further down`
  );
}
