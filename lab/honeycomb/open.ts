import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { WorkshopError } from '@workshop/base';
import type { StoredQuery } from '../query/index.ts';
import { readSavedQueries } from '../query/index.ts';
import { type Account, readAccount } from './account.ts';
import type { HoneycombConfig } from './config.ts';
import { datasetOf } from './dataset.ts';
import { environmentLink, LINK_MAX, queryLink, type TraceLinkOptions, traceLink } from './links.ts';

export interface NamedLink {
  title: string;
  url: string;
}

/** One entry of `exercises/NN-name/honeycomb.json`: what the exercise shows in Honeycomb. */
export interface ExerciseView {
  title: string;
  /** A service's dataset; absent or `__all__`: the whole environment. */
  dataset?: string;
  query: StoredQuery;
}

/** Links to the environment and to each saved query. Makes no request. */
export function linksToSavedQueries(root: string, config: HoneycombConfig): NamedLink[] {
  const account = needAccount(root, config);
  const saved = readSavedQueries(path.join(root, 'queries'));
  return [
    { title: 'Your environment', url: environmentLink(account) },
    ...saved.map(({ name, query }) =>
      short({ title: name, url: queryLink(account, query, datasetOf(query)) }),
    ),
  ];
}

/** Links to what an exercise shows; `wanted` is its number (`3`, `03`) or its folder's name. */
export function linksOfExercise(root: string, config: HoneycombConfig, wanted: string): NamedLink[] {
  const exercise = findExercise(root, wanted);
  const file = path.join(root, 'exercises', exercise, 'honeycomb.json');
  if (!existsSync(file)) throw new WorkshopError(`Exercise ${exercise} has nothing to show in Honeycomb.`);
  const views = readViews(exercise, readFileSync(file, 'utf8'));
  const account = needAccount(root, config);
  return views.map(({ title, dataset, query }) => short({ title, url: queryLink(account, query, dataset) }));
}

/** The link to one trace. */
export function linkToTrace(
  root: string,
  config: HoneycombConfig,
  traceId: string,
  options?: TraceLinkOptions,
): NamedLink {
  const id = traceId.toLowerCase();
  if (!/^([0-9a-f]{16}|[0-9a-f]{32})$/.test(id))
    throw new WorkshopError(`"${traceId}" is not a trace id: it has 32 hex digits.`);
  return { title: `Trace ${id}`, url: traceLink(needAccount(root, config), id, options) };
}

function needAccount(root: string, config: HoneycombConfig): Account {
  const { ui, team, environment } = readAccount(root, config);
  if (team !== null && environment !== null) return { ui, team, environment };
  throw new WorkshopError(
    [
      'A link needs the names of your team and your environment.',
      'Your browser shows both in the address of any page of Honeycomb:',
      '',
      `  ${ui}/<team>/environments/<environment>/...`,
      '',
      'Write them into the file honeycomb.env at the root of this folder:',
      '',
      '  HONEYCOMB_TEAM=your-team',
      '  HONEYCOMB_ENVIRONMENT=your-environment',
      '',
      'With a key, "npm run honeycomb -- check" finds them for you.',
    ].join('\n'),
  );
}

function findExercise(root: string, wanted: string): string {
  const dir = path.join(root, 'exercises');
  const all = existsSync(dir) ? readdirSync(dir).filter((name) => /^\d\d-/.test(name)) : [];
  const number = /^\d{1,2}$/.test(wanted) ? wanted.padStart(2, '0') : null;
  const found = all.find((name) => name === wanted || (number !== null && name.startsWith(`${number}-`)));
  if (found) return found;
  throw new WorkshopError(`There is no exercise "${wanted}". Give its number, for example: open 5`);
}

function readViews(exercise: string, text: string): ExerciseView[] {
  const wrong = (what: string) => new WorkshopError(`exercises/${exercise}/honeycomb.json: ${what}`);
  let views: unknown;
  try {
    views = JSON.parse(text);
  } catch (error) {
    throw wrong(`this is not JSON. ${(error as Error).message}`);
  }
  if (!Array.isArray(views)) throw wrong('it must be a list of {title, dataset, query}.');
  for (const view of views) {
    if (typeof view?.title !== 'string' || typeof view?.query !== 'object' || view.query === null) {
      throw wrong('each entry needs "title" and "query".');
    }
  }
  return views as ExerciseView[];
}

function short(link: NamedLink): NamedLink {
  if (link.url.length <= LINK_MAX) return link;
  return { ...link, title: `${link.title} (a very long link: it may fail in your browser)` };
}
