import { benchLines, runBench } from '../bench/index.ts';

export interface BenchOptions {
  solution: number;
  pairs: number;
  json?: boolean;
}

/** Measures grading beside its floor and says the result. @throws WorkshopError if what is measured did not work */
export async function bench({ solution, pairs, json }: BenchOptions): Promise<void> {
  const onProgress = (text: string) => process.stderr.write(`... ${text}\n`);
  const result = await runBench({ solution, pairs, onProgress });
  console.log(json ? JSON.stringify(result, null, 2) : benchLines(result).join('\n'));
}
