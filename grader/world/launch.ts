import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CaptureServer } from '../capture/index.ts';
import { type DelayProxy, startDelayProxy } from './delay-proxy.ts';
import { learnerEnvironment } from './learner-environment.ts';
import { LearnerProcess, type ProcessLimits } from './learner-process.ts';
import { RunRecord } from './process/run-record.ts';
import { scriptOf } from './script.ts';
import type { OpeningDatabase } from './system-database.ts';

export interface LaunchOptions {
  /** holds app-backend/ */
  treeDir: string;
  /** more environment of the process */
  env?: Record<string, string | null>;
  limits: ProcessLimits;
  database: OpeningDatabase;
  /** milliseconds that a round trip to the database takes longer */
  databaseDelayMs: number;
  capture: CaptureServer;
  receiverUrl: string;
  sessionSecret: string;
  /** have it tell each span as it ends; default false */
  follow?: boolean;
}

/** One of the learner's scripts, running, and its own way to the database. */
export interface Launched {
  learner: LearnerProcess;
  proxy: DelayProxy;
}

const runRecord = new RunRecord();

/**
 * Starts an npm script of app-backend with the capture inside. The database may still be on its way: the proxy keeps
 * early connections waiting.
 * @param name what the grader calls it: 'api', 'worker'
 * @param port what it gets as PORT; null: it serves nothing
 */
export async function launch(
  name: string,
  scriptName: string,
  port: number | null,
  options: LaunchOptions,
): Promise<Launched> {
  const backendDir = path.resolve(options.treeDir, 'app-backend');
  const proxy = await startDelayProxy({
    ready: options.database.target,
    delayMs: options.databaseDelayMs / 2,
  });
  const databaseUrl = options.database.urlThrough(proxy.port);
  const environment = learnerEnvironment({
    backendDir,
    port,
    databaseUrl,
    sessionSecret: options.sessionSecret,
    receiverUrl: options.receiverUrl,
    extra: options.env,
  });
  const learner = new LearnerProcess({
    name,
    script: scriptOf(backendDir, scriptName) ?? '',
    // Without one, the shell says so, and the record holds it like any other crash at start.
    instead: `echo app-backend/package.json has no ${scriptName} script 1>&2 && exit 1`,
    cwd: existsSync(backendDir) ? backendDir : options.treeDir,
    environment: options.capture.environment(name, environment, { follow: options.follow }),
    // Its own address of the database: the other process of this system has another.
    mark: databaseUrl,
    askedPort: port,
    limits: options.limits,
    capture: options.capture,
    runRecord,
  });
  return { learner, proxy };
}
