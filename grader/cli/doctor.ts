import { repositoryRoot } from '@workshop/base';
import { labelled, paint, screenOf } from '../report/index.ts';
import { repairText, repairWorkingTree } from '../tree/index.ts';
import { examine } from '../workshop/index.ts';

/** Says what is missing on this machine and how to get it. Returns 1 if anything is missing, else 0. */
export async function doctor(): Promise<0 | 1> {
  const screen = screenOf(process.stdout, process.env, false);
  const { green, yellow, red } = paint(screen);
  const colour = { ok: green, warning: yellow, missing: red };
  const repaired = await repairWorkingTree();
  if (repaired) console.log(`${repairText(repaired)}\n`);
  const findings = await examine(repositoryRoot);
  for (const { what, state, text, advice } of findings) {
    const label = `${state.padEnd(8)} ${what.padEnd(12)} `;
    const lines = labelled(label, text, screen);
    if (advice) lines.push(...labelled(' '.repeat(label.length), `To do: ${advice}`, screen));
    console.log(lines.join('\n').replace(state, colour[state](state)));
  }
  const missing = findings.filter(({ state }) => state === 'missing').length;
  const warnings = findings.filter(({ state }) => state === 'warning').length;
  console.log(
    missing > 0
      ? `\nMissing: ${missing}. Do what stands there, and run npm run doctor again.`
      : warnings > 0
        ? '\nThe workshop runs here. Read the warnings once.'
        : '\nEverything is there.',
  );
  return missing > 0 ? 1 : 0;
}
