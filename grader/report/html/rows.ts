import type { ReportedSpan, ReportedTrace, ReportedView } from '../shapes.ts';

type Mark = ReportedView['marks'][number];

/** What a waterfall shows, from top to bottom. */
export type Row =
  /** one span, or several like siblings without children in one row */
  | { kind: 'span'; depth: number; spans: [ReportedSpan, ...ReportedSpan[]] }
  /** a remark; `missing`: something should be here and is not */
  | { kind: 'mark'; depth: number; mark: Mark };

/** So many like siblings become one row. */
const FOLD_FROM = 5;

/** The rows of a trace, each mark where it stands. No recursion: a trace may be deep. */
export function rowsOf({ spans }: ReportedTrace, marks: readonly Mark[]): Row[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const childrenOf = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId !== undefined && known.has(parentSpanId) ? parentSpanId : null,
  );
  const marksOf = Map.groupBy(marks, ({ spanId }) => (spanId !== null && known.has(spanId) ? spanId : null));
  const rows: Row[] = [];
  // What is still to be written, the next one last.
  const waiting: (Row | { kind: 'visit'; depth: number; span: ReportedSpan })[] = [];
  const push = (parts: typeof waiting): void => void waiting.push(...parts.reverse());
  const below = (parent: string | null, depth: number): typeof waiting =>
    folded(
      childrenOf.get(parent) ?? [],
      (span) => !childrenOf.has(span.spanId) && !marksOf.has(span.spanId),
    ).map((group) =>
      group.length === 1 ? { kind: 'visit', depth, span: group[0] } : { kind: 'span', depth, spans: group },
    );
  push(below(null, 0));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.kind !== 'visit') {
      rows.push(next);
      continue;
    }
    const { span, depth } = next;
    const own = marksOf.get(span.spanId) ?? [];
    const placed = (place: Mark['place'], at: number): Row[] =>
      own
        .filter((mark) => (mark.place ?? 'after') === place)
        .map((mark) => ({ kind: 'mark', depth: at, mark }));
    rows.push(...placed('before', depth), { kind: 'span', depth, spans: [span] });
    // What is missing inside a span stands where a child would.
    const after = placed('after', depth + 1);
    push([
      ...after,
      ...below(span.spanId, depth + 1),
      ...placed('child', depth + 1),
      ...placed('after-children', depth),
    ]);
  }
  const atEnd = marksOf.get(null) ?? [];
  return [...rows, ...atEnd.map((mark): Row => ({ kind: 'mark', depth: 0, mark }))];
}

/** Neighbours of one name, kind and status without anything below them, as one. */
function folded(
  spans: readonly ReportedSpan[],
  isPlain: (span: ReportedSpan) => boolean,
): [ReportedSpan, ...ReportedSpan[]][] {
  const keyOf = (span: ReportedSpan): string =>
    isPlain(span) ? [span.name, span.kind, span.status.code, span.process].join('\0') : span.spanId;
  const groups = [...Map.groupBy(spans, keyOf).values()] as [ReportedSpan, ...ReportedSpan[]][];
  return groups.flatMap((group) =>
    group.length >= FOLD_FROM ? [group] : group.map((span): [ReportedSpan] => [span]),
  );
}
