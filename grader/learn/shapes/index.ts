/**
 * The shapes of what the learner's routes take and give. Each is a JSON schema and its type; the lab's document shows
 * them beside its own.
 */
export * from './events.ts';
export * from './learn.ts';
export * from './solution.ts';
