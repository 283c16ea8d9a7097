export { EventLog, type EventPublisher } from './event-log.ts';
export { BEAT_MS, EventStream } from './event-stream.ts';
export { TraceAnnouncer } from './trace-announcer.ts';
