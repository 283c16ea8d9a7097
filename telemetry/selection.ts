import { type AttributeValue, type Span, type SpanKind, serviceOf } from './model.ts';
import { indexSpans, type SpanIndex, type SpanRef } from './relations.ts';

type TextMatch = string | RegExp;
type ValueMatch = AttributeValue | RegExp | ((value: AttributeValue) => boolean);

/** One condition of a selection, in words, and how many spans were left after it. */
export interface SelectionStep {
  words: string;
  left: number;
}

/**
 * Chooses spans by what they mean: `select(spans).kind('SERVER').attribute('http.route', '/feed').only()`.
 * Each condition gives a new selection; the spans keep the order given.
 */
export interface Selection<S extends Span> {
  kind(kind: SpanKind): Selection<S>;
  name(name: TextMatch): Selection<S>;
  /** With one argument: the key is there, whatever its value. */
  attribute(key: string, value?: ValueMatch): Selection<S>;
  /** The instrumentation scope's name, for example /pg/. */
  scope(name: TextMatch): Selection<S>;
  service(name: TextMatch): Selection<S>;
  trace(traceId: string): Selection<S>;
  /** Any descendant of the span, at whatever depth. */
  below(span: SpanRef): Selection<S>;
  where(words: string, keep: (span: S) => boolean): Selection<S>;
  all(): S[];
  first(): S | undefined;
  /** The only span. Throws a SelectionError, with the conditions in words, if there is none or more than one. */
  only(): S;
  count(): number;
  /** Each condition with what was left after it, to say at which one a selection became empty. */
  steps(): SelectionStep[];
  /** The conditions in words: `kind SERVER, http.route = "/feed"`. */
  words(): string;
}

export class SelectionError extends Error {
  override name = 'SelectionError';
  readonly found: readonly Span[];

  constructor(message: string, found: readonly Span[]) {
    super(message);
    this.found = found;
  }
}

/** Starts a selection. Give an index instead of spans where one exists already: `below` needs it. */
export function select<S extends Span>(source: Iterable<S> | SpanIndex<S>): Selection<S> {
  let index: SpanIndex<S> | undefined;
  let spans: S[];
  if (Symbol.iterator in source) spans = [...source];
  else {
    index = source;
    spans = [...source.spans];
  }
  return selection(spans, [], () => {
    index ??= indexSpans(spans);
    return index;
  });
}

function selection<S extends Span>(
  spans: S[],
  steps: SelectionStep[],
  index: () => SpanIndex<S>,
): Selection<S> {
  const where = (words: string, keep: (span: S) => boolean) => {
    const left = spans.filter(keep);
    return selection(left, [...steps, { words, left: left.length }], index);
  };
  const words = () => (steps.length === 0 ? 'any span' : steps.map((step) => step.words).join(', '));
  return {
    kind: (kind) => where(`kind ${kind}`, (span) => span.kind === kind),
    name: (name) => where(`name ${quote(name)}`, (span) => matchesText(span.name, name)),
    attribute: (key, value) =>
      value === undefined
        ? where(`with ${key}`, (span) => Object.hasOwn(span.attributes, key))
        : where(
            `${key} ${typeof value === 'function' ? 'as wanted' : `= ${quote(value)}`}`,
            (span) => Object.hasOwn(span.attributes, key) && matchesValue(span.attributes[key]!, value),
          ),
    scope: (name) => where(`scope ${quote(name)}`, (span) => matchesText(span.scope.name, name)),
    service: (name) => where(`service ${quote(name)}`, (span) => matchesText(serviceOf(span), name)),
    trace: (traceId) => where(`trace ${traceId.slice(0, 8)}`, (span) => span.traceId === traceId),
    below: (ancestor) => {
      const below = new Set<string>();
      for (const span of index().descendantsOf(ancestor)) below.add(span.spanId);
      const name = index().find(ancestor.traceId, ancestor.spanId)?.name ?? ancestor.spanId;
      return where(`below "${name}"`, (span) => span.traceId === ancestor.traceId && below.has(span.spanId));
    },
    where,
    all: () => [...spans],
    first: () => spans[0],
    only: () => {
      if (spans.length === 1) return spans[0]!;
      throw new SelectionError(`Wanted one span (${words()}) and found ${spans.length || 'none'}.`, spans);
    },
    count: () => spans.length,
    steps: () => [...steps],
    words,
  };
}

function matchesText(text: string, wanted: TextMatch): boolean {
  return typeof wanted === 'string' ? text === wanted : search(wanted, text);
}

/** A global or sticky expression remembers where it stopped; a selection must not. */
function search(expression: RegExp, text: string): boolean {
  expression.lastIndex = 0;
  return expression.test(text);
}

function matchesValue(value: AttributeValue, wanted: ValueMatch): boolean {
  if (typeof wanted === 'function') return wanted(value);
  // Not instanceof: inside a test runner's sandbox the expression comes from another realm.
  if (Object.prototype.toString.call(wanted) === '[object RegExp]')
    return typeof value === 'string' && search(wanted as RegExp, value);
  return sameValue(value, wanted as AttributeValue);
}

/** Deep equality of attribute values; the order of an object's keys does not matter. */
export function sameValue(a: AttributeValue, b: AttributeValue): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((each, i) => sameValue(each, b[i]!));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key]!, b[key]!));
}

function quote(value: unknown): string {
  return Object.prototype.toString.call(value) === '[object RegExp]' ? String(value) : JSON.stringify(value);
}
