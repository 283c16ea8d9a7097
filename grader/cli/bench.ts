import { Command, InvalidArgumentError } from 'commander';
import { BenchError, benchLines, runBench } from '../bench/index.ts';

const program = new Command('npm run bench --')
  .description('Measures grading against the least that it can take. Ratios count, not milliseconds.')
  .option('--solution <number>', 'which solution is graded', wholeNumber, 1)
  .option('--pairs <number>', 'how often grading and floor are measured', wholeNumber, 7)
  .option('--json', 'every measurement as JSON')
  .exitOverride();

/** Returns the exit code: 0, 1 if what is measured did not work, 2 for wrong usage. */
async function main(): Promise<number> {
  try {
    program.parse();
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  const options = program.opts<{ solution: number; pairs: number; json?: boolean }>();
  try {
    const result = await runBench({
      solution: options.solution,
      pairs: options.pairs,
      onProgress: (text) => process.stderr.write(`... ${text}\n`),
    });
    console.log(options.json ? JSON.stringify(result, null, 2) : benchLines(result).join('\n'));
    return 0;
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    console.error(error.message);
    return 1;
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It is not a whole number above 0.');
  return Number(text);
}

process.exit(await main());
