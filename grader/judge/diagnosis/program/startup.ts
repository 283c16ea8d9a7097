import type { ProcessRecord } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { ownPath, relevantLines } from './output.ts';

/** What compilers and Node say of a file that they cannot read. */
const SYNTAX_ERROR =
  /SyntaxError|Syntax Error|Expected .{0,80}got|Expression expected|Unexpected (?:token|eof)/i;
/** The same error, thrown by a text that the running program read: the file itself is right. */
const PARSED_AT_RUN_TIME =
  /\bat (?:async )?(?:JSON\.parse|new (?:RegExp|Function)|eval)\b|is not valid JSON|in JSON at position/;

/**
 * Why one of the learner's processes never became ready, or null when it did. Rules in order of precedence: the
 * first that the record proves is reported.
 */
export function diagnoseStart(process: ProcessRecord): Finding | null {
  if (process.readyAfterMs !== null) return null;
  const what = nameOf(process);
  const script = `"${process.script}" in app-backend/package.json`;
  const output = relevantLines(process.output);
  const { wanted, ready, line } = dutyOf(process);
  const base = { wanted, output, seen: [{ kind: 'process', text: `${process.name}: ${process.ended}` }] };
  const file = ownSourceLine(process.output);
  const look = file
    ? `${file}, and the lines below: your program's own words.`
    : "the lines below: your program's own words.";

  if (process.script === '' && process.name === 'worker') {
    return {
      ...base,
      reason: 'worker-not-running',
      saw: `${what} was not started: app-backend/package.json has no script "start:worker".`,
      look: 'the scripts in app-backend/package.json. What starts the worker now?',
      output: [],
    };
  }
  const elsewhere = process.listening.filter((socket) => socket.port !== process.askedPort);
  if (elsewhere.length > 0 && process.ended !== 'exited') {
    return {
      ...base,
      reason: 'port-hard-coded',
      saw: `${what} listens on port ${elsewhere.map((socket) => socket.port).join(', ')}. PORT says ${process.askedPort}.`,
      look: 'the line that calls listen: where does its number come from?',
      output: [],
    };
  }
  const limit = diagnoseLimit(process);
  if (limit) return limit;
  const busy =
    process.listenErrors.find((error) => error.code === 'EADDRINUSE') ?? portInOutput(process.output);
  if (busy) {
    return {
      ...base,
      reason: 'port-taken',
      saw: `${what} tried to listen on port ${busy.port}, and another program has it. PORT says ${process.askedPort}.`,
      look: 'the line that calls listen: where does its number come from?',
      output: [],
    };
  }
  const missing = /Cannot find (?:module|package) '([^'./\\][^']*)'/.exec(process.output)?.[1];
  if (missing && process.ended === 'exited') {
    return {
      ...base,
      reason: 'package-not-installed',
      saw: `${what} ended at once: it imports "${missing}", and no such package is installed here.`,
      look: 'the name in the import. The packages that the exercises use are installed already.',
      output: output.slice(0, 3),
    };
  }
  if (
    process.ended === 'exited' &&
    SYNTAX_ERROR.test(process.output) &&
    !PARSED_AT_RUN_TIME.test(process.output)
  ) {
    return {
      ...base,
      reason: 'syntax-error',
      saw: `${what} ended at once: ${file ?? 'a file'} cannot be read. There is a syntax error in it.`,
      look,
      output: relevantLines(process.output, 9),
    };
  }
  if (process.ended === 'exited') {
    const code = process.exit?.signal
      ? `signal ${process.exit.signal}`
      : `exit code ${process.exit?.code ?? 'unknown'}`;
    if (process.exit?.code === 0) {
      return {
        ...base,
        reason: 'exited-early',
        saw: `${what} ended by itself after ${seconds(process.exit.afterMs)} with ${code}, before it ${ready}.`,
        look: `what ends ${script}? Is ${line} still there?`,
      };
    }
    const absent = missingFile(process.output);
    if (absent) {
      return {
        ...base,
        reason: 'crashed-at-start',
        saw: `${what} ended at once: ${absent.by ?? 'a file'} imports "${absent.name}", and there is no such file.`,
        look: 'the name in the import, and the name of your file.',
        output: [],
      };
    }
    return {
      ...base,
      reason: 'crashed-at-start',
      saw: `${what} ended after ${seconds(process.exit?.afterMs ?? 0)} with ${code}, before it ${ready}.`,
      look,
    };
  }
  if (process.capture === null) {
    return {
      ...base,
      reason: 'start-timeout',
      saw: `${what} was still busy starting when the time was over. It never ${ready}, and it did not react.`,
      look: `is there a loop that never ends, before ${line}?`,
    };
  }
  if (process.askedPort === null) {
    return {
      ...base,
      reason: 'worker-not-running',
      saw: `${what} runs, but it never asked the database for messages until the time was over.`,
      look: `is ${line} still there, and is it reached?`,
    };
  }
  return {
    ...base,
    reason: 'not-listening',
    saw: `${what} runs, but it listened on no port until the time was over.`,
    look: 'is the line that calls listen still there, and is it reached?',
  };
}

