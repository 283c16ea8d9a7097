import ts from 'typescript';
import type { Mutation, Operator } from '../operator.ts';
import { literalText, nodesOf, quoted, replaced, withoutElement } from '../syntax.ts';

type JsonObject = ts.ObjectLiteralExpression;

/** The object at "query" of a saved query. */
function queryOf(source: ts.SourceFile): JsonObject | null {
  const found = nodesOf(source, ts.isPropertyAssignment).find(
    (one) => literalText(one.name as ts.Expression) === 'query',
  );
  return found && ts.isObjectLiteralExpression(found.initializer) ? found.initializer : null;
}

const propertyOf = (object: JsonObject | null, name: string): ts.PropertyAssignment | undefined =>
  object?.properties.find(
    (one): one is ts.PropertyAssignment =>
      ts.isPropertyAssignment(one) && literalText(one.name as ts.Expression) === name,
  );

/** The elements of one of the query's lists. */
function listOf(source: ts.SourceFile, name: string): ts.NodeArray<ts.Expression> | [] {
  const list = propertyOf(queryOf(source), name)?.initializer;
  return list && ts.isArrayLiteralExpression(list) ? list.elements : [];
}

/** Values at `field` in all objects of one of the query's lists. */
const fieldsOf = (source: ts.SourceFile, list: string, field: string): ts.Expression[] =>
  [...listOf(source, list)].flatMap((element) => {
    const property = ts.isObjectLiteralExpression(element) ? propertyOf(element, field) : undefined;
    return property ? [property.initializer] : [];
  });

const without = (name: string, list: string): Operator => ({
  name,
  find: (source) => {
    const elements = listOf(source, list);
    return [...elements].map(
      (element): Mutation => ({
        at: element.getStart(),
        edits: [withoutElement(elements as ts.NodeArray<ts.Expression>, element)],
        what: `${quoted(element)} is not among the ${list}`,
      }),
    );
  },
});

const withOneMore = (name: string, list: string, element: string): Operator => ({
  name,
  find: (source) => {
    const last = [...listOf(source, list)].at(-1);
    if (!last) return [];
    const at = last.getEnd();
    return [
      {
        at,
        edits: [{ start: at, end: at, text: `, ${element}` }],
        what: `${element} is among the ${list}, too`,
      },
    ];
  },
});

const withoutField = (name: string, field: string): Operator => ({
  name,
  find: (source) => {
    const query = queryOf(source);
    const property = propertyOf(query, field);
    if (!query || !property) return [];
    return [
      {
        at: property.getStart(),
        edits: [withoutElement(query.properties, property)],
        what: `${field} is left out`,
      },
    ];
  },
});

const withField = (name: string, field: string, value: string): Operator => ({
  name,
  find: (source) => {
    const query = queryOf(source);
    const known = propertyOf(query, field);
    if (known) return [replaced(known.initializer, value, `${field} is ${value}`)];
    const first = query?.properties[0];
    if (!first) return [];
    const at = first.getStart();
    return [
      { at, edits: [{ start: at, end: at, text: `"${field}": ${value}, ` }], what: `${field} is ${value}` },
    ];
  },
});

/** Each value at `field` is rewritten; null or the same where that does not fit. */
const rewriting = (
  name: string,
  list: string,
  field: string,
  rewrite: (text: string) => string | null,
): Operator => ({
  name,
  find: (source) =>
    fieldsOf(source, list, field).flatMap((node) => {
      const text = literalText(node);
      const other = text === null ? null : rewrite(text);
      return other === null || other === text
        ? []
        : [replaced(node, `"${other}"`, `in ${list}, ${field} is "${other}" and not "${text}"`)];
    }),
});

const OTHER_CALCULATION: Record<string, string> = {
  COUNT: 'CONCURRENCY',
  MAX: 'MIN',
  P50: 'AVG',
  P95: 'P75',
  P99: 'MAX',
};

const OTHER_FILTER: Record<string, string> = {
  '=': '!=',
  exists: 'does-not-exist',
  'does-not-exist': 'exists',
};

const OTHER_BREAKDOWN: Record<string, string> = {
  'user.id': 'http.route',
  'trace.trace_id': 'trace.span_id',
  name: 'service.name',
  'url.template': 'name',
};

const otherBreakdown: Operator = {
  name: 'other-breakdown',
  find: (source) =>
    [...listOf(source, 'breakdowns')].flatMap((node) => {
      const other = OTHER_BREAKDOWN[literalText(node) ?? ''];
      return other
        ? [replaced(node, `"${other}"`, `rows are grouped by ${other} in place of ${literalText(node)}`)]
        : [];
    }),
};

const scaledLimit = (name: string, factor: number): Operator => ({
  name,
  find: (source) => {
    const limit = propertyOf(queryOf(source), 'limit')?.initializer;
    if (!limit) return [];
    const other = Math.round(Number(limit.getText()) * factor);
    return [replaced(limit, String(other), `the limit is ${other}`)];
  },
});

const scaledTime = (name: string, factor: number): Operator => ({
  name,
  find: (source) => {
    const time = propertyOf(queryOf(source), 'time_range')?.initializer;
    if (!time) return [];
    const other = Number(time.getText()) * factor;
    return [replaced(time, String(other), `the time range is ${other} seconds`)];
  },
});

const unwrapped: Operator = {
  name: 'query-unwrapped',
  find: (source) => {
    const query = queryOf(source);
    const whole = query?.parent.parent;
    return query && whole ? [replaced(whole, query.getText(), 'the file holds the query alone')] : [];
  },
};

/** Faults of a saved query. */
export const QUERIES: Operator[] = [
  without('drop-filter', 'filters'),
  without('drop-order', 'orders'),
  without('drop-breakdown', 'breakdowns'),
  without('drop-calculation', 'calculations'),
  withoutField('no-limit', 'limit'),
  withoutField('no-time-range', 'time_range'),
  withoutField('no-orders', 'orders'),
  withoutField('no-filters', 'filters'),
  withoutField('no-breakdowns', 'breakdowns'),
  withoutField('no-calculations', 'calculations'),
  rewriting('other-calculation', 'calculations', 'op', (op) => OTHER_CALCULATION[op] ?? null),
  rewriting('other-column', 'calculations', 'column', (column) =>
    column === 'duration_ms' ? 'murmur.feed.following_count' : 'duration_ms',
  ),
  rewriting('other-filter-operator', 'filters', 'op', (op) => OTHER_FILTER[op] ?? null),
  rewriting('other-filter-column', 'filters', 'column', (column) =>
    column === 'duration_ms' ? 'name' : 'duration_ms',
  ),
  rewriting('other-filter-value', 'filters', 'value', (value) =>
    value === 'server' ? 'client' : `${value}x`,
  ),
  rewriting('other-order-direction', 'orders', 'order', (order) =>
    order === 'descending' ? 'ascending' : 'descending',
  ),
  rewriting('other-order', 'orders', 'op', (op) => (op === 'P95' ? 'P50' : 'COUNT')),
  otherBreakdown,
  scaledLimit('half-limit', 0.5),
  scaledLimit('double-limit', 2),
  scaledTime('longer-time-range', 12),
  scaledTime('shorter-time-range', 0.1),
  withField('any-filter', 'filter_combination', '"OR"'),
  withOneMore('one-route', 'filters', '{ "column": "http.route", "op": "=", "value": "/feed" }'),
  withOneMore('only-slow', 'filters', '{ "column": "duration_ms", "op": ">", "value": 500 }'),
  withOneMore('one-more-breakdown', 'breakdowns', '"http.route"'),
  unwrapped,
];
