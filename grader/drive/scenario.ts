import type { Draw } from '@workshop/base';
import type { Json, SentRequest } from '../evidence/index.ts';
import type { NetworkWords, PageWords } from './page.ts';
import type { Person } from './person.ts';

export interface ApiAnswer {
  status: number;
  /** the parsed body, or the text when it is not JSON */
  // biome-ignore lint/suspicious/noExplicitAny: what the learner's API answers is not known
  body: any;
  request: SentRequest;
}

export interface CallOptions {
  /** who is signed in; left out: nobody */
  as?: Person;
  /** what the checks call this request by; by default `METHOD path` */
  label?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** 15,000 by default */
  timeoutMs?: number;
}

/** Sends requests to the learner's API, one after another unless the scenario awaits several at once. */
export interface Api {
  get(path: string, options?: CallOptions): Promise<ApiAnswer>;
  post(path: string, options?: CallOptions): Promise<ApiAnswer>;
  request(method: string, path: string, options?: CallOptions): Promise<ApiAnswer>;
}

/** A list of exactly N: each of its places is there. */
export type Several<T, N extends number, List extends T[] = []> = List['length'] extends N
  ? List
  : Several<T, N, [...List, T]>;

export interface People {
  all(): Promise<Person[]>;
  /** the seeded user of that name */
  named(name: string): Promise<Person>;
  /** different users, drawn from the run's seed, who follow at least and at most so many people */
  drawn<N extends number>(count: N, following?: { min?: number; max?: number }): Promise<Several<Person, N>>;
  /** the session token that this person's requests carry: to look for it where it must not be */
  tokenOf(person: Person): Promise<string>;
}

/** What a scenario may do to the tree's own database. */
export interface DatabaseWords {
  /** how far away the database is: milliseconds each way, so twice as much for every query */
  setDistance(oneWayMs: number): void;
  /** takes an exclusive lock, runs `during`, releases it */
  whileLocked<T>(table: string, during: () => Promise<T>): Promise<T>;
  /** waits until a statement of the learner's system waits for a lock, then cancels it; false when none ever waited */
  cancelWaiting(): Promise<boolean>;
  /** asks the database itself what a check needs to know; never writes */
  read(sql: string, parameters?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

export interface Words {
  api: Api;
  people: People;
  draw: Draw;
  database: DatabaseWords;
  /** the learner's page in a browser; needs the option `page` */
  page: PageWords;
  /** the way between page and API; needs the option `page` */
  network: NetworkWords;
  /** writes a value of this run down for the checks; the last one of a name counts */
  note(name: string, value: Json): void;
  /** waits until `condition` is true, asking every 20 ms; false after `maxMs` */
  until(condition: () => Promise<boolean> | boolean, maxMs?: number): Promise<boolean>;
}

export interface ScenarioOptions {
  /** also start the worker (`start:worker`) */
  worker?: boolean;
  /** more environment for the learner's processes */
  env?: Record<string, string>;
  /** also build the page, serve it and open it in a browser */
  page?: boolean;
  /** how wrong the clocks of the learner's processes are, in milliseconds; positive: ahead */
  clockSkewMs?: number;
  /** also run the tree's saved queries over hidden data; that needs no system and is done while it starts */
  savedQueries?: boolean;
}

export interface Scenario {
  options: ScenarioOptions;
  run(words: Words): Promise<void>;
}

/** What is done to the learner's system in one exercise. The default export of an exercise's scenario.ts. */
export function scenario(run: Scenario['run'], options: ScenarioOptions = {}): Scenario {
  return { run, options };
}
