import type { SqlRow } from '../store/index.ts';
import type { Bins } from './heatmap.ts';
import type { HeatmapCell, ResultData } from './result.ts';
import { type Calculation, resultKey } from './spec.ts';

const HEATMAP_BINS = 40;

export interface Heatmap {
  key: string;
  bins: Bins;
  /** by "bucket group": weight by bin */
  weights: Map<string, Map<number, number>>;
}

/**
 * @param range row with the lowest and highest value, as `low` and `high`
 * @param weightsOf rows with the weight `n` of each bin, bucket and group
 */
export async function heatmapOf(
  calculation: Calculation,
  range: SqlRow | undefined,
  keyOf: (row: SqlRow) => string,
  weightsOf: (bins: Bins) => Promise<SqlRow[]>,
): Promise<Heatmap> {
  const { low, high } = range ?? {};
  const bins = typeof low === 'number' ? binsFor(low, high as number) : { min: 0, step: 1, count: 1 };
  const weights = new Map<string, Map<number, number>>();
  for (const row of await weightsOf(bins)) {
    const at = `${row.ts} ${keyOf(row)}`;
    const cells = weights.get(at) ?? new Map<number, number>();
    weights.set(at, cells.set(row.bin as number, row.n as number));
  }
  return { key: resultKey(calculation), bins, weights };
}

/** Each heatmap's cell of a whole group. */
export function heatmapTotals(heatmaps: readonly Heatmap[], key: string): ResultData {
  return Object.fromEntries(
    heatmaps.map((heatmap) => {
      const sums = new Map<number, number>();
      for (const [at, cells] of heatmap.weights) {
        if (at.slice(at.indexOf(' ') + 1) !== key) continue;
        for (const [bin, weight] of cells) sums.set(bin, (sums.get(bin) ?? 0) + weight);
      }
      return [heatmap.key, cellOf(heatmap, sums)];
    }),
  );
}

export function cellOf({ bins }: Heatmap, weights: ReadonlyMap<number, number> | undefined): HeatmapCell {
  const counts = Array.from({ length: bins.count }, (_, bin) => weights?.get(bin) ?? 0);
  return { counts, min_value: bins.min, max_value: bins.min + bins.step * bins.count, step_size: bins.step };
}

/** About forty bins of an easy width that cover the values. */
export function binsFor(low: number, high: number): Bins {
  const rough = (high - low) / HEATMAP_BINS;
  if (!(rough > 0)) return { min: low, step: 1, count: 1 };
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const min = Math.floor(low / step) * step;
  return { min, step, count: Math.floor((high - min) / step) + 1 };
}
