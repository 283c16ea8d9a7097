import { Health } from '../../api/index.ts';
import type { LabApp } from '../app.ts';
import { type HealthParts, healthOf } from '../health.ts';

/** How the lab is. */
export function addHealthRoutes(app: LabApp, parts: HealthParts): void {
  const schema = {
    summary: 'Whether the lab works, how much it holds, and what a person should know',
    tags: ['lab'],
    response: { 200: Health },
  };
  const health = async (): Promise<Health> => ({
    ...(await healthOf(parts)),
    // Whoever mounts it does so after these routes.
    learn: app.hasRoute({ method: 'GET', url: '/api/learn' }),
  });
  app.get('/api/health', { schema }, health);
  app.get('/health', { schema: { ...schema, hide: true } }, health);
}
