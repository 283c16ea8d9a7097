import { join } from 'node:path';
import type { Span } from '@workshop/telemetry';
import { openForwardQueue, type QueueEvent } from '../honeycomb/index.ts';
import { impersonal } from './impersonal.ts';
import { type ClassCollector, classCollectorText } from './settings.ts';

/** The way to the Collector of a class. */
export interface ClassForwarder {
  /** Takes spans; on return they are on disk. Never throws. */
  forward(spans: readonly Span[]): void;
  close(): Promise<void>;
}

/** Says where spans go before the first one does, then sends what waits. @param only nobody else on this machine keeps them */
export function startClassForwarder(
  root: string,
  { endpoint, headers, name }: ClassCollector,
  log: (line: string) => void,
  only = false,
): ClassForwarder {
  log(classCollectorText({ endpoint, headers, name }, only));
  let told = '';
  const say = (line: string): void => {
    // An hour offline is one line.
    if (line !== told) log(line);
    told = line;
  };
  const queue = openForwardQueue({
    dir: join(root, '.workshop', 'class', 'queue'),
    endpoint,
    headers,
    setting: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    place: 'The Collector',
    environmentName: name,
    onEvent: (event) => tell(event, say),
  });
  return {
    forward(spans) {
      try {
        queue.enqueue(spans.map((span) => impersonal(span)));
      } catch (error) {
        // A full disk must not cost the lab its own copy of the spans.
        say(`Class: ${spans.length} spans could not be kept for sending. ${(error as Error).message}`);
      }
    },
    close: () => queue.close(),
  };
}

function tell(event: QueueEvent, say: (line: string) => void): void {
  if (event.kind === 'waiting') say(`Class: nothing is sent now (${event.reason}). The spans wait on disk.`);
  if (event.kind === 'dropped') say(`Class: dropped the oldest ${event.spans} spans, ${event.reason}.`);
  if (event.kind === 'refused') say(`Class: ${event.spans} spans were refused (${event.reason}).`);
  if (event.kind === 'sent') say('Class: spans are sent.');
}
