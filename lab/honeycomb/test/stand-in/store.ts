import { randomBytes } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { StoredQuery } from '../../../query/index.ts';
import type { Board, QueryAnnotation } from '../../api.ts';
import { type FieldFault, queryFaults } from './query-rules.ts';
import { ANNOTATION, BOARD, CALCULATED_FIELD, QUERY, SLO } from './schemas.ts';

/** An answer of the stand-in that is not a success. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    super(`${status}`);
    this.status = status;
    this.body = body;
  }
}

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
const validators = {
  query: ajv.compile(QUERY),
  annotation: ajv.compile(ANNOTATION),
  board: ajv.compile(BOARD),
  field: ajv.compile(CALCULATED_FIELD),
  slo: ajv.compile(SLO),
};

/** A clock that stands: nobody asks it. */
const WRITTEN_AT = { created_at: '2026-09-21T13:46:40Z', updated_at: '2026-09-21T13:46:40Z' };

type NamedKind = 'field' | 'slo';
/** What must be there once only. */
const NAMES = { field: 'alias', slo: 'name' } as const;

const newId = () => randomBytes(8).toString('base64url').replace(/[-_]/g, 'x');
const notFound = (what: string) =>
  new Refusal(404, {
    status: 404,
    type: 'https://api.honeycomb.io/problems/not-found',
    title: 'The requested resource cannot be found.',
    error: `${what} not found`,
    detail: `${what} not found`,
  });

/** What one environment of the stand-in holds, with Honeycomb's rules for changing it. */
export class EnvironmentStore {
  readonly datasets = new Set<string>();
  readonly queries = new Map<string, { dataset: string; spec: StoredQuery }>();
  readonly annotations = new Map<string, { dataset: string; annotation: QueryAnnotation }>();
  readonly boards = new Map<string, Board>();
  /** calculated fields and SLOs */
  readonly named = new Map<string, { dataset: string; kind: NamedKind; body: Record<string, unknown> }>();

  createQuery(dataset: string, body: unknown): StoredQuery {
    this.#needDataset(dataset);
    this.#validate('query', body);
    const faults = queryFaults(body as StoredQuery);
    if (faults.length > 0) throw validationFailed(faults);
    const spec: StoredQuery = { ...(body as StoredQuery), id: newId() };
    // Honeycomb leaves the default out when it gives a query back.
    if (spec.filter_combination === 'AND') delete spec.filter_combination;
    this.queries.set(spec.id!, { dataset, spec });
    return spec;
  }

  getQuery(dataset: string, id: string): StoredQuery {
    this.#needDataset(dataset);
    const found = this.queries.get(id);
    if (!found || found.dataset !== dataset) throw notFound('query');
    return found.spec;
  }

  listAnnotations(dataset: string, withBoards: boolean): QueryAnnotation[] {
    this.#needDataset(dataset);
    return [...this.annotations.values()]
      .filter((a) => a.dataset === dataset && (withBoards || a.annotation.source === 'query'))
      .map((a) => a.annotation);
  }

  createAnnotation(dataset: string, body: unknown): QueryAnnotation {
    this.#needDataset(dataset);
    this.#validate('annotation', body);
    const given = body as Omit<QueryAnnotation, 'id'>;
    if (this.queries.get(given.query_id)?.dataset !== dataset) {
      throw new Refusal(400, { error: 'Query ID included in body is invalid' });
    }
    const annotation: QueryAnnotation = { description: '', ...given, id: newId(), source: 'query' };
    this.annotations.set(annotation.id, { dataset, annotation });
    return annotation;
  }

  updateAnnotation(dataset: string, id: string, body: unknown): QueryAnnotation {
    const found = this.annotations.get(id);
    if (!found || found.dataset !== dataset) throw notFound('query annotation');
    this.#validate('annotation', body);
    const given = body as Omit<QueryAnnotation, 'id'>;
    if (given.query_id !== found.annotation.query_id) {
      throw new Refusal(400, { error: 'queries in annotations cannot be changed' });
    }
    found.annotation = { description: '', ...given, id, source: found.annotation.source };
    return found.annotation;
  }

