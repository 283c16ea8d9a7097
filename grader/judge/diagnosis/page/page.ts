import type { Evidence, HeaderRecord, PageRecord } from '../../../evidence/index.ts';
import type { Failure } from '../../verdict.ts';
import { diagnoseDrive } from '../program/requests.ts';
import { diagnoseLimit, diagnoseStart } from '../program/startup.ts';

/** Headers that a page may send to another origin without asking; Fetch standard, "CORS-safelisted request-header". */
const SAFE_HEADERS = new Set(['accept', 'accept-language', 'content-language', 'range']);

/**
 * Why the page could not be used as the scenario wanted, or null when it could. The API comes first: a page without
 * one shows nothing.
 */
export function diagnosePage(evidence: Evidence): Failure | null {
  for (const process of evidence.processes) {
    const cause = diagnoseStart(process) ?? diagnoseLimit(process);
    if (cause) return cause;
  }
  const { page } = evidence;
  if (!page) return diagnoseDrive(evidence);
  if (page.state === 'build-failed' || !page.build.ok) return buildFailed(page);
  if (evidence.drive.state === 'complete') return null;
  return diagnosePreflight(evidence) ?? unusable(page) ?? stepFailed(evidence, page);
}

function buildFailed(page: PageRecord): Failure {
  const lines = page.build.output.split(/\r?\n/).filter((line) => line.trim() !== '');
  const at = lines.findIndex((line) => /\[ERROR\]/.test(line));
  return {
    reason: 'page-build-failed',
    saw: 'ng build ended with errors, so there is no page to open.',
    wanted: 'the page can be built.',
    look: `${/(?:app-frontend|src)\/[\w./-]+(?::\d+)?/.exec(page.build.output)?.[0] ?? 'app-frontend'}, and the lines below: Angular's own words.`,
    output: lines.slice(Math.max(0, at), Math.max(0, at) + 6).map((line) => line.slice(0, 76)),
    seen: [{ kind: 'page', text: 'build-failed' }],
  };
}

function unusable(page: PageRecord): Failure | null {
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

function stepFailed(evidence: Evidence, page: PageRecord): Failure | null {
  const failure = diagnoseDrive(evidence);
  if (!failure) return null;
  const own = [...page.errors, ...page.console.filter((line) => line.startsWith('error '))];
  return {
    ...failure,
    output: own.length > 0 ? own.slice(0, 4).map((line) => line.slice(0, 76)) : failure.output,
    ...(page.screenshot && { look: `${page.screenshot}, a picture of the page at that moment.` }),
  };
}

/**
 * A question of the browser, before the page's request, that the API answered with no. Null: there is none. Where the
 * request came after all, the browser was content: not all are as strict as the standard.
 */
export function diagnosePreflight(evidence: Evidence): Failure | null {
  const requests = pageRequestsOf(evidence);
  for (const asked of preflightsOf(evidence)) {
    if (requests.some((sent) => sent.atMs >= asked.atMs && isAnnounced(sent, asked))) continue;
    const wanted = listed(asked.requestHeaders['access-control-request-headers']);
    const allowed = listed(asked.responseHeaders['access-control-allow-headers']);
    const missing = wanted.filter(
      (name) =>
        !allowed.includes(name) &&
        !SAFE_HEADERS.has(name) &&
        !(allowed.includes('*') && name !== 'authorization'),
    );
    const method = asked.requestHeaders['access-control-request-method'] ?? '';
    const path = asked.path.split('?')[0];
    const base = {
      reason: 'preflight-refused' as const,
      cause: 'The browser asked first, got a no, and never sent the request itself.',
      seen: [
        {
          kind: 'preflight',
          text: `asked ${wanted.join(', ')}; allowed ${allowed.join(', ') || 'nothing'}`,
        },
      ],
    };
    if (missing.length > 0) {
      return {
        ...base,
        saw: `before ${method} ${path} the browser asked for the ${wanted.length === 1 ? 'header' : 'headers'} ${wanted.join(', ')}. The API allowed ${allowed.join(', ') || 'none'}: ${missing.join(', ')} is missing.`,
        wanted: `the API allows ${missing.join(', ')}, too, so that the browser sends the request.`,
        look: 'app-backend/src/http.ts: which headers may a page of another origin send?',
      };
    }
    const origin = asked.responseHeaders['access-control-allow-origin'];
    if (origin !== '*' && origin !== asked.origin) {
      return {
        ...base,
        saw: `before ${method} ${path} the browser asked for the origin ${asked.origin}. The API answered ${asked.status} and allowed ${origin ?? 'no origin'}.`,
        wanted: 'the API allows the origin of the page, which PAGE_ORIGIN names.',
        look: 'app-backend/src/http.ts: where does the allowed origin come from?',
      };
    }
  }
  return null;
}

function isAnnounced(sent: HeaderRecord, asked: HeaderRecord): boolean {
  return sent.path === asked.path && sent.method === asked.requestHeaders['access-control-request-method'];
}

/** The browser's questions to the API before requests of the page. */
export function preflightsOf(evidence: Evidence): HeaderRecord[] {
  return apiRecords(evidence).filter(
    (record) =>
      record.method === 'OPTIONS' && record.requestHeaders['access-control-request-method'] !== undefined,
  );
}

/** Requests of the page to the API in the order of their arrival, the browser's questions left out. */
export function pageRequestsOf(evidence: Evidence): HeaderRecord[] {
  return apiRecords(evidence).filter((record) => record.method !== 'OPTIONS');
}

function apiRecords(evidence: Evidence): HeaderRecord[] {
  const origin = evidence.page?.url;
  return (evidence.headers ?? [])
    .filter((record) => record.at === 'api' && origin !== undefined && record.origin === origin)
    .sort((a, b) => a.atMs - b.atMs);
}

function listed(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}
