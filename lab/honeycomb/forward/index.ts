export {
  DEFAULT_ENVIRONMENT_NAME,
  type Forwarder,
  type ForwarderOptions,
  startForwarder,
} from './forwarder.ts';
export { QueueInUse } from './owner.ts';
export {
  type ForwardQueue,
  type ForwardQueueOptions,
  openForwardQueue,
  type QueueEvent,
  type QueueStatus,
} from './queue.ts';
export { type ForwardState, queueDir, readForwardState, writeForwardState } from './state.ts';
