import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What a key for a telemetry vendor looks like in a built page. The first group is the secret part. */
const keyPatterns = [
  // Honeycomb: ingest, configuration and management keys begin with hc..._
  /\b(hc[a-z]{2,3}_[A-Za-z0-9]{16,})/g,
  /x-honeycomb-team["'`]?\s*[:,=]\s*["'`]([^"'`]{8,})/gi,
  /\b(?:api[-_]?key|apikey|ingest(?:ion)?[-_]?key|license[-_]?key|access[-_]?token)["'`]?\s*[:=]\s*["'`]([A-Za-z0-9_\-.]{16,})["'`]/gi,
  // The header of whichever vendor: signoz-ingestion-key, x-sf-token, uptrace-dsn
  /["'`][a-z\d]+(?:-[a-z\d]+)*-(?:key|token|secret|license|dsn)["'`]\s*[:,=]\s*["'`]([^"'`\s]{12,})["'`]/gi,
  /\bauthorization["'`]?\s*[:,=]\s*["'`]((?:Bearer|Basic|Api-Token)\s+[A-Za-z0-9_\-.=+/]{12,})/gi,
];

/** Looks for keys in the scripts and data files of a built page. What is found is cut, so that it is no key any more. */
export function findKeys(siteDirectory: string): { file: string; found: string }[] {
  const keys = new Map<string, { file: string; found: string }>();
  for (const file of readdirSync(siteDirectory, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:m?js|json|html)$/.test(file)) continue;
    const text = readFileSync(path.join(siteDirectory, file), 'utf8');
    for (const pattern of keyPatterns) {
      for (const [, key = ''] of text.matchAll(pattern)) {
        const place = file.replaceAll(path.sep, '/');
        keys.set(`${place} ${key}`, {
          file: place,
          found: `${key.slice(0, 6)}... (${key.length} characters)`,
        });
      }
    }
  }
  return [...keys.values()];
}
