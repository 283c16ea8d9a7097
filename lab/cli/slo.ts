import { EXIT_CODES, WorkshopError } from '@workshop/base';
import { harmless } from '@workshop/telemetry';
import type { Command } from 'commander';
import type { SloStatus } from '../api/index.ts';
import { amount, wrapped } from './format.ts';
import { LabClient } from './lab-client.ts';
import type { CommandWorld } from './world.ts';

/**
 * `npm run slo`: how the SLOs of queries/slos/ stand. Exit codes: 1 a budget is spent or a burn alert fires, 2 a file
 * holds no SLO, or there is none.
 */
export function addSloCommand(program: Command, { env, out, err }: CommandWorld): void {
  program
    .command('slo')
    .description('Shows the SLOs of queries/slos/: what is left of each budget, and how fast it goes.')
    .option('--json', 'for programs')
    .action(async (options: { json?: true }) => {
      const { slos, problems } = await new LabClient(env).slos();
      if (options.json) out(JSON.stringify({ slos, problems }, null, 2));
      else if (slos.length > 0) out(slos.map(described).join('\n\n'));
      for (const { file, text } of problems)
        for (const line of text.split('\n')) err(wrapped(harmless(`queries/${file}: ${line}`)));
      if (problems.length > 0)
        throw new WorkshopError(
          `${problems.length === 1 ? 'A file' : `${problems.length} files`} must be mended.`,
        );
      if (slos.length === 0) throw noSlo();
      const failing = slos.filter(isFailing).map(({ slo }) => `"${slo.name}"`);
      if (failing.length > 0)
        throw new WorkshopError(wrapped(`Look at ${failing.join(', ')}.`), { exitCode: EXIT_CODES.failed });
    });
}

function isFailing({ status, budget_remaining: left }: SloStatus): boolean {
  return status === 'triggered' || (left !== null && left <= 0);
}

function described(status: SloStatus): string {
  const { slo, good, total, allowed } = status;
  const target = `${amount(slo.target_per_million / 10_000)} %`;
  const days = slo.time_period_days === 1 ? 'day' : `${slo.time_period_days} days`;
  const lines = [harmless(slo.name), `  Target     ${target} of the last ${days}`];
  if (total === 0) {
    lines.push(`  No event   ${slo.sli.alias} is true or false of no span there.`);
    return lines.join('\n');
  }
  const failed = total - good;
  lines.push(
    `  Good       ${amount(status.compliance ?? 0)} %: ${amount(good)} of ${amount(total)}`,
    `  Budget     ${budgetText(status.budget_remaining ?? 0)}: ${amount(failed)} failed, ${amount(allowed)} may`,
    `  Burn rate  ${rate(status.burn_rate_last_hour)} in the last hour, ${rate(status.burn_rate)} in the last 4 hours`,
  );
  for (const { triggered, text } of status.alerts)
    lines.push(hanging(triggered ? '  ALERT      ' : '  Alert off  ', text));
  return lines.join('\n');
}

function budgetText(percent: number): string {
  return percent > 0
    ? `${amount(percent)} % left`
    : percent === 0
      ? 'spent'
      : `spent, and ${amount(-percent)} % more`;
}

function rate(value: number | null): string {
  return value === null ? 'nothing' : amount(value);
}

/** A text beside a label, in lines of 80 columns. */
function hanging(label: string, text: string): string {
  const width = 80 - label.length;
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return label + lines.join(`\n${' '.repeat(label.length)}`);
}

function noSlo(): WorkshopError {
  return new WorkshopError('There is no SLO yet.', {
    whatToDo: [
      'An SLO needs two files. What is good, in queries/calculated-fields/feed-is-fast.json:',
      '  {"alias": "feed_is_fast",',
      '   "expression": "IF($http.route = `/feed`, $duration_ms < 500)"}',
      'How often it must be, in queries/slos/feed-is-fast.json:',
      '  {"name": "Feed is fast", "sli": {"alias": "feed_is_fast"},',
      '   "time_period_days": 7, "target_per_million": 990000}',
    ].join('\n'),
  });
}
