import { visibleText } from '@workshop/base';
import type { JsonReport } from './json.ts';
import type { ReportedCheck, ReportedExercise } from './shapes.ts';

/**
 * A report as JUnit XML, which most services that run tests can read: an exercise is a suite, a check a case. A check that
 * waits is skipped, and the grader's own trouble is an error, not a failure.
 * Source of the shape: https://github.com/testmoapp/junitxml
 */
export function junitReport(report: JsonReport): string {
  const all = report.exercises.flatMap(({ checks }) => checks);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="murmur" ${counts(all)} time="${seconds(report.ms)}">`,
    ...report.exercises.flatMap((exercise) => suiteLines(exercise, report)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines({ id, checks, ms, trouble }: ReportedExercise, { seed, tree }: JsonReport): string[] {
  const failed = trouble === null ? [] : [errorCase(id, trouble)];
  return [
    `  <testsuite name="${xml(id)}" ${counts(checks, failed.length)} time="${seconds(ms)}">`,
    '    <properties>',
    `      <property name="seed" value="${seed}"/>`,
    `      <property name="tree" value="${xml(tree)}"/>`,
    '    </properties>',
    ...failed,
    ...checks.flatMap((check) => caseLines(id, check)),
    '  </testsuite>',
  ];
}

function caseLines(
  exercise: string,
  { number, title, verdict, reason, message, blockedBy }: ReportedCheck,
): string[] {
  const open = `    <testcase classname="${xml(exercise)}" name="${xml(`${number} ${title}`)}"`;
  const inside =
    verdict === 'fail'
      ? `<failure type="${xml(String(reason))}" message="${xml(firstLine(message))}">${xml(message)}</failure>`
      : verdict === 'error'
        ? `<error type="grader" message="The grader itself had trouble.">${xml(message)}</error>`
        : verdict === 'blocked'
          ? `<skipped message="${xml(`waits for ${blockedBy.join(', ')}`)}"/>`
          : null;
  return inside === null ? [`${open}/>`] : [`${open}>`, `      ${inside}`, '    </testcase>'];
}

function errorCase(exercise: string, trouble: string): string {
  return `    <testcase classname="${xml(exercise)}" name="grading"><error type="grader" message="The grader itself had trouble.">${xml(trouble)}</error></testcase>`;
}

function counts(checks: readonly Pick<ReportedCheck, 'verdict'>[], more = 0): string {
  const of = (verdict: string): number => checks.filter((check) => check.verdict === verdict).length;
  return `tests="${checks.length + more}" failures="${of('fail')}" errors="${of('error') + more}" skipped="${of('blocked')}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/^FAIL\s+/, '');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 has no place at all for most control characters, escaped or not: they are shown as codes. */
function xml(text: string): string {
  return visibleText(text)
    .replace(
      /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ufffe\uffff]/g,
      '\ufffd',
    )
    .replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
