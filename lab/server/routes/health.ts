import { Health } from '../../api/index.ts';
import type { Collector } from '../../collection/index.ts';
import type { Store } from '../../store/index.ts';
import type { LabApp } from '../app.ts';

/** How the lab is. */
export function addHealthRoutes(
  app: LabApp,
  parts: { store: Store; collector: Pick<Collector, 'counts' | 'trouble'> },
): void {
  const { store, collector } = parts;
  const schema = {
    summary: 'Whether the lab works, and how much it holds',
    tags: ['lab'],
    response: { 200: Health },
  };
  const health = async (): Promise<Health> => {
    const trouble = [...collector.trouble(), ...removedText(store)];
    return {
      status: trouble.length === 0 ? 'ok' : 'trouble',
      trouble,
      // Whoever mounts it does so after these routes.
      learn: app.hasRoute({ method: 'GET', url: '/api/learn' }),
      ...(await store.size()),
      memoryBytes: process.memoryUsage.rss(),
      received: collector.counts,
    };
  };
  app.get('/api/health', { schema }, health);
  app.get('/health', { schema: { ...schema, hide: true } }, health);
}

function removedText({ removed }: Store): string[] {
  if (removed === null) return [];
  const at = new Date(removed.atMs).toISOString().slice(0, 16).replace('T', ' ');
  return [`${removed.rows} rows were removed to keep the data small, last at ${at} UTC.`];
}
