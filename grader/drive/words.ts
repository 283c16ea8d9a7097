import { type Draw, drawFrom } from '@workshop/base';
import type { Json, SentRequest } from '../evidence/index.ts';
import { sendRequest } from './http.ts';
import type { Person } from './person.ts';
import type { Api, ApiAnswer, CallOptions, DatabaseWords, People, Several, Words } from './scenario.ts';
import { StepFailed } from './step-failed.ts';
import { until } from './until.ts';
import type { Visit } from './visit.ts';

export interface Ground {
  apiUrl: string;
  seed: number;
  exercise: string;
  database: DatabaseWords;
  /** begins the visit to the page; absent when the scenario needs none */
  visit?: (tokenOf: People['tokenOf']) => Visit;
  /** why the scenario cannot be driven on this machine; the grader's own trouble */
  trouble?: string;
}

/** The words one scenario runs with, and what it left behind. */
export function makeWords(ground: Ground): {
  words: Words;
  requests: SentRequest[];
  facts: Record<string, Json>;
  visit: Visit | null;
} {
  const requests: SentRequest[] = [];
  const facts: Record<string, Json> = {};
  const draw = drawFrom(ground.seed, ground.exercise);
  const tokens = new Map<string, string>();

  const send = async (
    method: string,
    path: string,
    options: CallOptions,
    token: string | null,
  ): Promise<ApiAnswer> => {
    const label = options.label ?? `${method} ${path}`;
    const { record, body } = await sendRequest({
      baseUrl: ground.apiUrl,
      id: `${draw.word()}-${requests.length}`,
      label,
      method,
      path,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...options.headers },
      body: options.body,
      userId: options.as?.id ?? null,
      timeoutMs: options.timeoutMs ?? 15_000,
    });
    requests.push(record);
    if (record.status === null) throw new StepFailed(label, record.error ?? 'no answer');
    return { status: record.status, body: parsed(body), request: record };
  };

  const tokenOf = async (person: Person): Promise<string> => {
    const known = tokens.get(person.id);
    if (known) return known;
    const answer = await send('POST', '/sessions', { body: { userId: person.id }, label: 'sign in' }, null);
    if (answer.status !== 201 || typeof answer.body?.token !== 'string') {
      throw new StepFailed(`sign in as ${person.name}`, `POST /sessions answered ${answer.status}`);
    }
    tokens.set(person.id, answer.body.token);
    return answer.body.token;
  };

  const request = async (method: string, path: string, options: CallOptions = {}): Promise<ApiAnswer> =>
    send(method, path, options, options.as ? await tokenOf(options.as) : null);
  const api: Api = {
    request,
    get: (path, options) => request('GET', path, options),
    post: (path, options) => request('POST', path, options),
  };

  const visit = ground.visit?.(tokenOf) ?? null;
  return {
    requests,
    facts,
    visit,
    words: {
      api,
      people: { ...makePeople(api, draw), tokenOf },
      draw,
      database: ground.database,
      page: visit?.page ?? withoutPage('page'),
      network: visit?.network ?? withoutPage('network'),
      note: (name, value) => {
        facts[name] = value;
      },
      until,
    },
  };
}

function makePeople(api: Api, draw: Draw): Omit<People, 'tokenOf'> {
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
    named: async (name) => {
      const found = (await all()).find(
        (person) => person.name === name || person.name.startsWith(`${name} `),
      );
      if (!found) throw new StepFailed(`find ${name}`, `GET /users lists nobody called ${name}`);
      return found;
    },
    drawn: async <N extends number>(count: N, { min = 0, max = Number.POSITIVE_INFINITY } = {}) =>
      draw.sample(
        (await all()).filter((person) => person.followingCount >= min && person.followingCount <= max),
        count,
      ) as Several<Person, N>,
  };
}

/** Words that a scenario uses without having asked for them: a mistake in the exercise. */
function withoutPage<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get: () => {
      throw new Error(`the scenario uses "${name}", so its options must say { page: true }`);
    },
  });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