/** A process that was ended for what it used up, while it started or later; null when it was not. */
export function diagnoseLimit(process: ProcessRecord): Finding | null {
  const what = nameOf(process);
  const when = process.readyAfterMs === null ? 'while it started' : `while it ${workOf(process)}`;
  const seen = [{ kind: 'process', text: `${process.name}: ${process.ended}` }];
  if (process.ended === 'memory-limit') {
    return {
      reason: 'memory-limit',
      saw: `${what} used ${megabytes(process.peakMemoryBytes)} of memory ${when}. It was ended.`,
      wanted: 'at most 1 GB of memory. Murmur itself needs a tenth of that.',
      look: 'what grows and never stops growing?',
      seen,
    };
  }
  if (process.ended === 'output-limit') {
    return {
      reason: 'output-limit',
      saw: `${what} printed ${megabytes(process.outputBytes)} ${when}. It was ended.`,
      wanted: 'a few lines. The grader reads at most 16 MB.',
      look: 'which line prints in a loop? The last words are below.',
      output: relevantLines(process.output.slice(-2000), 3),
      seen,
    };
  }
  return null;
}

/** What a process is there for, in the words of its messages: the API listens, the worker has no port to listen on. */
function dutyOf(process: ProcessRecord): { wanted: string; ready: string; line: string } {
  const what = nameOf(process);
  return process.askedPort === null
    ? {
        wanted: `${what} starts and waits for messages.`,
        ready: 'waited for messages',
        line: 'the line that starts the application',
      }
    : {
        wanted: `${what} starts and listens on PORT (${process.askedPort}).`,
        ready: 'listened',
        line: 'the line that calls listen',
      };
}

/** What messages call one of the learner's processes. */
export function nameOf({ name }: { name: string }): string {
  return name === 'api' ? 'the API' : `the ${name}`;
}

/** `answered requests`: what a running process does. */
export function workOf({ name }: { name: string }): string {
  return name === 'worker' ? 'worked on messages' : 'answered requests';
}

function portInOutput(output: string): { port: number } | undefined {
  const port = /EADDRINUSE[^\n]*?:(\d{2,5})\b/.exec(output)?.[1];
  return port ? { port: Number(port) } : undefined;
}

/** A file of the learner's own that an import names and that is not there. */
function missingFile(output: string): { name: string; by: string | undefined } | null {
  const name = /Cannot find module '(\.{1,2}\/[^']*)'/.exec(output)?.[1];
  if (!name) return null;
  return { name, by: /Require stack:\s+- (\S+)/.exec(ownPath(output))?.[1]?.replaceAll('\\', '/') };
}

/** The first place in the learner's own source that the output names: `app-backend/src/main.ts:12`. */
export function ownSourceLine(output: string): string | undefined {
  return /(app-(?:backend|frontend)[\\/](?!node_modules)[\w./\\-]+\.(?:ts|js|cjs|mjs|json)(?::\d+)?)/
    .exec(ownPath(output))?.[1]
    ?.replaceAll('\\', '/');
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const megabytes = (bytes: number | null): string => `${Math.round((bytes ?? 0) / 1_048_576)} MB`;
