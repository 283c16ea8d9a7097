import type { GradingStep } from './messages.ts';

const STEPS = [
  'copying your files',
  'starting your Murmur',
  'using it as its users do',
  'judging what it told',
];

/** From this step on the learner's system is not needed any more. */
export const STEP_OF_JUDGING = STEPS.length;

/** The step that a sentence of the driving side belongs to. */
export function stepOf(progress: string): GradingStep {
  const [at, text] = placeOf(progress);
  return { step: at + 1, of: STEPS.length, text: text ?? (STEPS[at] as string) };
}

function placeOf(progress: string): [number, string?] {
  if (progress.startsWith('copying')) return [0];
  if (progress.startsWith('preparing the database')) return [1, 'preparing the database (once)'];
  if (progress.startsWith('starting')) return [1];
  if (progress.startsWith('building the page')) return [2, 'building your page'];
  if (progress.startsWith('driving')) return [2];
  return [3];
}
