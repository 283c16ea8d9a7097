/**
 * The shapes of what the lab's HTTP API takes and gives. Each is a JSON schema and, under the same name, its type:
 * the document, the validation and the types of server and terminal come from here.
 */
export * from './columns.ts';
export * from './critical-path.ts';
export * from './events.ts';
export * from './health.ts';
export * from './problem.ts';
export * from './query.ts';
export * from './query-history.ts';
export * from './saved-queries.ts';
export * from './service-graph.ts';
export * from './slos.ts';
export * from './trace.ts';
export * from './trace-comparison.ts';
export * from './traces.ts';
