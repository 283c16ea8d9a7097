import { answered, type Form, refused } from './form.ts';

const START = 1_700_000_000;
const OFFSETS = [1_800, 3_600, 7_200, 28_800, 86_400, 604_800, 2_419_200, 15_724_800];

export const TIME: Form[] = [
  ...OFFSETS.map(
    (offset): Form => ({
      name: `compared with ${offset} s before`,
      seen: 'API',
      query: { time_range: Math.min(offset, 3_600), compare_time_offset_seconds: offset },
      expected: 'answered',
    }),
  ),
  ...answered('API', {
    'seconds before now': { time_range: 28_800 },
    'seconds after a start': { start_time: START, time_range: 3_600 },
    'seconds before an end': { end_time: START, time_range: 3_600 },
    'a start and an end': { start_time: START, end_time: START + 86_400 },
    'a start alone': { start_time: START },
    'an end alone': { end_time: START },
    'a start that is the end': { start_time: START, end_time: START },
    'a start that is the end, with every kind of calculation': {
      start_time: START,
      end_time: START,
      breakdowns: ['name'],
      calculations: [
        { op: 'CONCURRENCY' },
        { op: 'P50', column: 'duration_ms' },
        { op: 'HEATMAP', column: 'duration_ms' },
      ],
    },
    'a granularity': { time_range: 3_600, granularity: 60 },
    'the finest granularity': { time_range: 7_200, granularity: 8 },
    'the coarsest granularity': { time_range: 3_600, granularity: 3_600 },
    'times that are null': { time_range: null, start_time: null, end_time: null, granularity: null },
    'compared with the range before': { time_range: 4_000, compare_time_offset_seconds: 4_000 },
    'compared with nothing': { compare_time_offset_seconds: null },
    'a day, compared, by user': {
      time_range: 86_400,
      breakdowns: ['user.id'],
      calculations: [{ op: 'P99', column: 'duration_ms' }],
      compare_time_offset_seconds: 604_800,
    },
    'a week': { time_range: 604_800 },
  }),
  ...answered('TF', {
    'a granularity of 0, as one exports it': { granularity: 0 },
    'compared, with a granularity of 0': {
      time_range: 7_200,
      granularity: 0,
      compare_time_offset_seconds: 7_200,
    },
  }),
  ...refused('TF', {
    'all three times': ['time_range', { time_range: 7_200, start_time: START, end_time: START + 7_200 }],
    'a granularity coarser than the range': ['granularity', { time_range: 120, granularity: 121 }],
    'a granularity finer than a thousandth': ['granularity', { time_range: 60_000, granularity: 59 }],
    'an offset shorter than the range': [
      'compare_time_offset_seconds',
      { start_time: START, compare_time_offset_seconds: 1_800 },
    ],
    'an offset that is not offered': ['compare_time_offset_seconds', { compare_time_offset_seconds: 1 }],
  }),
  ...refused('API', {
    'an end before its start': ['start_time', { start_time: START + 1, end_time: START }],
    'a range of 0': ['time_range', { time_range: 0 }],
    'a fraction of a second': ['time_range', { time_range: 0.5 }],
    'a start in words': ['start_time', { start_time: 'yesterday' }],
  }),
  ...refused('MCP', {
    "a range in the MCP server's words": ['time_range', { time_range: '1h' }],
    'a range as digits in a text': ['time_range', { time_range: '3600' }],
  }),
];
