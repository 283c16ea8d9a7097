import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { captureOf, spanIndexOf } from '../../joins/index.ts';
import { counted, missingHere } from '../../sentences.ts';

/** A library whose own spans a check asks for. */
export interface Library {
  /** `Nest`, `the database` */
  name: string;
  /** matches the instrumentation scope's name of its spans */
  scope: RegExp;
  /** one of its spans, for the message: `a span for each query` */
  example: string;
  /**
   * An instrumentation changes the library while it loads, and not afterwards. False for pg: its patch is on prototypes,
   * so being loaded early is not why it makes no span.
   */
  patchedWhileLoading: boolean;
}

/**
 * Why no span of a library stands below a SERVER span. Spans of it elsewhere are the nearest miss; without any, the
 * capture tells whether nothing watches the library or it was loaded too early.
 */
export function diagnoseMissingLibrary(evidence: Evidence, server: EvidenceSpan, library: Library): Finding {
  const wanted = `${library.example} below ${server.name}, in trace ${server.traceId.slice(0, 8)}.`;
  const elsewhere = evidence.spans.find(
    (span) => library.scope.test(span.scope.name) && span.origin.phase === 'run',
  );
  if (elsewhere) {
    const root = elsewhere.parentSpanId === undefined;
    // Spans below the SERVER span prove that a context manager is there: only the library's own work left the context.
    const child = spanIndexOf(evidence)
      .trace(server.traceId)
      .findLast((span) => span.parentSpanId !== undefined);
    return {
      reason: 'span-root-not-child',
      saw: `"${elsewhere.name}" of ${library.name} ${root ? 'is the root of a trace of its own' : 'lies in another trace'}, ${elsewhere.traceId.slice(0, 8)}.`,
      wanted,
      look: child
        ? `the line of yours that calls ${library.name}: which context is active there? "${child.name}" found the request's.`
        : 'is there a context manager? Without one, no span knows which span is active.',
      marks: [
        missingHere(server, library.example),
        markOn(elsewhere, root ? 'ROOT: it has no parent' : 'FOUND HERE'),
      ],
      seen: [{ kind: 'span', text: elsewhere.name, spanId: elsewhere.spanId }],
    };
  }
  const capture = captureOf(evidence, server.origin.process);
  const watching = capture?.instrumentations.find((one) => library.scope.test(one.name));
  const marks = [missingHere(server, library.example)];
  const seen = [
    { kind: 'scopes', text: [...new Set(evidence.spans.map((span) => span.scope.name))].join(', ') },
  ];
  const base = { wanted, marks, seen };
  if (!watching?.enabled) {
    return {
      ...base,
      reason: 'instrumentation-missing',
      saw: `${server.name} is there, but nothing watches ${library.name}: it made no span.`,
      look: 'the list of instrumentations that you give to the SDK.',
    };
  }
  const early = library.patchedWhileLoading ? watching.modulesLoadedBefore : [];
  if (early.length > 0) {
    return {
      ...base,
      reason: 'sdk-loaded-too-late',
      saw: `${server.name} is there, but ${library.name} made no span. ${early.slice(0, 3).join(', ')} had been loaded before the SDK started.`,
      cause:
        'This instrumentation changes its library while it loads. What is loaded already stays unwatched.',
      look: 'which file is loaded first when the API starts? Which line in it runs first, and what does that import?',
    };
  }
  if (capture && capture.notSampled > 0) {
    return {
      ...base,
      reason: 'not-sampled',
      saw: `${server.name} is there, and no span of ${library.name} is. The sampler dropped ${counted(capture.notSampled, 'span')}.`,
      look: 'the sampler of your SDK. In these exercises every span of a trace is kept.',
    };
  }
  return {
    ...base,
    reason: 'instrumentation-missing',
    saw: `${server.name} is there, and ${watching.name} is switched on. It made no span in this request.`,
    look: 'the options that you give to this instrumentation, and whether another set-up replaced it.',
  };
}

/** Spans of the database driver, and none of them says what was asked. */
export function diagnoseNoQuery(spans: readonly EvidenceSpan[]): Finding {
  return {
    reason: 'instrumentation-missing',
    saw: `${spans.length} spans of the database driver, and none of them is a query.`,
    wanted: 'a span for each query, with its text in db.query.text.',
    look: 'the options that you give to the instrumentation of pg.',
    marks: spans.slice(0, 1).map((span) => markOn(span, 'NOT A QUERY')),
  };
}
