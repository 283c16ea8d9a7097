import type { Evidence, PageRecord } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { wrappedFirst } from '../program/output.ts';
import { diagnoseDrive, diagnoseProcesses } from '../program/requests.ts';
import { diagnosePreflight } from './preflight.ts';

/**
 * Why the page could not be used as the scenario wanted, or null when it could. The API comes first: a page without
 * one shows nothing.
 */
export function diagnosePageUnusable(evidence: Evidence): Finding | null {
  const broken = diagnoseProcesses(evidence);
  if (broken) return broken;
  const { page } = evidence;
  if (!page) return diagnoseDrive(evidence);
  if (page.state === 'build-failed' || !page.build.ok) return buildFailed(page);
  if (evidence.drive.state === 'complete') return null;
  return diagnosePreflight(evidence) ?? unusable(page) ?? stepFailed(evidence, page);
}

function buildFailed(page: PageRecord): Finding {
  const lines = page.build.output.split(/\r?\n/).filter((line) => line.trim() !== '');
  const at = lines.findIndex((line) => /\[ERROR\]/.test(line));
  return {
    reason: 'page-build-failed',
    saw: 'ng build ended with errors, so there is no page to open.',
    wanted: 'the page can be built.',
    look: `${/(?:app-frontend|src)\/[\w./-]+(?::\d+)?/.exec(page.build.output)?.[0] ?? 'app-frontend'}, and the lines below: Angular's own words.`,
    output: wrappedFirst(lines.slice(Math.max(0, at), Math.max(0, at) + 6)),
    seen: [{ kind: 'page', text: 'build-failed' }],
  };
}

function unusable(page: PageRecord): Finding | null {
  const picture = page.screenshot ? ` A picture of it: ${page.screenshot}.` : '';
  const output = [...page.errors, ...page.console.filter((line) => line.startsWith('error '))]
    .slice(0, 4)
    .map((line) => line.split('\n')[0]?.slice(0, 76) ?? '');
  const base = {
    wanted: 'the page can be used as before you changed it.',
    output,
    seen: [{ kind: 'page', text: page.state }],
  };
  const place = /\((app-frontend\/[^)]+)\)/.exec(page.errors.join('\n'))?.[1];
  if (page.state === 'script-error') {
    return {
      ...base,
      reason: 'page-script-error',
      saw: `the page threw an error before it could be used: ${(page.errors[0] ?? output[0] ?? '').split('\n')[0]?.replace(/^error /, '')}.${picture}`,
      look: `${place ?? 'the line that the error names'}. Does tracing have all that it needs when it starts?`,
    };
  }
  if (page.state === 'blank') {
    return {
      ...base,
      reason: 'page-blank',
      saw: `the page opened and showed nothing at all.${picture}`,
      look: 'app-frontend/src/main.ts: does it still come to the line that starts Angular?',
    };
  }
  if (page.state === 'unresponsive') {
    return {
      ...base,
      reason: 'page-never-ready',
      saw: `the page opened and then answered nothing more: its JavaScript was at work all the time.${picture}`,
      look: 'the loops, and the functions that call themselves, in what you wrote: which of them never comes to its end?',
    };
  }
  if (page.state === 'never-ready') {
    return {
      ...base,
      reason: 'page-never-ready',
      saw: `the page opened and never became usable. It shows "${page.visibleText.replace(/\s+/g, ' ').slice(0, 80)}".${picture}`,
      look: 'what does the page wait for? Must it wait for that?',
    };
  }
  return null;
}

function stepFailed(evidence: Evidence, page: PageRecord): Finding | null {
  const failure = diagnoseDrive(evidence);
  if (!failure) return null;
  const own = [...page.errors, ...page.console.filter((line) => line.startsWith('error '))];
  return {
    ...failure,
    output: own.length > 0 ? wrappedFirst(own.slice(0, 4)) : failure.output,
    ...(page.screenshot && { look: `${page.screenshot}, a picture of the page at that moment.` }),
  };
}
