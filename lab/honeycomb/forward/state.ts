import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeAtomicallySync } from '@workshop/base/files';
import { stateDir } from '../account.ts';

/** Whether the lab forwards, and under which name. Off until the learner turns it on. */
export interface ForwardState {
  on: boolean;
  /** The learner's name, for `deployment.environment.name`. */
  name?: string;
}

export function readForwardState(root: string): ForwardState {
  try {
    const { on, name } = JSON.parse(readFileSync(stateFile(root), 'utf8'));
    return { on: on === true, name: typeof name === 'string' ? name : undefined };
  } catch {
    // Never turned on. A broken file is off too: forwarding needs the learner's clear word.
    return { on: false };
  }
}

export function writeForwardState(root: string, state: ForwardState): void {
  writeAtomicallySync(stateFile(root), `${JSON.stringify(state)}\n`);
}

/** Where the spans wait that are not sent yet. */
export function queueDir(root: string): string {
  return path.join(stateDir(root), 'queue');
}

function stateFile(root: string): string {
  return path.join(stateDir(root), 'forward.json');
}
