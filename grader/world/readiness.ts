import http from 'node:http';
import { connect } from 'node:net';
import { until } from '@workshop/base';
import type { DelayProxy } from './delay-proxy.ts';
import type { LearnerProcess } from './learner-process.ts';

/** The capture speaks a few milliseconds after a server listens. Silent for longer: it was lost. */
const CAPTURE_SILENCE_MS = 150;
const POLL_MS = 40;
const PROBE_TIMEOUT_MS = 2_000;

/**
 * Waits until the API answers on the port it was given. Returns its address, or null when it will not: it ended, its
 * time is over, or it listens elsewhere. Then it has been ended, with the reason in its record.
 * @param startLimit resolves when the time to become ready is over
 */
export async function waitUntilServing(
  api: LearnerProcess,
  port: number,
  startLimit: Promise<void>,
): Promise<string | null> {
  const { limits } = api.command;
  let elsewhere: NodeJS.Timeout | undefined;
  let poll: NodeJS.Timeout | undefined;
  let decided = false;
  try {
    const outcome = await new Promise<{ url: string } | 'over' | 'elsewhere' | 'start-timeout'>((resolve) => {
      const onListening = (place: { port: number; address: string }) => {
        if (place.port === port) resolve({ url: urlOf(place.address, port) });
        else waitElsewhere();
      };
      // It may open another port first, for metrics, so it gets some time to open the right one as well.
      const waitElsewhere = () => {
        clearTimeout(elsewhere);
        elsewhere = setTimeout(() => resolve('elsewhere'), limits.elsewhereMs);
      };
      api.events.on('listening', onListening);
      api.events.on('listen-error', waitElsewhere);
      void api.over.then(() => resolve('over'));
      void startLimit.then(() => resolve('start-timeout'));
      const look = async () => {
        if (await accepts(port)) {
          await new Promise((wait) => setTimeout(wait, CAPTURE_SILENCE_MS));
          if (!decided && (await answersHttp(port))) resolve({ url: urlOf('127.0.0.1', port) });
        }
        if (!decided) poll = setTimeout(look, POLL_MS);
      };
      poll = setTimeout(look, POLL_MS);
    });
    if (outcome === 'over') {
      await api.end('exited');
      return null;
    }
    if (outcome === 'elsewhere' || outcome === 'start-timeout') {
      await api.end(outcome === 'elsewhere' ? 'stopped' : 'start-timeout');
      return null;
    }
    api.markReady();
    return outcome.url;
  } finally {
    decided = true;
    clearTimeout(elsewhere);
    clearTimeout(poll);
    api.events.removeAllListeners();
  }
}

/** A worker that waits for messages in a way of its own is ready after so long: nothing else would tell. Milliseconds. */
const OWN_WAY_MS = 3_000;

/**
 * Waits until the worker waits for messages: it has no port to answer on. False if it ended before, or its time was
 * over before it had reached its database; then it has been ended.
 * @param listens says whether somebody listens to the outbox
 */
export async function waitUntilWorking(
  worker: LearnerProcess,
  database: DelayProxy,
  startLimit: Promise<void>,
  listens: () => Promise<boolean>,
): Promise<boolean> {
  let poll: NodeJS.Timeout | undefined;
  const outcome = await new Promise<'working' | 'exited' | 'start-timeout'>((resolve) => {
    void worker.over.then(() => resolve('exited'));
    void startLimit.then(() => resolve('start-timeout'));
    poll = setInterval(() => {
      if (database.accepted > 0) resolve('working');
    }, 10);
  });
  clearInterval(poll);
  if (outcome !== 'working') {
    await worker.end(outcome);
    return false;
  }
  let over = false;
  void worker.over.then(() => {
    over = true;
  });
  await until(listens, { maxMs: OWN_WAY_MS, giveUp: () => over });
  if (over) return false;
  worker.markReady();
  return true;
}

function urlOf(address: string, port: number): string {
  return address === '::1' ? `http://[::1]:${port}` : `http://127.0.0.1:${port}`;
}

/** True if something accepts a connection. It sends nothing, so no server makes a span of it. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.setTimeout(PROBE_TIMEOUT_MS, () => finish(false));
  });
}

/** True if an HTTP server is there, whatever it answers. Asked only when the capture was lost. */
function answersHttp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({
      port,
      host: '127.0.0.1',
      path: '/health',
      agent: false,
      timeout: PROBE_TIMEOUT_MS,
    });
    request.once('response', (response) => {
      response.resume();
      resolve(true);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
