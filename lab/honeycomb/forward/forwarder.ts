import type { Span } from '@workshop/telemetry';
import { type HoneycombConfig, readConfig } from '../config.ts';
import { type ForwardQueue, openForwardQueue, type QueueEvent, type QueueStatus } from './queue.ts';
import { queueDir, readForwardState } from './state.ts';

/** The name of a learner who gave none: no name of this machine or its user leaves it by itself. */
export const DEFAULT_ENVIRONMENT_NAME = 'workshop';

/** The lab's way to Honeycomb. It follows `npm run honeycomb -- forward on|off` while the lab runs. */
export interface Forwarder {
  /** Takes what the lab has stored; does nothing while forwarding is off. Never throws. */
  forward(spans: readonly Span[]): void;
  /** Null while forwarding is off. */
  status(): QueueStatus | null;
  close(): Promise<void>;
}

export interface ForwarderOptions {
  /** The repository's root. */
  root: string;
  env?: NodeJS.ProcessEnv;
  /** Lines for the lab's terminal; they hold no key. */
  log?: (line: string) => void;
  fetch?: typeof fetch;
  /** How often the learner's choice is read again, 1,000 ms by default. */
  pollMs?: number;
}

/** Starts at once if forwarding is on: what waited from yesterday is sent without any new span. */
export function startForwarder(options: ForwarderOptions): Forwarder {
  const { root, env = process.env, log = () => {}, pollMs = 1000 } = options;
  let queue: ForwardQueue | null = null;
  let told = '';
  const closings = new Set<Promise<void>>();

  const say = (line: string) => {
    // A day offline is one line, not one a minute.
    if (line !== told) log(line);
    told = line;
  };

  function open(name: string | undefined): void {
    try {
      const config: HoneycombConfig = readConfig(root, env);
      if (!config.ingestKey) {
        say('Honeycomb: forwarding is on, but HONEYCOMB_API_KEY is not set. Nothing is sent.');
        return;
      }
      queue = openForwardQueue({
        dir: queueDir(root),
        endpoint: config.endpoint,
        key: config.ingestKey,
        environmentName: name ?? config.learner ?? DEFAULT_ENVIRONMENT_NAME,
        onEvent: (event) => tell(event, say),
        fetch: options.fetch,
      });
      say(`Honeycomb: forwarding to ${config.endpoint}.`);
    } catch (error) {
      say(`Honeycomb: forwarding does not work. ${(error as Error).message}`);
    }
  }

  function follow(): void {
    const state = readForwardState(root);
    if (state.on && !queue) open(state.name);
    if (!state.on && queue) {
      const closing = queue.close().finally(() => closings.delete(closing));
      closings.add(closing);
      queue = null;
      say('Honeycomb: forwarding is off.');
    }
  }

  follow();
  const timer = setInterval(follow, pollMs);
  timer.unref();
  return {
    forward(spans) {
      try {
        queue?.enqueue(spans);
      } catch (error) {
        // A full disk must not cost the lab its own copy of the spans.
        say(`Honeycomb: ${spans.length} spans could not be kept for sending. ${(error as Error).message}`);
      }
    },
    status: () => queue?.status() ?? null,
    async close() {
      clearInterval(timer);
      await Promise.all([...closings, queue?.close()]);
      queue = null;
    },
  };
}

function tell(event: QueueEvent, say: (line: string) => void): void {
  if (event.kind === 'waiting')
    say(`Honeycomb: nothing is sent now (${event.reason}). The spans wait on disk.`);
  if (event.kind === 'dropped') say(`Honeycomb: dropped the oldest ${event.spans} spans, ${event.reason}.`);
  if (event.kind === 'refused') say(`Honeycomb: ${event.spans} spans were refused (${event.reason}).`);
  if (event.kind === 'sent') say('Honeycomb: spans are sent.');
}
