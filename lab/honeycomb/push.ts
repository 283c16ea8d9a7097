import { setTimeout as delay } from 'node:timers/promises';
import { WorkshopError } from '@workshop/base';
import type { SavedQueryFile, StoredQuery } from '../query/index.ts';
import { type Board, ENVIRONMENT_WIDE, type HoneycombApi, type QueryAnnotation } from './api.ts';
import { annotationsOn, changedBoard, findBoard, newBoard, type PanelContent } from './board.ts';
import { HoneycombError } from './client.ts';
import { datasetOf, withinDataset } from './dataset.ts';
import { sameQuery } from './same-query.ts';

/** The end of an annotation's name once a newer one took its place. `pull` leaves these out. */
export const REPLACED_SUFFIX = ' (replaced)';

export interface PushedQuery {
  file: string;
  name: string;
  did: 'created' | 'changed' | 'unchanged';
  /** A dataset's slug or `__all__`. */
  dataset: string;
  queryId: string;
  annotationId: string;
}

export interface PushResult {
  queries: PushedQuery[];
  board: { id: string; name: string; url?: string; did: 'created' | 'changed' | 'unchanged' };
  /** Saved queries on the board that no local file has (any more). They stay. */
  onlyOnBoard: string[];
}

export interface PushOptions {
  learner?: string;
  /** Wait between two tries of a creation, for tests. */
  sleep?: (ms: number) => Promise<unknown>;
}

interface Annotated extends QueryAnnotation {
  dataset: string;
}

/**
 * Brings the saved queries to Honeycomb: for each a query and an annotation, for all one board.
 *
 * It keeps no memory of its own. It looks at what is there and adds what is missing, so a second run changes
 * nothing, from another clone as well. Queries are immutable: a changed file becomes a new query with a new
 * annotation, the board's panel moves to it, and the old annotation is renamed, not deleted.
 */
export async function push(
  api: HoneycombApi,
  files: SavedQueryFile[],
  options: PushOptions = {},
): Promise<PushResult> {
  refuseSameNames(files);
  const datasets = new Set([ENVIRONMENT_WIDE, ...files.map((f) => datasetOf(f.query))]);
  const remote = await listAll(api, [...datasets]);
  const boards = await api.listBoards();
  const own = findBoard(boards, options.learner);
  const onOwn = own ? annotationsOn(own) : new Set<string>();
  const elsewhere = new Set(boards.filter((b) => b !== own).flatMap((b) => [...annotationsOn(b)]));
  const specs = new SpecReader(api);

  const queries: PushedQuery[] = [];
  const replaced = new Map<string, PanelContent>();
  const added: PanelContent[] = [];
  const outdated: Annotated[] = [];
  for (const local of files) {
    const named = remote.filter((a) => a.name === local.name);
    const equal: Annotated[] = [];
    for (const a of named) {
      const wanted = withinDataset(local.query, a.dataset);
      if (sameQuery(wanted, withinDataset(await specs.read(a), a.dataset))) equal.push(a);
    }
    // Of several equal ones, that on the own board is ours.
    equal.sort((a, b) => Number(onOwn.has(b.id)) - Number(onOwn.has(a.id)));
    let did: PushedQuery['did'] = 'unchanged';
    let annotation = equal.find((a) => (a.description ?? '') === local.description);
    if (!annotation) {
      const mine = equal.find((a) => onOwn.has(a.id) && !elsewhere.has(a.id));
      annotation = mine ? await describe(api, mine, local) : await create(api, local, equal[0], options);
      did = mine ? 'changed' : 'created';
    }
    const { dataset, query_id: queryId, id: annotationId } = annotation;
    const old = named.filter((a) => onOwn.has(a.id) && a.id !== annotationId);
    if (old.length > 0) did = 'changed';
    queries.push({ file: local.file, name: local.name, did, dataset, queryId, annotationId });

    const content = { queryId, annotationId, query: local.query };
    for (const a of old) replaced.set(a.id, content);
    outdated.push(...old.filter((a) => !elsewhere.has(a.id)));
    if (!onOwn.has(annotationId) && old.length === 0) added.push(content);
  }

  const board = await settleBoard(api, own, queries, files, replaced, added, options);
  // Last: if anything above failed, the board still shows annotations under their own names.
  for (const { dataset, id, name, description, query_id } of outdated) {
    await api.updateAnnotation(dataset, id, {
      name: name.slice(0, 320 - REPLACED_SUFFIX.length) + REPLACED_SUFFIX,
      description,
      query_id,
    });
  }
  const names = new Set(files.map((f) => f.name));
  const onlyOnBoard = remote.filter((a) => onOwn.has(a.id) && !names.has(a.name)).map((a) => a.name);
  return { queries, board, onlyOnBoard };
}

