import type { Sample } from '../query/index.ts';
import type { SqlRow } from '../store/index.ts';

/** About how many spans of each side are looked at: then a share is right to one hundredth, however many there are. */
const MOST_LOOKED_AT = 10_000;

/** How many spans of each side there are; of the whole table, or of a part. */
interface Sides {
  selected: number;
  rest: number;
}

interface Part extends Sides {
  part: number;
}

/**
 * Which spans to look at. Reading all attributes of a span costs a hundred times what reading its duration does, so of
 * a large table only some parts are read, spread evenly over it.
 * @param totals the rows of `selectionStatements(…).totals`
 * @returns the sample, and how many spans of each side there are in all; the rest are roots only when all selected are
 */
export function sampleOf(totals: readonly SqlRow[]): { sample: Sample; all: Sides } {
  const rootsOnly = totals.every((row) => row.selected_children === 0);
  const parts = totals.map(
    (row): Part => ({
      part: row.part as number,
      selected: row.selected as number,
      rest: (rootsOnly ? row.rest_roots : row.rest) as number,
    }),
  );
  const chosen = enoughOf(parts);
  const there = sumOf(chosen);
  const every = (spans: number): number => Math.max(1, Math.floor(spans / MOST_LOOKED_AT));
  const sample = {
    rootsOnly,
    parts: chosen.length < parts.length ? chosen.map(({ part }) => part) : null,
    selectedEvery: every(there.selected),
    restEvery: every(there.rest),
  };
  return { sample, all: sumOf(parts) };
}

/** Whether the sample leaves spans out. */
export function isPartial({ parts, selectedEvery, restEvery }: Sample): boolean {
  return parts !== null || selectedEvery > 1 || restEvery > 1;
}

/** The first, then the one in the middle, then those in the quarters …, until both sides have enough. */
function enoughOf(parts: readonly Part[]): Part[] {
  const inOrder = parts.toSorted((a, b) => a.part - b.part);
  const wanted = sumOf(parts);
  const isEnough = (side: keyof Sides, there: Sides): boolean =>
    there[side] >= Math.min(MOST_LOOKED_AT, wanted[side]);
  const chosen = new Set<Part>();
  const there = { selected: 0, rest: 0 };
  for (let step = inOrder.length; step >= 1; step = Math.floor(step / 2)) {
    for (let at = 0; at < inOrder.length; at += step) {
      if (isEnough('selected', there) && isEnough('rest', there)) return [...chosen];
      const part = inOrder[at] as Part;
      if (chosen.has(part)) continue;
      chosen.add(part);
      there.selected += part.selected;
      there.rest += part.rest;
    }
  }
  return [...chosen];
}

function sumOf(parts: readonly Sides[]): Sides {
  return {
    selected: parts.reduce((sum, { selected }) => sum + selected, 0),
    rest: parts.reduce((sum, { rest }) => sum + rest, 0),
  };
}
