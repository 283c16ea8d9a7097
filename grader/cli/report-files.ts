import { appendFile, writeFile } from 'node:fs/promises';
import { htmlReport, type JsonReport, junitReport, markdownSummary } from '../report/index.ts';
import { canWrite } from './can-write.ts';

/** Files that a grading also writes, by the options of `npm run grade`. */
export interface ReportFiles {
  json?: string;
  html?: string;
  junit?: string;
}

const RENDERERS: Record<keyof ReportFiles, (report: JsonReport) => string> = {
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  html: htmlReport,
  junit: junitReport,
};

/**
 * Says before the grading, and not after it, that a report cannot be written.
 * @throws WorkshopError that names the folder
 */
export async function canWriteAll(files: ReportFiles): Promise<void> {
  for (const kind of kindsOf(files)) await canWrite(files[kind] as string);
}

export function isReported(files: ReportFiles, environment: NodeJS.ProcessEnv): boolean {
  return kindsOf(files).length > 0 || Boolean(environment.GITHUB_STEP_SUMMARY);
}

/** Writes what was asked for, and in a job of GitHub its summary. */
export async function writeReports(
  files: ReportFiles,
  report: JsonReport,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  for (const kind of kindsOf(files)) await writeFile(files[kind] as string, RENDERERS[kind](report));
  if (environment.GITHUB_STEP_SUMMARY)
    await appendFile(environment.GITHUB_STEP_SUMMARY, markdownSummary(report));
}

function kindsOf(files: ReportFiles): (keyof ReportFiles)[] {
  return (Object.keys(RENDERERS) as (keyof ReportFiles)[]).filter((kind) => files[kind] !== undefined);
}
