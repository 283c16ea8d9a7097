import { setTimeout as delay } from 'node:timers/promises';
import { type Draw, drawFrom, EXIT_CODES, WorkshopError } from '@workshop/base';
import type { Person } from '../drive/index.ts';
import { ApiUser, activities } from './api-user.ts';
import { MurmurClient, type Sample } from './murmur-client.ts';

export interface TrafficOptions {
  apiUrl: string;
  /** How long to send; requests under way are waited for. */
  seconds: number;
  /** Requests a second. The run ends after `seconds * rate` of them, too. */
  rate: number;
  /** How many of the seeded people take part. */
  users: number;
  seed: number;
  onProgress?: (text: string) => void;
  /** Ends the run early, with a summary of what was sent. */
  signal?: AbortSignal;
}

export interface Traffic {
  samples: Sample[];
  people: Person[];
  seconds: number;
  /** How many requests were asked for; null if the run was ended early, which says nothing about Murmur. */
  wanted: number | null;
  /** True if it ended because nothing answered any more. */
  lostApi: boolean;
}

/** More under way at once would measure the queue, not Murmur. */
const MAX_AT_ONCE = 16;
/** So many failures in a row: the API is gone, or starts anew after a save for longer than it should. */
const PATIENCE_FAILURES = 40;
/** Every so many activities one of those who follow many opens the feed. */
const SLOW_FEED_EVERY = 6;

/**
 * Many people use Murmur for a while.
 * @throws WorkshopError with what to do when there is no Murmur at the address
 */
export async function runTraffic(options: TrafficOptions): Promise<Traffic> {
  const client = new MurmurClient(options.apiUrl);
  const people = await choosePeople(client, options);
  const draw = drawFrom(options.seed, 'who does what');
  // Each has draws of their own, so that who does what does not depend on who is answered first.
  const users = people.map((person) => new ApiUser(person, client, drawFrom(options.seed, person.handle)));
  const most = Math.max(1, Math.round(options.seconds * options.rate));
  const underWay = new Set<Promise<void>>();
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  let lostApi = false;
  for (let turn = 0; client.samples.length < most && elapsed() < options.seconds; turn++) {
    if (options.signal?.aborted) break;
    lostApi = endsInFailures(client.samples);
    if (lostApi) break;
    const { user, activity } = next(users, turn, draw);
    const acting = user.act(activity).finally(() => underWay.delete(acting));
    underWay.add(acting);
    if (underWay.size >= MAX_AT_ONCE) await Promise.race(underWay);
    options.onProgress?.(progressText(client.samples, elapsed(), options.seconds));
    // An activity is one to three requests: whoever is early waits until so many are due.
    const aheadMs = (client.samples.length + underWay.size) * (1000 / options.rate) - elapsed() * 1000;
    await delay(Math.max(0, aheadMs), undefined, { signal: options.signal }).catch(() => {});
  }
  await Promise.all(underWay);
  const wanted = lostApi || options.signal?.aborted ? null : most;
  return { samples: client.samples, people, seconds: elapsed(), wanted, lostApi };
}

/** Iris, Ben and those who follow most take part always, the rest is drawn. */
export async function choosePeople(
  client: MurmurClient,
  options: Pick<TrafficOptions, 'apiUrl' | 'users' | 'seed'>,
): Promise<Person[]> {
  const { status, body } = await client.get('/users', { route: '/users' });
  if (status !== 200 || !Array.isArray(body)) {
    const what = status === null ? 'Nothing answers' : `GET /users answered ${status}`;
    throw new WorkshopError(`${what} at ${options.apiUrl}.`, {
      exitCode: EXIT_CODES.failed,
      whatToDo: 'Start Murmur with "npm start" in another terminal, then try again.',
    });
  }
  const all = (body as Person[]).toSorted((a, b) => b.followingCount - a.followingCount);
  const famous = all.filter((person) => person.handle === 'iris' || person.handle === 'ben');
  const busiest = all.slice(0, Math.ceil(options.users / 4));
  const chosen = new Set([...famous, ...busiest]);
  const rest = all.filter((person) => !chosen.has(person));
  const missing = Math.min(rest.length, Math.max(0, options.users - chosen.size));
  const drawn = drawFrom(options.seed, 'who takes part').sample(rest, missing);
  return [...chosen, ...drawn].slice(0, Math.max(1, options.users));
}

/** In turn, those who follow many open their feeds, so that a short run shows them too. */
function next(users: readonly ApiUser[], turn: number, draw: Draw) {
  if (turn % SLOW_FEED_EVERY !== 0) return { user: draw.pick(users), activity: draw.weighted(activities) };
  const busy = users
    .toSorted((a, b) => b.person.followingCount - a.person.followingCount)
    .slice(0, Math.max(1, Math.ceil(users.length / 4)));
  return { user: busy[(turn / SLOW_FEED_EVERY) % busy.length]!, activity: 'openFeed' as const };
}

function endsInFailures(samples: readonly Sample[]): boolean {
  const last = samples.slice(-PATIENCE_FAILURES);
  return last.length === PATIENCE_FAILURES && last.every((sample) => sample.status === null);
}

function progressText(samples: readonly Sample[], elapsed: number, seconds: number): string {
  return `${samples.length} requests, ${Math.floor(elapsed)} of ${seconds} s`;
}
