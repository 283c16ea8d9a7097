import type { StoredQuery } from '../query/index.ts';
import type { Board, BoardPanel } from './api.ts';

/** The tag by which push knows its own board again, also when the learner has renamed it. */
const TAG = { key: 'workshop', value: 'murmur-tracing' };
const NAME = 'Murmur tracing workshop';

/** Honeycomb's boards have twelve columns. */
const COLUMNS = 12;
const PANEL = { width: 6, height: 5 };

/** What a panel shows. */
export interface PanelContent {
  queryId: string;
  annotationId: string;
  query: StoredQuery;
}

/** The tags of the board that belongs to this learner. Keys: lower-case letters; values begin with a letter. */
export function boardTags(learner?: string): { key: string; value: string }[] {
  if (!learner) return [TAG];
  const slug = learner.toLowerCase().replace(/[^a-z0-9/-]+/g, '-');
  return [TAG, { key: 'learner', value: `by-${slug}`.slice(0, 128) }];
}

export function boardName(learner?: string): string {
  return learner ? `${NAME}: ${learner}`.slice(0, 255) : NAME;
}

/** This learner's board among all of the environment: by its tags, else by its name. */
export function findBoard(boards: Board[], learner?: string): Board | undefined {
  const wanted = boardTags(learner);
  const byTags = boards.filter(({ tags = [] }) => {
    const owner = tags.find((t) => t.key === 'learner')?.value;
    return tags.some((t) => t.key === TAG.key && t.value === TAG.value) && owner === wanted[1]?.value;
  });
  return byTags[0] ?? boards.find((board) => board.name === boardName(learner));
}

/** A board that holds these panels, two in a row. */
export function newBoard(contents: PanelContent[], learner?: string): Omit<Board, 'id'> {
  return {
    name: boardName(learner),
    description:
      'The saved queries of the workshop, from the folder queries/. Made by: npm run honeycomb -- push',
    type: 'flexible',
    layout_generation: 'manual',
    tags: boardTags(learner),
    panels: contents.map((content, index) => ({ ...panel(content), position: place(index, 0) })),
  };
}

/**
 * The board with each annotation of `replaced` (old id -> new content) exchanged and `added` put below.
 * Everything else, the learner's own panels too, stays as it is; an update in Honeycomb replaces the whole.
 */
export function changedBoard(
  board: Board,
  replaced: Map<string, PanelContent>,
  added: PanelContent[],
): Omit<Board, 'id'> {
  // Only what may be written: an answer holds more than that, and may hold more tomorrow.
  const { name, description, type, tags, preset_filters } = board;
  const rest = { name, description, type, tags, ...(preset_filters ? { preset_filters } : {}) };
  const kept = (board.panels ?? []).map((old) => {
    const content = replaced.get(old.query_panel?.query_annotation_id ?? '');
    return content ? exchange(old, content) : writable(old);
  });
  const placed = kept.every(
    (p) => p.position?.x_coordinate !== undefined || p.position?.y_coordinate !== undefined,
  );
  const bottom = Math.max(
    0,
    ...kept.map((p) => (p.position?.y_coordinate ?? 0) + (p.position?.height || PANEL.height)),
  );
  const fresh = added.map((content, index) =>
    placed ? { ...panel(content), position: place(index, bottom) } : panel(content),
  );
  return { ...rest, layout_generation: placed ? 'manual' : 'auto', panels: [...kept, ...fresh] };
}

/** The annotations that a board shows. */
export function annotationsOn(board: Board): Set<string> {
  const ids = (board.panels ?? []).map((p) => p.query_panel?.query_annotation_id);
  return new Set(ids.filter((id) => id !== undefined));
}

function panel({ queryId, annotationId, query }: PanelContent): BoardPanel {
  return {
    type: 'query',
    query_panel: { query_id: queryId, query_annotation_id: annotationId, query_style: styleOf(query) },
  };
}

function exchange(old: BoardPanel, content: PanelContent): BoardPanel {
  const { query_panel } = panel(content);
  const settings = old.query_panel?.visualization_settings;
  return {
    ...old,
    query_panel: { ...query_panel!, ...(settings ? { visualization_settings: settings } : {}) },
  };
}

// `dataset` comes back on reading and must not be sent.
function writable(old: BoardPanel): BoardPanel {
  if (!old.query_panel) return old;
  const { dataset: _dataset, ...query_panel } = old.query_panel;
  return { ...old, query_panel };
}

/** How a panel shows a query: a list of traces is a table; a grouped query wants its table beside the graph. */
export function styleOf(query: StoredQuery): string {
  const breakdowns = query.breakdowns ?? [];
  if (breakdowns.includes('trace.trace_id')) return 'table';
  return breakdowns.length > 0 ? 'combo' : 'graph';
}

function place(index: number, below: number) {
  const perRow = COLUMNS / PANEL.width;
  const x_coordinate = (index % perRow) * PANEL.width;
  const y_coordinate = below + Math.floor(index / perRow) * PANEL.height;
  return { x_coordinate, y_coordinate, ...PANEL };
}
