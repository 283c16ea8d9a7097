import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import path from 'node:path';
import { accepts, until } from '@workshop/base';
import type { SentRequest } from '../evidence/index.ts';
import {
  createTreeDatabase,
  type DatabaseServer,
  endWithThisProcess,
  ProcessTree,
  reservePort,
  type SeedTemplate,
} from '../world/index.ts';
import { nothingMeasured } from './grading-run.ts';
import { npmCommand } from './npm.ts';

/** The least that a grading can take, in milliseconds. */
export interface FloorPhases {
  /** npm and the app's own boot, until it serves */
  boot: number;
  requests: number;
  total: number;
}

export interface FloorOptions {
  treeDir: string;
  server: DatabaseServer;
  template: SeedTemplate;
  /** what the grading sent, in its order */
  requests: readonly SentRequest[];
}

const PATIENCE_MS = 60_000;
const LOOK_MS = 5;

/**
 * The same app by the same start script, with the same requests, and nothing of ours: no capture, no receiver, no delay
 * proxy. Its database is there before the clock runs, and ending it is not counted.
 */
export async function runFloor(options: FloorOptions): Promise<FloorPhases> {
  const database = await createTreeDatabase(options.server, options.template);
  const reserved = await reservePort();
  const mark = `WORKSHOP_RUN=${randomBytes(8).toString('hex')}`;
  const { program, args } = npmCommand(['run', '--silent', 'start']);
  const environment = {
    ...process.env,
    PORT: String(reserved.port),
    DATABASE_URL: database.url,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    WORKSHOP_RUN: mark.slice('WORKSHOP_RUN='.length),
  };
  const began = performance.now();
  const child = spawn(program, args, {
    cwd: path.join(options.treeDir, 'app-backend'),
    env: environment,
    stdio: ['ignore', 'ignore', 'ignore'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const forget = process.platform === 'win32' ? () => {} : endWithThisProcess(-(child.pid ?? 0), 'KILL');
  const tree = new ProcessTree(child.pid ?? -1, mark);
  try {
    const listens = await until(() => accepts(reserved.port), {
      maxMs: PATIENCE_MS,
      everyMs: LOOK_MS,
      giveUp: () => child.exitCode !== null,
    });
    if (!listens) throw nothingMeasured(`The app does not start by itself (exit code ${child.exitCode}).`);
    const ready = performance.now();
    await sendAll(`http://127.0.0.1:${reserved.port}`, options.requests);
    const done = performance.now();
    return { boot: ready - began, requests: done - ready, total: done - began };
  } finally {
    await tree.end();
    forget();
    reserved.release();
    await database.drop();
  }
}

/** Sends again what a grading sent. Whoever is signed in there signs in here too, when their first request comes. */
async function sendAll(baseUrl: string, requests: readonly SentRequest[]): Promise<void> {
  const tokens = new Map<string, string>();
  for (const { method, path: target, userId, responseBody, status } of requests) {
    if (target === '/sessions') continue;
    if (userId !== null && !tokens.has(userId)) {
      const { body } = await send(baseUrl, 'POST', '/sessions', {}, { userId });
      tokens.set(userId, (JSON.parse(body) as { token: string }).token);
    }
    const headers: Record<string, string> =
      userId === null ? {} : { authorization: `Bearer ${tokens.get(userId)}` };
    const payload = method === 'POST' && target === '/posts' ? { text: textOf(responseBody) } : undefined;
    const answer = await send(baseUrl, method, target, headers, payload);
    // What a scenario made fail on purpose, by a lock, succeeds here, where nobody locks anything.
    if (answer.status !== status && status !== 500) {
      throw nothingMeasured(`${method} ${target} answered ${answer.status}, in the grading ${status}.`);
    }
  }
}

/** Bodies are not in the evidence, but an answer to a new post holds its text. */
function textOf(responseBody: string): string {
  const { text } = JSON.parse(responseBody) as { text?: string };
  return text ?? '';
}

function send(
  baseUrl: string,
  method: string,
  target: string,
  headers: Record<string, string>,
  payload?: unknown,
): Promise<{ status: number; body: string }> {
  const content = payload === undefined ? undefined : JSON.stringify(payload);
  return new Promise((resolve, reject) => {
    const request = http.request(
      baseUrl + target,
      {
        method,
        agent: false,
        headers: { ...headers, ...(content !== undefined && { 'content-type': 'application/json' }) },
      },
      async (response) => {
        let body = '';
        for await (const chunk of response.setEncoding('utf8')) body += chunk;
        resolve({ status: response.statusCode ?? 0, body });
      },
    );
    request.once('error', reject);
    request.end(content);
  });
}
