import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeAtomicallySync } from '@workshop/base/files';
import type { Auth } from './api.ts';
import type { HoneycombConfig } from './config.ts';

/** What a link needs: slugs, no secrets. */
export interface Account {
  /** Base URL of Honeycomb's pages, without a slash at the end. */
  ui: string;
  team: string;
  environment: string;
}

/** The folder for what the workshop remembers of Honeycomb on this machine; git ignores it. */
export function stateDir(root: string): string {
  return path.join(root, '.workshop', 'honeycomb');
}

/** Where Honeycomb's pages are, for an API endpoint: `api.honeycomb.io` -> `ui.honeycomb.io`, the same with eu1. */
export function uiOf(endpoint: string): string {
  const url = new URL(endpoint);
  url.hostname = url.hostname.replace(/^api([.-])/, 'ui$1');
  return url.origin;
}

/**
 * Team and environment: from the settings, else from what `check` saw last at the same endpoint. Null for each
 * that nobody knows.
 */
export function readAccount(
  root: string,
  config: HoneycombConfig,
): { ui: string; team: string | null; environment: string | null } {
  const seen = readSeen(root);
  const known = seen?.endpoint === config.endpoint ? seen : null;
  return {
    ui: uiOf(config.endpoint),
    team: config.team ?? known?.team ?? null,
    environment: config.environment ?? known?.environment ?? null,
  };
}

/** Remembers what a key told of its team and environment, so that links need no settings. */
export function rememberAccount(root: string, endpoint: string, auth: Auth): void {
  const seen = { endpoint, team: auth.team.slug, environment: auth.environment.slug };
  writeAtomicallySync(accountFile(root), `${JSON.stringify(seen, null, 2)}\n`);
}

function accountFile(root: string): string {
  return path.join(stateDir(root), 'account.json');
}

function readSeen(root: string): { endpoint: string; team: string; environment: string } | null {
  try {
    return JSON.parse(readFileSync(accountFile(root), 'utf8'));
  } catch {
    // Never checked, or the file is broken: the settings decide.
    return null;
  }
}