  createBoard(body: unknown, url: (id: string) => string): Board {
    const id = newId();
    return this.#putBoard(id, body, url(id));
  }

  updateBoard(id: string, body: unknown): Board {
    const before = this.getBoard(id);
    return this.#putBoard(id, body, before.links!.board_url!);
  }

  getBoard(id: string): Board {
    const board = this.boards.get(id);
    if (!board) throw notFound('board');
    return board;
  }

  listNamed(dataset: string, kind: NamedKind): object[] {
    this.#needDataset(dataset);
    const all = [...this.named].filter(([, one]) => one.dataset === dataset && one.kind === kind);
    return all.map(([id, { body }]) => ({ id, ...body }));
  }

  createNamed(dataset: string, kind: NamedKind, body: unknown): object {
    this.#needDataset(dataset);
    this.#validate(kind, body);
    const given = body as Record<string, unknown>;
    const name = NAMES[kind];
    if (this.listNamed(dataset, kind).some((one) => one[name as never] === given[name]))
      throw new Refusal(409, { error: 'A resource by that name already exists.' });
    if (kind === 'slo') this.#needSli(dataset, given);
    const id = newId();
    const stored = { ...given, ...WRITTEN_AT };
    this.named.set(id, { dataset, kind, body: stored });
    return { id, ...stored };
  }

  updateNamed(dataset: string, kind: NamedKind, id: string, body: unknown): object {
    const found = this.named.get(id);
    if (found?.dataset !== dataset || found.kind !== kind) throw notFound(kind);
    const given = { ...(kind === 'slo' && { dataset_slugs: found.body.dataset_slugs }), ...(body as object) };
    this.#validate(kind, given);
    found.body = { ...given, ...WRITTEN_AT };
    return { id, ...found.body };
  }

  #needSli(dataset: string, { sli }: Record<string, unknown>): void {
    const { alias } = sli as { alias: string };
    if (this.listNamed(dataset, 'field').some((field) => field['alias' as never] === alias)) return;
    throw validationFailed([{ field: 'sli.alias', code: 'invalid', description: 'unknown alias' }]);
  }

  #putBoard(id: string, body: unknown, boardUrl: string): Board {
    this.#validate('board', body);
    const { layout_generation: _writeOnly, ...given } = body as Board;
    for (const { query_panel } of given.panels ?? []) {
      if (!query_panel) continue;
      const annotation = this.annotations.get(query_panel.query_annotation_id);
      const query = this.queries.get(query_panel.query_id);
      if (!query)
        throw validationFailed([{ field: 'query_id', code: 'invalid', description: 'unknown query' }]);
      if (annotation?.annotation.query_id !== query_panel.query_id) {
        const description = 'must apply to the query of the panel';
        throw validationFailed([{ field: 'query_annotation_id', code: 'invalid', description }]);
      }
      // As Honeycomb answers: read only, empty for the whole environment.
      query_panel.dataset = query.dataset === '__all__' ? '' : query.dataset;
      query_panel.query_style ??= 'graph';
    }
    const board: Board = { ...given, id, links: { board_url: boardUrl } };
    this.boards.set(id, board);
    return board;
  }

  #needDataset(dataset: string): void {
    if (dataset !== '__all__' && !this.datasets.has(dataset)) throw notFound('Dataset');
  }

  #validate(kind: keyof typeof validators, body: unknown): void {
    const validate = validators[kind];
    if (validate(body)) return;
    const faults = (validate.errors ?? []).map(({ instancePath, keyword, message, params }): FieldFault => {
      const field = `${instancePath.slice(1).replaceAll('/', '.')}${params.additionalProperty ? ` ${params.additionalProperty}` : ''}`;
      const code = keyword === 'required' ? 'missing' : keyword === 'type' ? 'incorrect_type' : 'invalid';
      return { field: field.trim() || kind, code, description: message ?? 'is not valid' };
    });
    throw validationFailed(faults);
  }
}

export function validationFailed(type_detail: FieldFault[]): Refusal {
  return new Refusal(422, {
    status: 422,
    type: 'https://api.honeycomb.io/problems/validation-failed',
    title: 'The provided input is invalid.',
    error: 'The provided input is invalid.',
    type_detail,
  });
}
