import type { MadeSpan, StrangerSpan } from '../../capture/index.ts';
import type { System } from '../../world/index.ts';
import type { Visit } from '../page/visit.ts';

/** A library of somebody else in the learner's program, whose spans the learner has no hand in. */
export interface LibraryActions {
  /**
   * has it make these spans in the process of API or worker, or in the page that is open, with the learner's tracer provider
   * @returns their ids, in order; null where no provider was there
   */
  record(where: 'api' | 'worker' | 'page', spans: readonly StrangerSpan[]): Promise<MadeSpan[]>;
}

export function libraryActions({ capture }: System, visit: Visit | null): LibraryActions {
  return {
    async record(where, spans) {
      if (where === 'page' && visit) return (await visit.visitor()).makeSpans(spans);
      const program = capture.processes().find(({ process }) => process === where);
      return program ? await program.makeSpans(spans) : spans.map(() => ({ traceId: null, spanId: null }));
    },
  };
}
