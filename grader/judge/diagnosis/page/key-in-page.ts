import type { PageRecord } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';

/** A file of the built page that holds what looks like a key; null without one. */
export function diagnoseKeyInPage(page: Pick<PageRecord, 'keys'>): Finding | null {
  const [key] = page.keys;
  if (!key) return null;
  return {
    reason: 'key-in-page',
    saw: `${key.file}, a file of the page, holds ${key.found}. Everybody who opens the page can read it.`,
    wanted: 'no key in the page. It sends to the collector, and the collector has the key.',
    look: 'headers and addresses of your exporter. Was it a real key? Then have it replaced: it is public now.',
    seen: [{ kind: 'file', text: key.file }],
  };
}