function refuseSameNames(files: SavedQueryFile[]): void {
  for (const file of files) {
    const other = files.find((f) => f !== file && f.name === file.name);
    if (other)
      throw new WorkshopError(
        `queries/${file.file} and queries/${other.file} have the same "name". Change one.`,
      );
  }
}

/** The annotations of some datasets; a dataset that does not exist yet has none. */
export async function listAll(api: HoneycombApi, datasets: string[]): Promise<Annotated[]> {
  const found = new Map<string, Annotated>();
  for (const dataset of datasets) {
    for (const annotation of await orIfMissing(api.listAnnotations(dataset), [])) {
      if (!found.has(annotation.id)) found.set(annotation.id, { ...annotation, dataset });
    }
  }
  return [...found.values()];
}

/** Reads each query once. */
class SpecReader {
  readonly #api: HoneycombApi;
  readonly #read = new Map<string, StoredQuery>();

  constructor(api: HoneycombApi) {
    this.#api = api;
  }

  async read({ dataset, query_id }: Annotated): Promise<StoredQuery> {
    const known = this.#read.get(query_id);
    if (known) return known;
    const spec = await this.#api.getQuery(dataset, query_id);
    this.#read.set(query_id, spec);
    return spec;
  }
}

/** Creates query and annotation; `equal` has the same query already under another description. */
async function create(
  api: HoneycombApi,
  local: SavedQueryFile,
  equal: Annotated | undefined,
  options: PushOptions,
): Promise<Annotated> {
  const { name, description } = local;
  const { dataset, queryId } = equal
    ? { dataset: equal.dataset, queryId: equal.query_id }
    : await createQuery(api, datasetOf(local.query), local.query);
  const annotation = await createOnce(
    () => api.createAnnotation(dataset, { name, description, query_id: queryId }),
    async () => {
      const all = await api.listAnnotations(dataset);
      return all.find(
        (a) => a.query_id === queryId && a.name === name && (a.description ?? '') === description,
      );
    },
    options,
  );
  return { ...annotation, dataset };
}

/** A service that has sent no span yet has no dataset: its query goes to the whole environment then. */
async function createQuery(
  api: HoneycombApi,
  dataset: string,
  query: StoredQuery,
): Promise<{ dataset: string; queryId: string }> {
  const { id: _id, ...spec } = query;
  if (dataset !== ENVIRONMENT_WIDE) {
    const created = await orIfMissing(api.createQuery(dataset, spec), null);
    if (created) return { dataset, queryId: created.id };
  }
  return { dataset: ENVIRONMENT_WIDE, queryId: (await api.createQuery(ENVIRONMENT_WIDE, spec)).id };
}

async function describe(
  api: HoneycombApi,
  annotation: Annotated,
  { name, description }: SavedQueryFile,
): Promise<Annotated> {
  const { dataset, id, query_id } = annotation;
  await api.updateAnnotation(dataset, id, { name, description, query_id });
  return { ...annotation, description };
}

async function settleBoard(
  api: HoneycombApi,
  own: Board | undefined,
  queries: PushedQuery[],
  files: SavedQueryFile[],
  replaced: Map<string, PanelContent>,
  added: PanelContent[],
  options: PushOptions,
): Promise<PushResult['board']> {
  const describeBoard = (board: Board, did: PushResult['board']['did']) => ({
    id: board.id,
    name: board.name,
    url: board.links?.board_url,
    did,
  });
  if (!own) {
    const contents = queries.map(({ queryId, annotationId }, i) => ({
      queryId,
      annotationId,
      query: files[i]!.query,
    }));
    const created = await createOnce(
      () => api.createBoard(newBoard(contents, options.learner)),
      async () => findBoard(await api.listBoards(), options.learner),
      options,
    );
    return describeBoard(created, 'created');
  }
  if (replaced.size === 0 && added.length === 0) return describeBoard(own, 'unchanged');
  return describeBoard(await api.updateBoard(own.id, changedBoard(own, replaced, added)), 'changed');
}

/**
 * A creation whose answer is lost (no answer, 5xx) may have worked: look before trying again, or there
 * would be two.
 */
async function createOnce<T>(
  create: () => Promise<T>,
  find: () => Promise<T | undefined>,
  options: PushOptions,
): Promise<T> {
  const sleep = options.sleep ?? delay;
  for (let attempt = 0; ; attempt++) {
    try {
      return await create();
    } catch (error) {
      if (!(error instanceof HoneycombError && error.uncertain) || attempt >= 3) throw error;
      await sleep(1000 * 2 ** attempt);
      const found = await find();
      if (found) return found;
    }
  }
}

async function orIfMissing<T, U>(request: Promise<T>, instead: U): Promise<T | U> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof HoneycombError && error.status === 404) return instead;
    throw error;
  }
}
