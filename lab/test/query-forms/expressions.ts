import { answered, type Form, refused } from './form.ts';

/** Each function of the calculated field reference at least once, in the ways in which it is written. */
const FIELDS: readonly string[] = [
  'IF($error, "failed", "fine")',
  'IF(GTE($duration_ms, 500), "slow")',
  'IF(GTE($http.response.status_code, 500), "5xx", GTE($http.response.status_code, 400), "4xx", "fine")',
  'if(lt($duration_ms, 10), 1, 0)',
  'SWITCH($http.route, "/feed", "feed", "/search", "search", "other")',
  'COALESCE($user.id, $session.id, "nobody")',
  'LT($duration_ms, 100)',
  'LTE($duration_ms, 200)',
  'GT($duration_ms, 100)',
  'EQUALS($http.response.status_code, 200)',
  'IN($http.route, "/feed", "/search")',
  '!IN($http.route, "/feed", "/search")',
  'EXISTS($user.id)',
  'HAS_VALUE($user.id)',
  'NOT(EXISTS($user.id))',
  'AND(GT($duration_ms, 10), EXISTS($error))',
  'OR($error, $exception.type = "Error", false)',
  'SUM($duration_ms, 1, 2.5)',
  'SUB($duration_ms, 5)',
  'MUL(IF($error, 1, 0), 100)',
  'DIV($duration_ms, 1000)',
  'MOD($duration_ms, 7)',
  'MIN($duration_ms, 100)',
  'MAX($duration_ms, 100)',
  'LOG10($duration_ms)',
  'BUCKET($duration_ms, 100)',
  'BUCKET($duration_ms, 500, 0, 3000)',
  'INT($http.response.status_code)',
  'FLOAT("2.5")',
  'BOOL(1)',
  'STRING($duration_ms)',
  'CONCAT($service.name, " ", $name)',
  'STARTS_WITH($http.route, "/posts")',
  'PREFIX($http.route, "/posts")',
  'ENDS_WITH($http.route, ":id")',
  'SUFFIX($http.route, ":id")',
  'CONTAINS($name, "GET")',
  'TO_LOWER($name)',
  'LENGTH($db.query.text)',
  'LENGTH($db.query.text, "chars")',
  'REG_MATCH($name, `^GET /(feed|search)$`)',
  'REG_VALUE($name, `/(\\w+)`)',
  'REG_COUNT($db.query.text, "[a-z]+")',
  'UNIX_TIMESTAMP($sent_at)',
  'SUB(INGEST_TIMESTAMP(), EVENT_TIMESTAMP())',
  'FORMAT_TIME("%A %H", EVENT_TIMESTAMP())',
  'RAND() < 0.5',
  // operators, literals, ways to name a column
  '$duration_ms > 100 AND !$error',
  '($duration_ms + 1) * 2 - 3 / 4 % 5',
  '$http.response.status_code >= 500 OR $error = true',
  '$"duration_ms" != -1',
  '$`http.route` = `/feed`',
  'IF($duration_ms <= 1e3, null, "slow",)',
  '"a text"',
  '12',
  '$duration_ms',
];

const METRIC_FIELDS = [
  'LAST($app.gauge)',
  'SUMMARIZE($app.delta)',
  'INCREASE($app.counter, 300)',
  'RATE($app.counter)',
  'IF(RATE($app.counter, 60) > 5, "busy", "idle")',
];

const calculated = (expression: string) => ({
  calculated_fields: [{ name: 'field', expression }],
  breakdowns: ['field'],
});
const shares = [
  { op: 'COUNT', name: 'all' },
  { op: 'COUNT', name: 'failed', filters: [{ column: 'error', op: '=', value: true }] },
];
const share = (expression: string) => ({ calculations: shares, formulas: [{ name: 'share', expression }] });
const EXPRESSION = 'calculated_fields[0].expression';

