import type { Evidence, SentRequest } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { processOf } from '../../joins/index.ts';
import { requestName } from '../../sentences.ts';
import { diagnoseEnds } from './ends.ts';
import { relevantLines } from './output.ts';
import { diagnoseLimit, diagnoseStart } from './startup.ts';

/** Why one of the learner's processes did not start, or did not run to the end; null when all did. */
export function diagnoseProcesses(evidence: Evidence): Finding | null {
  for (const process of evidence.processes) {
    const cause = diagnoseStart(process) ?? diagnoseLimit(process);
    if (cause) return cause;
  }
  return diagnoseEnds(evidence);
}

/** Why the scenario could not be driven to its end, or null when it could. */
export function diagnoseDrive(evidence: Evidence): Finding | null {
  const process = diagnoseProcesses(evidence);
  if (process) return process;
  if (evidence.drive.state === 'complete') return null;
  const api = processOf(evidence, 'api');
  const unanswered = evidence.requests.find((request) => request.status === null);
  return {
    reason: 'request-failed',
    saw: unanswered ? silence(unanswered) : stepFailed(evidence),
    wanted: 'Murmur answers as it did before you changed it.',
    look: unanswered
      ? 'what does your change do when a request comes in? Does it always go on to an answer?'
      : "your last change, and the lines below: your program's own words.",
    output: api ? relevantLines(api.output) : [],
    seen: [{ kind: 'drive', text: `${evidence.drive.step}: ${evidence.drive.message}` }],
  };
}

/** Why one request did not get the status that Murmur gives, or null when it got one of `expected`. */
export function diagnoseAnswer(
  evidence: Evidence,
  request: SentRequest,
  expected: readonly number[],
): Finding | null {
  if (request.status !== null && expected.includes(request.status)) return null;
  if (request.status === null) {
    const broken = diagnoseDrive(evidence);
    if (broken) return broken;
  }
  const api = processOf(evidence, 'api');
  return {
    reason: 'request-failed',
    saw:
      request.status === null ? silence(request) : `${request.method} ${request.path} got ${request.status}.`,
    wanted: `status ${expected.join(' or ')}, as Murmur answers without your change.`,
    look: 'what does your change do when this request comes in?',
    output: api ? relevantLines(api.output, 4) : [],
    seen: [{ kind: 'request', text: `${request.label}: ${request.status ?? request.error}` }],
  };
}

/** Why an answer is not Murmur's own, though its status is: it lists nothing where there is something. Null: it does. */
export function diagnoseEmptyList(sent: SentRequest): Finding | null {
  if (/"id"\s*:/.test(sent.responseBody)) return null;
  return {
    reason: 'request-failed',
    saw: `${requestName(sent)} answered ${sent.status} with an empty list, ${JSON.stringify(sent.responseBody.slice(0, 40))}.`,
    wanted: 'the posts that Murmur shows without your change.',
    look: 'what does your change do when this request comes in?',
    seen: [{ kind: 'request', text: `${sent.label}: ${sent.responseBody.slice(0, 80)}` }],
  };
}

/** `GET /feed got no answer within 15 s.` */
function silence({ method, path, error }: SentRequest): string {
  const late = /^no answer (within .*)$/.exec(error ?? '')?.[1];
  return `${method} ${path} got no answer${late ? ` ${late}` : `: ${error}`}.`;
}

/** `GET /users answered 500.`, or which step of the scenario could not be done, and why. */
function stepFailed({ drive: { step, message } }: Evidence): string {
  return /^[A-Z]+ \/\S* answered/.test(message ?? '')
    ? `${message}.`
    : `"${step}" could not be done: ${message}.`;
}
