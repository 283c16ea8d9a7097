import { type Annotation, type Span, serviceOf } from '@workshop/telemetry/pure';
import type { TraceModel } from './trace-model';

/** A mark of a check. */
export interface ShownMark extends Annotation {
  /** nothing is there and something should be; absent: what stands as a child, or has a time of its own, is missing */
  missing?: boolean;
}

/** Where a row stands among its siblings; what a screen reader says of rows that are not in the document. */
interface Place {
  /** unique in the trace, and the same as long as the trace is */
  id: string;
  /** 1 for a root */
  level: number;
  /** 1 for the first of its siblings */
  position: number;
  siblings: number;
  /** null: there is nothing below it */
  expanded: boolean | null;
}

export interface SpanRow extends Place {
  type: 'span';
  span: Span;
  /** spans below it, on all levels */
  below: number;
}

/** Five or more equal siblings. */
export interface FoldRow extends Place {
  type: 'fold';
  members: readonly Span[];
  sumMs: number;
}

/** A span that is not there, where it belongs: only ever drawn of a failed check. */
export interface GhostRow extends Place {
  type: 'ghost';
  mark: ShownMark;
}

/** A sentence about the span above it. */
export interface NoteRow extends Place {
  type: 'note';
  mark: ShownMark;
}

export type Row = SpanRow | FoldRow | GhostRow | NoteRow;

export interface RowOptions {
  /** ids of rows that were closed by hand */
  closed: ReadonlySet<string>;
  /** ids of folds that were opened by hand */
  opened: ReadonlySet<string>;
  marks: readonly ShownMark[];
}

/** So many equal siblings become one row. */
const FOLD_FROM = 5;

/** What is to be a row, before it is known where it stands. */
type Draft =
  | { type: 'span'; span: Span }
  | { type: 'fold'; members: Span[] }
  | { type: 'ghost'; mark: ShownMark; id: string }
  | { type: 'note'; mark: ShownMark; id: string };

/** Every row that is shown, in order. Nothing recurses: a trace may be ten thousand levels deep. */
export function rowsOf(model: TraceModel, options: RowOptions): Row[] {
  const below = countsBelow(model);
  const marks = marksBySpan(options.marks);
  const kept = singleRows(model, options.marks);
  const rows: Row[] = [];
  const stack: { draft: Draft; level: number; position: number; siblings: number }[] = [];
  const push = (drafts: readonly Draft[], level: number): void => {
    for (let i = drafts.length - 1; i >= 0; i--) {
      stack.push({ draft: drafts[i] as Draft, level, position: i + 1, siblings: drafts.length });
    }
  };
  push(topDrafts(model, marks, kept), 1);
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { draft, level, position, siblings } = next;
    const place = { level, position, siblings };
    if (draft.type === 'ghost' || draft.type === 'note') {
      rows.push({ ...draft, ...place, expanded: null });
    } else if (draft.type === 'fold') {
      const id = foldId(draft.members);
      const expanded = options.opened.has(id);
      const sumMs = draft.members.reduce((sum, { durationMs }) => sum + durationMs, 0);
      rows.push({ type: 'fold', id, ...place, expanded, members: draft.members, sumMs });
      if (expanded) {
        push(
          draft.members.map((span) => ({ type: 'span', span })),
          level + 1,
        );
      }
    } else {
      const { span } = draft;
      const children = draftsBelow(model, span, marks, kept);
      const expanded = children.length === 0 ? null : !options.closed.has(span.spanId);
      rows.push({ type: 'span', id: span.spanId, ...place, expanded, span, below: below.get(span) ?? 0 });
      if (expanded) push(children, level + 1);
    }
  }
  return rows;
}

function topDrafts(model: TraceModel, marks: MarksBySpan, kept: ReadonlySet<string>): Draft[] {
  const traceId = model.spans[0]?.traceId ?? '';
  const spans = folded(model, model.index.rootsOf(traceId), kept);
  return [...aboutTrace(marks, 'before'), ...spans, ...aboutTrace(marks, 'after')];
}

function draftsBelow(model: TraceModel, span: Span, marks: MarksBySpan, kept: ReadonlySet<string>): Draft[] {
  const own = marks.get(span.spanId) ?? [];
  const of = (...places: (Annotation['place'] | undefined)[]): Draft[] =>
    own.flatMap(({ mark, id }) => (places.includes(mark.place) ? [draftOf(mark, id)] : []));
  const children = folded(model, model.index.childrenOf(span), kept);
  return [...of(undefined, 'before', 'after'), ...children, ...of('after-children', 'child')];
}

