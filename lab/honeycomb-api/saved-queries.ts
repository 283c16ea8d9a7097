import type { QueryAnnotation } from '../honeycomb/api.ts';
import { type CalculatedField, QueryError, type QuerySpec, validateQuery } from '../query/index.ts';
import { checkedBody } from './body-schemas.ts';
import { Refusal } from './refusal.ts';
import { idOf, newId, type ResourceFiles } from './resource-files.ts';

/** A query that was made by the API. It never changes. */
export interface ApiQuery {
  dataset: string;
  spec: QuerySpec;
}

export interface ApiAnnotation extends Omit<QueryAnnotation, 'id'> {
  dataset: string;
  created_at: string;
  updated_at: string;
}

type WritableAnnotation = Pick<QueryAnnotation, 'name' | 'description' | 'query_id'>;

/** Queries, and the names that they are saved under. A dataset in an address exists: whoever calls has looked. */
export class SavedQueries {
  readonly #queries: ResourceFiles<ApiQuery>;
  readonly #annotations: ResourceFiles<ApiAnnotation>;

  constructor(queries: ResourceFiles<ApiQuery>, annotations: ResourceFiles<ApiAnnotation>) {
    this.#queries = queries;
    this.#annotations = annotations;
  }

  /**
   * The same query has the same id, however often it is made: nothing lists queries, so nobody can tell.
   * @throws Refusal that names each field with a problem
   */
  async create(dataset: string, body: unknown, savedFields: readonly CalculatedField[]): Promise<object> {
    const spec = checkedQuery(body, savedFields);
    // Honeycomb leaves the default out when it gives a query back.
    if (spec.filter_combination === 'AND') delete spec.filter_combination;
    const id = idOf([dataset, spec]);
    if (!this.#queries.get(id)) await this.#queries.put(id, { dataset, spec });
    return { id, ...spec };
  }

  get(dataset: string, id: string): object {
    return { id, ...this.spec(dataset, id) };
  }

  /** @throws Refusal when there is none in this dataset */
  spec(dataset: string, id: string): QuerySpec {
    const found = this.#queries.get(id);
    if (found?.dataset !== dataset) throw Refusal.notFound('Query');
    return found.spec;
  }

  /** The dataset of a query, wherever it is. */
  datasetOf(id: string): string | undefined {
    return this.#queries.get(id)?.dataset;
  }

  annotations(dataset: string): object[] {
    const all = this.#annotations.entries().filter(([, annotation]) => annotation.dataset === dataset);
    return all.map(([id, annotation]) => shown(id, annotation));
  }

  annotation(dataset: string, id: string): object {
    return shown(id, this.#known(dataset, id));
  }

  /** The query that an annotation names. */
  queryOf(annotationId: string): string | undefined {
    return this.#annotations.get(annotationId)?.query_id;
  }

  async annotate(dataset: string, body: unknown): Promise<object> {
    const given = checkedBody<WritableAnnotation>('QueryAnnotation', body);
    if (this.datasetOf(given.query_id) !== dataset)
      throw Refusal.plain(400, 'Query ID included in body is invalid');
    const now = new Date().toISOString();
    const annotation = { description: '', ...writable(given), source: 'query' as const };
    const id = newId();
    await this.#annotations.put(id, { ...annotation, dataset, created_at: now, updated_at: now });
    return this.annotation(dataset, id);
  }

  async update(dataset: string, id: string, body: unknown): Promise<object> {
    const before = this.#known(dataset, id);
    const given = checkedBody<WritableAnnotation>('QueryAnnotation', body);
    if (given.query_id !== before.query_id)
      throw Refusal.plain(400, 'queries in annotations cannot be changed');
    const updated_at = new Date().toISOString();
    // What is not given is gone: an update replaces the whole.
    await this.#annotations.put(id, { ...before, description: '', ...writable(given), updated_at });
    return this.annotation(dataset, id);
  }

  async delete(dataset: string, id: string): Promise<void> {
    this.#known(dataset, id);
    await this.#annotations.delete(id);
  }

  #known(dataset: string, id: string): ApiAnnotation {
    const found = this.#annotations.get(id);
    if (found?.dataset !== dataset) throw Refusal.notFound('Query annotation');
    return found;
  }
}

/** As the engine checks it, which is stricter than the document and says more. @throws Refusal */
function checkedQuery(body: unknown, savedFields: readonly CalculatedField[]): QuerySpec {
  try {
    return validateQuery(body, { savedFields });
  } catch (error) {
    if (error instanceof QueryError) throw Refusal.invalid(error.problems);
    throw error;
  }
}

function writable({ name, description, query_id }: WritableAnnotation): WritableAnnotation {
  return { name, query_id, ...(description !== undefined && { description }) };
}

function shown(id: string, { dataset: _dataset, ...annotation }: ApiAnnotation): object {
  return { id, ...annotation };
}
