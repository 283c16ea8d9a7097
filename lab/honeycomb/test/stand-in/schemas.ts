/**
 * What Honeycomb takes as bodies, as JSON Schemas: its published limits, and stricter than its own document
 * in one way: an unknown property is refused, so that a misspelt one cannot pass.
 */
const OPS = [
  ...['COUNT', 'CONCURRENCY', 'SUM', 'AVG', 'COUNT_DISTINCT', 'HEATMAP', 'MAX', 'MIN'],
  ...['P001', 'P01', 'P05', 'P10', 'P20', 'P25', 'P50', 'P75', 'P80', 'P90', 'P95', 'P99', 'P999'],
  ...['RATE_AVG', 'RATE_SUM', 'RATE_MAX'],
];
const COMPARE = ['=', '!=', '>', '>=', '<', '<='];
const FILTER_OPS = [
  ...COMPARE,
  ...['starts-with', 'does-not-start-with', 'ends-with', 'does-not-end-with', 'exists', 'does-not-exist'],
  ...['contains', 'does-not-contain', 'in', 'not-in'],
];

const object = (properties: Record<string, unknown>, required: string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const list = (items: unknown, maxItems = 100) => ({ type: 'array', items, maxItems });
const text = (maxLength: number, minLength = 0) => ({ type: 'string', minLength, maxLength });
const column = { type: ['string', 'null'] };
const count = { type: 'integer', minimum: 1 };
const position = { type: 'integer', minimum: 0 };

const filters = list(
  object(
    {
      column,
      op: { enum: FILTER_OPS },
      value: { type: ['null', 'number', 'string', 'boolean', 'array'] },
    },
    ['column', 'op'],
  ),
);
const combination = { enum: ['AND', 'OR'] };
const named = list(
  object({ name: { type: 'string' }, expression: { type: 'string' } }, ['name', 'expression']),
);

export const QUERY = object({
  breakdowns: list({ type: 'string' }),
  calculations: list(
    object({ op: { enum: OPS }, column, name: column, filters, filter_combination: combination }, ['op']),
  ),
  filters,
  filter_combination: combination,
  formulas: named,
  calculated_fields: named,
  granularity: count,
  orders: list(
    object({ column: { type: 'string' }, op: { enum: OPS }, order: { enum: ['ascending', 'descending'] } }),
  ),
  // 10,000 is for running without a series only.
  limit: { type: 'integer', minimum: 1, maximum: 1000 },
  havings: list(
    object(
      {
        calculate_op: { enum: OPS.filter((op) => op !== 'HEATMAP') },
        column,
        op: { enum: COMPARE },
        value: { type: 'number' },
      },
      ['calculate_op'],
    ),
  ),
  time_range: count,
  start_time: count,
  end_time: count,
  compare_time_offset_seconds: { enum: [1800, 3600, 7200, 28800, 86400, 604800, 2419200, 15724800] },
  usage_mode: { type: 'boolean' },
});

export const ANNOTATION = object(
  { name: text(320, 1), description: text(1023), query_id: { type: 'string' } },
  ['name', 'query_id'],
);

export const CALCULATED_FIELD = object(
  { alias: text(255, 1), expression: text(4095, 1), description: text(255) },
  ['alias', 'expression'],
);

/** Of the whole environment, which names its datasets. */
export const SLO = object(
  {
    name: text(120, 1),
    description: text(1023),
    sli: object({ alias: text(255, 1) }, ['alias']),
    time_period_days: count,
    target_per_million: { type: 'integer', minimum: 0, maximum: 999_999 },
    dataset_slugs: list({ type: 'string' }, 10),
  },
  ['name', 'sli', 'time_period_days', 'target_per_million', 'dataset_slugs'],
);

const placed = object({ x_coordinate: position, y_coordinate: position, height: position, width: position });
const queryPanel = object(
  {
    query_id: { type: 'string' },
    query_annotation_id: { type: 'string' },
    query_style: { enum: ['graph', 'table', 'combo'] },
    visualization_settings: { type: 'object' },
  },
  ['query_id', 'query_annotation_id'],
);

export const BOARD = object(
  {
    name: text(255, 1),
    description: text(1024),
    type: { enum: ['flexible'] },
    layout_generation: { enum: ['auto', 'manual'] },
    panels: list(
      {
        oneOf: [
          object({ type: { const: 'query' }, query_panel: queryPanel, position: placed }, [
            'type',
            'query_panel',
          ]),
          object(
            {
              type: { const: 'text' },
              text_panel: object({ content: text(10_000) }, ['content']),
              position: placed,
            },
            ['type', 'text_panel'],
          ),
          object(
            { type: { const: 'slo' }, slo_panel: object({ slo_id: { type: 'string' } }), position: placed },
            ['type', 'slo_panel'],
          ),
        ],
      },
      1000,
    ),
    tags: list(
      object(
        {
          key: { type: 'string', maxLength: 32, pattern: '^[a-z]+$' },
          value: { type: 'string', maxLength: 128, pattern: '^[a-z][a-z0-9/-]*$' },
        },
        ['key', 'value'],
      ),
      10,
    ),
    preset_filters: list(object({ column: { type: 'string' }, alias: text(50) }, ['column', 'alias']), 5),
  },
  ['name', 'type'],
);
