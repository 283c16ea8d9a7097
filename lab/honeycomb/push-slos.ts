import type { SavedField } from '../query/index.ts';
import type { SloFile } from '../slo/index.ts';
import type { HoneycombApi, SloResource } from './api.ts';
import { HoneycombError } from './client.ts';

export interface PushedItem {
  name: string;
  did: 'created' | 'changed' | 'unchanged';
}

export interface PushedSlos {
  slos: PushedItem[];
  /** why none were pushed, or what is left to do there; for a person */
  notes: string[];
}

/** Honeycomb's limit for one SLO. */
const MOST_DATASETS = 10;

/**
 * Brings the calculated fields of files to Honeycomb, for the whole environment. Goes before the queries, which may read
 * them.
 */
export async function pushFields(api: HoneycombApi, fields: readonly SavedField[]): Promise<PushedItem[]> {
  if (fields.length === 0) return [];
  const there = await api.listFields();
  const pushed: PushedItem[] = [];
  for (const { name: alias, expression, description = '' } of fields) {
    const before = there.find((field) => field.alias === alias);
    const same = before?.expression === expression && (before.description ?? '') === description;
    if (!before) await api.createField({ alias, expression, description });
    else if (!same) await api.updateField(before.id, { alias, expression, description });
    pushed.push({ name: alias, did: !before ? 'created' : same ? 'unchanged' : 'changed' });
  }
  return pushed;
}

/** Brings the SLOs of files to Honeycomb, which has them on some plans only: its refusal is told, and no failure. */
export async function pushSlos(api: HoneycombApi, files: readonly SloFile[]): Promise<PushedSlos> {
  if (files.length === 0) return { slos: [], notes: [] };
  const slos: PushedItem[] = [];
  const notes: string[] = [];
  try {
    const there = await api.listSlos();
    for (const file of files) {
      const datasets = file.dataset_slugs ?? (await datasetsOf(api));
      if (datasets.length === 0) {
        notes.push(`"${file.name}" waits: no service has sent spans to Honeycomb yet.`);
        continue;
      }
      const before = there.find(({ name }) => name === file.name);
      const slo = writable(file);
      const same = before !== undefined && isSame(writable(before), slo);
      if (!before) await api.createSlo({ ...slo, dataset_slugs: datasets });
      else if (!same) await api.updateSlo(before.id, slo);
      slos.push({ name: file.name, did: !before ? 'created' : same ? 'unchanged' : 'changed' });
      if (!before && file.burn_alerts?.length)
        notes.push(`"${file.name}": Honeycomb wants to know whom to tell. Make its burn alerts there.`);
    }
  } catch (error) {
    if (!(error instanceof HoneycombError) || ![401, 403, 404].includes(error.status)) throw error;
    notes.push(
      `SLOs stay here: Honeycomb says ${error.status}. They need its Pro or Enterprise plan,`,
      'and a key that may "Manage SLOs".',
    );
  }
  return { slos, notes };
}

async function datasetsOf(api: HoneycombApi): Promise<string[]> {
  return (await api.listDatasets()).map(({ slug }) => slug).slice(0, MOST_DATASETS);
}

function writable(slo: Omit<SloResource, 'id'>): Omit<SloResource, 'id' | 'dataset_slugs'> {
  const { name, description = '', sli, time_period_days, target_per_million } = slo;
  return { name, description, sli: { alias: sli.alias }, time_period_days, target_per_million };
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
