export { type ClassForwarder, startClassForwarder } from './forwarder.ts';
export { sendGradedSpans } from './graded.ts';
export { impersonal } from './impersonal.ts';
export { type ClassCollector, classCollectorText, readClassCollector } from './settings.ts';
