import type { Row, Value } from './oracle-values.ts';

/** The spans of a row's trace, by how they are related to it. */
export class Relations {
  readonly #byTrace: Map<Value | undefined, Row[]>;

  constructor(spans: readonly Row[]) {
    this.#byTrace = Map.groupBy(spans, (row) => row.fields.get('trace.trace_id'));
  }

  of(row: Row, relation: string): Row[] {
    const trace = this.#byTrace.get(row.fields.get('trace.trace_id')) ?? [];
    const [own, parent] = [row.fields.get('trace.span_id'), row.fields.get('trace.parent_id')];
    if (relation === 'root') return trace.filter((other) => !other.fields.has('trace.parent_id'));
    if (relation === 'parent')
      return trace.filter((other) => parent !== undefined && other.fields.get('trace.span_id') === parent);
    if (relation === 'child')
      return trace.filter((other) => own !== undefined && other.fields.get('trace.parent_id') === own);
    return trace;
  }
}
