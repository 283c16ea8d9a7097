import { EXIT_CODES, WorkshopError } from '@workshop/base';
import type { Command } from 'commander';
import type { TraceSummary } from '../api/index.ts';
import { wrapped } from './format.ts';
import type { LabClient } from './lab-client.ts';

/** Which traces a learner means, in the words of the commands. */
export interface TraceWords {
  user?: string;
  /** `/feed`, `/posts/:id`, `/posts/12`; a method may stand before it */
  route?: string;
  service?: string;
  /** the slowest first */
  slow?: true;
}

export interface FoundTraces {
  /** the newest first, or the slowest first */
  traces: TraceSummary[];
  /** single spans that belong to no request, such as those of a start, were left out */
  leftOut: TraceSummary[];
  trouble: string[];
}

/** As many as the lab lists at once. */
const MOST = 1_000;

export function addTraceWords(command: Command): Command {
  return command
    .option('--user <id>', 'only of this user.id')
    .option('--route <path>', 'only of requests to this path, such as /feed')
    .option('--service <name>', 'only traces that this service took part in')
    .option('--slow', 'the slowest first, in place of the newest');
}

/** @param all also single spans that belong to no request */
export async function findTraces(client: LabClient, words: TraceWords, all = false): Promise<FoundTraces> {
  const sort = words.slow ? 'slowest' : 'newest';
  const search = { limit: MOST, service: words.service, sort } as const;
  const answers = await Promise.all(searchesOf(words).map((q) => client.traces({ ...search, q })));
  const found = new Map(answers.flatMap(({ traces }) => traces.map((trace) => [trace.traceId, trace])));
  const place = words.slow
    ? ({ durationMs }: TraceSummary) => durationMs
    : ({ startMs }: TraceSummary) => startMs;
  // Each answer is in order; two of them are brought into one.
  const meant = [...found.values()];
  if (answers.length > 1) meant.sort((a, b) => place(b) - place(a));
  const isLeftOut = (trace: TraceSummary): boolean => !all && words.service === undefined && isStray(trace);
  return {
    traces: meant.filter((trace) => !isLeftOut(trace)),
    leftOut: meant.filter(isLeftOut),
    trouble: answers[0]?.trouble ?? [],
  };
}

/** The words as searches of the lab; a path is that of a route or of one address, which are two searches. */
function searchesOf({ user, route }: TraceWords): (string | undefined)[] {
  const ofUser = user === undefined ? [] : [`user.id=${quoted(user)}`];
  if (route === undefined) return [ofUser[0]];
  const [, method, path = ''] = /^(?:([A-Za-z]+) )?(.*)$/s.exec(route) ?? [];
  const ofMethod = method === undefined ? [] : [`http.request.method=${method.toUpperCase()}`];
  return ['http.route', 'url.path'].map((key) =>
    [...ofUser, ...ofMethod, `${key}=${quoted(path)}`].join(' '),
  );
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The trace to show first: the newest, or the slowest, that somebody's request made. */
export function mostTelling(traces: readonly TraceSummary[]): TraceSummary | undefined {
  return traces.find(({ request }) => request !== null && request.method !== 'OPTIONS') ?? traces[0];
}

function isStray({ request, spanCount }: TraceSummary): boolean {
  return request === null && spanCount === 1;
}

/** Why nothing was found, and what there is instead. */
export async function nothingFound(client: LabClient, words: TraceWords): Promise<string> {
  const services = await client.services();
  if (services.length === 0) return 'The lab has no traces yet. Use Murmur, or run "npm run traffic".';
  if (words.service !== undefined && !services.includes(words.service))
    return wrapped(`No trace has a span of ${words.service}. The services here are ${services.join(', ')}.`);
  const { traces } = await findTraces(client, {});
  const told = (value: (trace: TraceSummary) => string | null | undefined): string[] =>
    [...new Set(traces.map(value).filter((text) => typeof text === 'string'))].slice(0, 8);
  const users = told(({ userId }) => userId);
  const routes = told(({ request }) =>
    request?.method === 'OPTIONS' ? null : (request?.route ?? request?.path),
  );
  const reasons = [
    words.route !== undefined && `The newest requests here went to ${routes.join(', ') || 'no path'}.`,
    words.user !== undefined &&
      (users.length > 0
        ? `The user.id of the newest ones: ${users.join(', ')}.`
        : 'No span has a user.id yet: exercise 02 sets it.'),
  ].filter((reason) => reason !== false);
  return wrapped(`No trace is like that. ${reasons.join(' ')}`.trim());
}

/**
 * The newest trace of a request, or the slowest, among those that are meant.
 * @throws WorkshopError when there is none
 */
export async function theTrace(client: LabClient, words: TraceWords): Promise<string> {
  const found = mostTelling((await findTraces(client, words)).traces);
  if (found) return found.traceId;
  throw new WorkshopError(await nothingFound(client, words), { exitCode: EXIT_CODES.failed });
}
