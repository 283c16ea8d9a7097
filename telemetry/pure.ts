/**
 * The part of this package that only computes: no protobuf, no network, no third-party code. A test runner's sandbox
 * loads it in a few milliseconds.
 */
export * from './compact.ts';
export * from './diff/index.ts';
export * from './intervals.ts';
export * from './model.ts';
export * from './nearest.ts';
export * from './relations.ts';
export * from './sample-rate.ts';
export * from './selection.ts';
export * from './waterfall/index.ts';