export const EXPRESSIONS: Form[] = [
  ...FIELDS.map(
    (expression): Form => ({
      name: expression,
      seen: 'DOCS',
      query: calculated(expression),
      expected: 'answered',
    }),
  ),
  ...METRIC_FIELDS.map(
    (expression): Form => ({
      name: expression,
      seen: 'TF',
      query: calculated(expression),
      expected: 'metrics',
    }),
  ),
  ...answered('TF', {
    'a field that a filter reads': {
      calculated_fields: [{ name: 'fast', expression: 'LTE($duration_ms, 200)' }],
      filters: [{ column: 'fast', op: '=', value: false }],
    },
    'a field that a calculation reads': {
      calculated_fields: [{ name: 'percent', expression: 'MUL(IF($error, 1, 0), 100)' }],
      calculations: [{ op: 'AVG', column: 'percent' }],
    },
    'a field that nothing reads': { calculated_fields: [{ name: 'unused', expression: 'BOOL(1)' }] },
    'a field that reads a field': {
      calculated_fields: [
        { name: 'seconds', expression: 'DIV($duration_ms, 1000)' },
        { name: 'slow', expression: 'GT($seconds, 1)' },
      ],
      breakdowns: ['slow'],
    },
    'a formula': share('DIV($failed, $all)'),
    'a formula with signs': share('$failed / $all * 100'),
    'a formula that orders': {
      ...share('DIV($failed, $all)'),
      breakdowns: ['name'],
      orders: [{ column: 'share', order: 'descending' }],
    },
    'a having on a formula without an operation': {
      ...share('DIV($failed, $all)'),
      breakdowns: ['name'],
      havings: [{ column: 'share', op: '>', value: 0.1 }],
    },
    'a having on a formula': {
      ...share('DIV($failed, $all)'),
      breakdowns: ['name'],
      havings: [{ calculate_op: 'COUNT', column: 'share', op: '>', value: 0.1 }],
    },
    'an empty list of each': { calculated_fields: [], formulas: [] },
  }),
  ...answered('MCP', {
    'a formula of percentiles': {
      calculations: [
        { op: 'P50', column: 'duration_ms', name: 'median' },
        { op: 'P99', column: 'duration_ms', name: 'tail' },
      ],
      formulas: [{ name: 'ratio', expression: '$tail / $median' }],
      breakdowns: ['service.name'],
      orders: [{ column: 'ratio', order: 'descending' }],
      limit: 20,
    },
    'several formulas': {
      calculations: shares,
      formulas: [
        { name: 'good', expression: 'SUB($all, $failed)' },
        { name: 'share', expression: 'IF($all > 0, $failed / $all, 0)' },
      ],
    },
  }),
  ...answered('API', {
    'a formula of a calculation without a name': { formulas: [{ name: 'double', expression: '$COUNT * 2' }] },
    'a formula over a comparison': { ...share('$failed / $all'), compare_time_offset_seconds: 86_400 },
  }),
  ...refused('TF', {
    'a formula beside a heatmap': [
      'calculations[0].op',
      {
        calculations: [
          { op: 'HEATMAP', column: 'duration_ms' },
          { op: 'COUNT', name: 'all' },
        ],
        formulas: [{ name: 'share', expression: 'DIV($all, 100)' }],
      },
    ],
    'two formulas of one name': [
      'formulas[1].name',
      { ...share('$all'), formulas: [1, 2].map((n) => ({ name: 'share', expression: `$all * ${n}` })) },
    ],
    'a formula with the name of a calculation': [
      'formulas[0].name',
      { calculations: shares, formulas: [{ name: 'all', expression: '$failed' }] },
    ],
    'a formula that cannot be read': ['formulas[0].expression', share('100 ) * $failed')],
  }),
  ...refused('DOCS', {
    'a formula of what is not calculated': ['formulas[0].expression', share('$slow / $all')],
    'a formula of texts': ['formulas[0].expression', share('CONCAT($all, "x")')],
    'a field that ends too early': [EXPRESSION, calculated('IF($error,')],
    'a field with an unknown function': [EXPRESSION, calculated('UPPER($name)')],
    'a field with too few arguments': [EXPRESSION, calculated('IF($error)')],
    'a field with a pattern that is not written out': [EXPRESSION, calculated('REG_MATCH($name, $pattern)')],
    'a field with a pattern that is none': [EXPRESSION, calculated('REG_MATCH($name, "(")')],
    'a field that is empty': [EXPRESSION, calculated('')],
    'a field without a name': ['calculated_fields[0].name', { calculated_fields: [{ expression: '1' }] }],
    'a field that reads itself': [EXPRESSION, { calculated_fields: [{ name: 'a', expression: '$a + 1' }] }],
    'a field that is too long': [EXPRESSION, calculated(`"${'x'.repeat(4_095)}"`)],
  }),
];
