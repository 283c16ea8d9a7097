import type { Draw } from '@workshop/base';
import { StepFailed } from '../step-failed.ts';
import type { ApiClient } from './api.ts';
import type { Person } from './person.ts';

/** A list of exactly N: each of its places is there. */
export type Several<T, N extends number, List extends T[] = []> = List['length'] extends N
  ? List
  : Several<T, N, [...List, T]>;

export interface PeopleActions {
  all(): Promise<Person[]>;
  /** the seeded user of that name */
  named(name: string): Promise<Person>;
  /** different users, drawn from the run's seed, who follow at least and at most so many people */
  drawn<N extends number>(count: N, following?: { min?: number; max?: number }): Promise<Several<Person, N>>;
  /** the session token that this person's requests carry: to look for it where it must not be */
  tokenOf(person: Person): Promise<string>;
}

/** The users whom the learner's own API lists; it is asked once. */
export function peopleActions(api: ApiClient, draw: Draw): PeopleActions {
  let known: Person[] | undefined;
  const all = async (): Promise<Person[]> => {
    if (known) return known;
    const answer = await api.get('/users', { label: 'list users' });
    if (answer.status !== 200 || !Array.isArray(answer.body)) {
      throw new StepFailed('list users', `GET /users answered ${answer.status}`);
    }
    known = answer.body as Person[];
    return known;
  };
  return {
    all,
    tokenOf: (person) => api.tokenOf(person),
    named: async (name) => {
      const found = (await all()).find(
        (person) => person?.name === name || person?.name?.startsWith?.(`${name} `),
      );
      if (!found) throw new StepFailed(`find ${name}`, `GET /users lists nobody called ${name}`);
      return found;
    },
    drawn: async <N extends number>(count: N, { min = 0, max = Number.POSITIVE_INFINITY } = {}) => {
      const found = (await all()).filter(
        (person) => person?.followingCount >= min && person.followingCount <= max,
      );
      if (found.length < count) {
        throw new StepFailed('list users', `GET /users lists ${found.length} people who follow so many`);
      }
      return draw.sample(found, count) as Several<Person, N>;
    },
  };
}