/** What stands as a child, or has a time of its own, is a span that is missing; the rest are sentences. */
function draftOf(mark: ShownMark, id: string): Draft {
  const isGhost = mark.missing ?? (mark.place === 'child' || mark.interval !== undefined);
  return isGhost ? { type: 'ghost', mark, id } : { type: 'note', mark, id };
}

type MarksBySpan = Map<string, { mark: ShownMark; id: string }[]>;

/** Marks without a span, or of a span that is not here, are about the trace: under ''. */
function marksBySpan(marks: readonly ShownMark[]): MarksBySpan {
  const bySpan: MarksBySpan = new Map();
  for (const [number, mark] of marks.entries()) {
    const key = mark.spanId ?? '';
    const list = bySpan.get(key) ?? [];
    list.push({ mark, id: `mark-${number}` });
    bySpan.set(key, list);
  }
  return bySpan;
}

function aboutTrace(marks: MarksBySpan, place: 'before' | 'after'): Draft[] {
  return (marks.get('') ?? []).flatMap(({ mark, id }) =>
    (mark.place === 'before') === (place === 'before') ? [draftOf(mark, id)] : [],
  );
}

/** Siblings, with five or more equal ones as one, where the first of them stands. */
function folded(model: TraceModel, siblings: readonly Span[], kept: ReadonlySet<string>): Draft[] {
  if (siblings.length < FOLD_FROM) return siblings.map((span) => ({ type: 'span', span }));
  const alike = new Map<string, Span[]>();
  for (const span of siblings) {
    const key = kept.has(span.spanId) ? span.spanId : likeness(model, span);
    const members = alike.get(key);
    if (members) members.push(span);
    else alike.set(key, [span]);
  }
  const drafts: { draft: Draft; startMs: number }[] = [];
  for (const members of alike.values()) {
    const { startMs } = members[0] as Span;
    if (members.length >= FOLD_FROM) drafts.push({ draft: { type: 'fold', members }, startMs });
    else for (const span of members) drafts.push({ draft: { type: 'span', span }, startMs: span.startMs });
  }
  return drafts.sort((a, b) => a.startMs - b.startMs).map(({ draft }) => draft);
}

/** What a person sees of a span in a row: an error, or one that never ended, is like no other. */
function likeness(model: TraceModel, span: Span): string {
  const rare = model.isError(span) || model.unended.has(span.spanId) || model.index.isOrphan(span);
  const leaf = model.index.childrenOf(span).length === 0;
  return [serviceOf(span), span.kind, rare ? span.spanId : '', leaf, sharedName(span)].join('\0');
}

/** Express names its middleware spans one by one; to a reader they are one thing. */
export function sharedName(span: Span): string {
  return span.name.startsWith('middleware - ') ? 'middleware' : span.name;
}

function countsBelow(model: TraceModel): Map<Span, number> {
  const counts = new Map<Span, number>();
  const traceId = model.spans[0]?.traceId ?? '';
  const order = model.index.trace(traceId);
  // Backwards through a preorder every child comes before its parent.
  for (let i = order.length - 1; i >= 0; i--) {
    const span = order[i] as Span;
    const own = counts.get(span) ?? 0;
    counts.set(span, own);
    const parent = model.index.parentOf(span);
    if (parent) counts.set(parent, (counts.get(parent) ?? 0) + own + 1);
  }
  return counts;
}

/** Spans that must have rows of their own: marked ones, errors, and all that is above any of them. */
function singleRows(model: TraceModel, marks: readonly ShownMark[]): Set<string> {
  const kept = new Set<string>();
  const keep = (start: Span | undefined): void => {
    for (let span = start; span && !kept.has(span.spanId); span = model.index.parentOf(span)) {
      kept.add(span.spanId);
    }
  };
  for (const { spanId } of marks) if (spanId !== undefined) keep(model.find(spanId));
  for (const span of model.spans) if (model.isError(span)) keep(span);
  return kept;
}

/** The folds that must be open for a span to be seen, beside the rows above it. */
export function foldsAround(model: TraceModel, span: Span, marks: readonly ShownMark[]): string[] {
  const kept = singleRows(model, marks);
  return [span, ...model.index.ancestorsOf(span)].flatMap((each) => {
    const parent = model.index.parentOf(each);
    const siblings = parent ? model.index.childrenOf(parent) : model.index.rootsOf(each.traceId);
    for (const draft of folded(model, siblings, kept)) {
      if (draft.type !== 'fold' || !draft.members.includes(each)) continue;
      return [foldId(draft.members)];
    }
    return [];
  });
}

function foldId(members: readonly Span[]): string {
  return `fold-${members[0]?.spanId}`;
}
