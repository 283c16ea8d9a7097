import type { Board, BoardPanel } from '../honeycomb/api.ts';
import type { QueryProblem } from '../query/index.ts';
import { checkedBody } from './body-schemas.ts';
import { Refusal } from './refusal.ts';
import { newId, type ResourceFiles } from './resource-files.ts';
import type { SavedQueries } from './saved-queries.ts';

export type StoredBoard = Omit<Board, 'id' | 'links' | 'layout_generation'>;

/** Boards of saved queries, texts and SLOs. */
export class Boards {
  readonly #boards: ResourceFiles<StoredBoard>;
  readonly #queries: SavedQueries;
  readonly #knowsSlo: (id: string) => boolean;

  constructor(boards: ResourceFiles<StoredBoard>, queries: SavedQueries, knowsSlo: (id: string) => boolean) {
    this.#boards = boards;
    this.#queries = queries;
    this.#knowsSlo = knowsSlo;
  }

  /** @param address of the lab's pages */
  list(address: string): object[] {
    return this.#boards.entries().map(([id, board]) => shown(id, board, address));
  }

  get(id: string, address: string): object {
    const board = this.#boards.get(id);
    if (!board) throw Refusal.notFound('Board');
    return shown(id, board, address);
  }

  async create(body: unknown, address: string): Promise<object> {
    const id = newId();
    return shown(id, await this.#boards.put(id, this.#checked(body)), address);
  }

  async update(id: string, body: unknown, address: string): Promise<object> {
    this.get(id, address);
    const board = this.#checked(body);
    const before = this.#boards.get(id);
    // Honeycomb's rule: preset filters that are not given stay, an empty list takes them away.
    const filters = board.preset_filters ?? before?.preset_filters;
    await this.#boards.put(id, { ...board, ...(filters ? { preset_filters: filters } : {}) });
    return this.get(id, address);
  }

  async delete(id: string): Promise<void> {
    if (!this.#boards.get(id)) throw Refusal.notFound('Board');
    await this.#boards.delete(id);
  }

  #checked(body: unknown): StoredBoard {
    const { layout_generation: _, panels = [], ...board } = checkedBody<Board>('Board', body);
    const problems = panels.flatMap((panel, index) => this.#faults(panel, `panels[${index}]`));
    if (problems.length > 0) throw Refusal.invalid(problems);
    return { ...(board as StoredBoard), panels: panels.map((panel) => this.#stored(panel)) };
  }

  #faults({ query_panel: query, slo_panel: slo }: BoardPanel, path: string): QueryProblem[] {
    const wrong = (field: string, description: string): QueryProblem[] => [
      { field: `${path}.${field}`, code: 'invalid', description },
    ];
    const sloId = (slo as { slo_id?: string } | undefined)?.slo_id;
    if (sloId !== undefined && !this.#knowsSlo(sloId))
      return wrong('slo_panel.slo_id', 'there is no SLO with this id');
    if (!query) return [];
    if (this.#queries.datasetOf(query.query_id) === undefined)
      return wrong('query_panel.query_id', 'there is no query with this id');
    if (this.#queries.queryOf(query.query_annotation_id) !== query.query_id)
      return wrong('query_panel.query_annotation_id', 'it is not an annotation of this query');
    return [];
  }

  #stored(panel: BoardPanel): BoardPanel {
    const { query_panel: query } = panel;
    if (!query) return panel;
    const dataset = this.#queries.datasetOf(query.query_id);
    // As Honeycomb answers: empty for the whole environment.
    const shownDataset = dataset === '__all__' || dataset === undefined ? '' : dataset;
    return { ...panel, query_panel: { query_style: 'graph', ...query, dataset: shownDataset } };
  }
}

function shown(id: string, board: StoredBoard, address: string): object {
  return { id, ...board, links: { board_url: `${address}/board` } };
}
