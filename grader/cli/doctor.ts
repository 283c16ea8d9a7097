import { repositoryRoot } from '@workshop/base';
import { screenOf } from '@workshop/base/terminal';
import { findingLines, findingsSummary } from '../report/index.ts';
import { examine } from '../workshop/index.ts';
import { sayRepairs } from './repairs.ts';

/** Says what is missing on this machine and how to get it. Returns 1 if anything is missing, else 0. */
export async function doctor(): Promise<0 | 1> {
  const screen = screenOf(process.stdout, process.env, false);
  await sayRepairs();
  const findings = await examine(repositoryRoot);
  for (const finding of findings) console.log(findingLines(finding, screen).join('\n'));
  console.log(`\n${findingsSummary(findings)}`);
  return findings.some(({ state }) => state === 'missing') ? 1 : 0;
}
