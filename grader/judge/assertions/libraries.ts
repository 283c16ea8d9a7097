import { select } from '@workshop/telemetry/pure';
import type { EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { diagnoseMissingLibrary, diagnoseNoQuery, type Library } from '../diagnosis/sdk/library.ts';
import { fail } from './check.ts';
import { evidence, spanIndex } from './evidence.ts';
import { expectServerSpan } from './requests.ts';

export const NEST: Library = {
  name: 'Nest',
  scope: /nestjs/,
  example: 'a span for the controller',
  patchedWhileLoading: true,
};
export const DATABASE: Library = {
  name: 'the database driver',
  scope: /instrumentation-pg|pg/,
  example: 'a span for each query',
  patchedWhileLoading: false,
};

/** The library's spans below a request's SERVER span. Fails with the diagnosed cause when there are none. */
export function expectLibrarySpans(library: Library, sent: SentRequest): EvidenceSpan[] {
  const server = expectServerSpan(sent);
  const found = select(spanIndex())
    .below(server)
    .where(`of ${library.name}`, (span) => library.scope.test(span.scope.name))
    .all();
  return found.length > 0 ? found : fail(diagnoseMissingLibrary(evidence(), server, library));
}

/** The queries below a request's SERVER span. Fails with the diagnosed cause when there are none. */
export function expectQueries(sent: SentRequest): EvidenceSpan[] {
  const spans = expectLibrarySpans(DATABASE, sent);
  const queries = spans.filter(isQuery);
  return queries.length > 0 ? queries : fail(diagnoseNoQuery(spans));
}

/** The queries below a span, at whatever depth and in whatever process. */
export function findQueriesBelow(span: EvidenceSpan): EvidenceSpan[] {
  return select(spanIndex()).below(span).where('a query', isQuery).all();
}

/** True for a span that stands for one database query; connecting to the pool is none. */
export function isQuery(span: EvidenceSpan): boolean {
  return (
    span.kind === 'CLIENT' &&
    (span.attributes['db.query.text'] ?? span.attributes['db.statement']) !== undefined
  );
}
