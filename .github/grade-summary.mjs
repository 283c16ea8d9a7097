/**
 * Says the verdicts of a grading, and by its exit code whether the learner's work is whole: 0, unless an exercise fails
 * although a later one passes (1), or the grader had trouble (3). Exercises that are still to be done do not count. The
 * job's summary is written by the grading itself.
 *
 *   node .github/grade-summary.mjs <report of `npm run grade -- --json`>
 */
import { readFileSync } from 'node:fs';

const [path] = process.argv.slice(2);

/** @returns {{ id: string, verdict: string, checks: { title: string, verdict: string }[] }[]} */
function readExercises() {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).exercises;
  } catch (error) {
    console.error(`There is no report to read: ${error.message}. The step before says why.`);
    process.exit(3);
  }
}

const exercises = readExercises();
const last = exercises.findLastIndex(({ verdict }) => verdict === 'pass');
const broken = exercises.slice(0, Math.max(last, 0)).filter(({ verdict }) => verdict === 'fail');
const passed = exercises.filter(({ verdict }) => verdict === 'pass').length;
const rows = exercises.map(({ id, verdict, checks }, index) => {
  const right = checks.filter((check) => check.verdict === 'pass').length;
  const state = verdict === 'fail' && index > last ? 'still to do' : verdict;
  return `| ${id} | ${state} | ${right} of ${checks.length} |`;
});
const text = [
  `### ${passed} of ${exercises.length} exercises pass`,
  '',
  '| exercise | | checks |',
  '| --- | --- | --- |',
  ...rows,
  ...broken.map(
    ({ id }) => `\n${id} fails although a later exercise passes: npm run grade -- ${Number(id.slice(0, 2))}`,
  ),
  '',
].join('\n');
console.log(text);
process.exitCode = exercises.some(({ verdict }) => verdict === 'error') ? 3 : broken.length > 0 ? 1 : 0;
