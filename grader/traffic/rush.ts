import { EXIT_CODES, WorkshopError } from '@workshop/base';
import type { Person } from '../drive/index.ts';
import { texts } from './api-user.ts';
import { MurmurClient } from './murmur-client.ts';

/** The first one keeps the worker busy, so that it finds the others together. One of them is followed by nearly everybody. */
const FIRST = 'otis';
const OTHERS = ['lara', 'hana', 'ben', 'flora', 'fiona', 'arash', 'lotte'];

export interface Rush {
  /** who published, in the order of the answers */
  authors: Person[];
  seconds: number;
}

/**
 * Eight people publish at nearly the same time, always the same ones.
 * @throws WorkshopError with what to do when there is no Murmur at the address, or it lacks them
 */
export async function runRush(apiUrl: string): Promise<Rush> {
  const client = new MurmurClient(apiUrl);
  const { status, body } = await client.get('/users', { route: '/users' });
  if (status !== 200 || !Array.isArray(body)) {
    throw refused(`${status === null ? 'Nothing answers' : `GET /users answered ${status}`} at ${apiUrl}.`);
  }
  const signedIn = await Promise.all(
    [FIRST, ...OTHERS].map(async (handle) => {
      const person = (body as Person[]).find((one) => one.handle === handle);
      const answer = await client.post('/sessions', {
        route: '/sessions',
        handle,
        body: { userId: person?.id },
      });
      if (!person || typeof answer.body?.token !== 'string')
        throw refused(`${handle} could not sign in at ${apiUrl}.`);
      return { person, token: answer.body.token as string };
    }),
  );
  const began = performance.now();
  const authors: Person[] = [];
  const publish = async ({ person, token }: (typeof signedIn)[number], at: number): Promise<void> => {
    const text = texts[at % texts.length];
    const answer = await client.post('/posts', {
      route: '/posts',
      handle: person.handle,
      token,
      body: { text },
    });
    if (answer.status !== 201) throw refused(`POST /posts of ${person.name} answered ${answer.status}.`);
    authors.push(person);
  };
  const [first, ...others] = signedIn;
  if (first) await publish(first, 0);
  await Promise.all(others.map((one, at) => publish(one, at + 1)));
  return { authors, seconds: (performance.now() - began) / 1000 };
}

/** What a rush was, in a line or two. */
export function rushLines({ authors, seconds }: Rush): string[] {
  return [
    `${authors.length} people published within ${seconds.toFixed(1)} s: ${authors.map(({ name }) => name).join(', ')}.`,
    'The worker tells their followers now.',
  ];
}

function refused(problem: string): WorkshopError {
  return new WorkshopError(problem, {
    exitCode: EXIT_CODES.failed,
    whatToDo: 'Start Murmur with "npm start" in another terminal, then try again.',
  });
}
