import { json } from 'node:stream/consumers';
import type { Slo, SloList } from '../api/index.ts';
import { ENVIRONMENT_WIDE } from '../honeycomb/api.ts';
import type { QueryThread } from '../query-thread/index.ts';
import { checkedBody } from './body-schemas.ts';
import type { CalculatedFields } from './calculated-fields.ts';
import { Refusal } from './refusal.ts';
import { newId, type ResourceFiles } from './resource-files.ts';

export interface StoredSlo extends Omit<Slo, 'burn_alerts'> {
  dataset: string;
  tags?: { key: string; value: string }[];
  created_at: string;
  updated_at: string;
}

type Writable = Omit<StoredSlo, 'dataset' | 'created_at' | 'updated_at'>;

/** SLOs that were made by the API. Those of queries/slos/ are files, and `npm run slo` tells of them. */
export class Slos {
  readonly #slos: ResourceFiles<StoredSlo>;
  readonly #fields: CalculatedFields;

  constructor(slos: ResourceFiles<StoredSlo>, fields: CalculatedFields) {
    this.#slos = slos;
    this.#fields = fields;
  }

  has(id: string): boolean {
    return this.#slos.get(id) !== undefined;
  }

  /** Whether one reads a calculated field. */
  reads(alias: string): boolean {
    return this.#slos.entries().some(([, { sli }]) => sli.alias === alias);
  }

  list(dataset: string): object[] {
    return this.#slos.entries().flatMap(([id, slo]) => (slo.dataset === dataset ? [shown(id, slo)] : []));
  }

  get(dataset: string, id: string): object {
    return shown(id, this.#known(dataset, id));
  }

  /** With how it stands now. */
  async detailed(dataset: string, id: string, thread: Pick<QueryThread, 'run'>): Promise<object> {
    const stored = this.#known(dataset, id);
    const { name, sli, time_period_days, target_per_million } = stored;
    const dataset_slugs = dataset === ENVIRONMENT_WIDE ? stored.dataset_slugs : [dataset];
    const slo = { file: id, name, sli, time_period_days, target_per_million, dataset_slugs };
    const files = { slos: [slo], problems: [], fields: this.#fields.of(dataset) };
    const { slos } = (await json(await thread.run({ kind: 'slos', files }))) as SloList;
    const { compliance, budget_remaining, burn_rate, status } = slos[0] as SloList['slos'][number];
    const measured = Object.entries({ compliance, budget_remaining, burn_rate, status });
    return { ...shown(id, stored), ...Object.fromEntries(measured.filter(([, value]) => value !== null)) };
  }

  async create(dataset: string, body: unknown): Promise<object> {
    const slo = this.#checked(dataset, body);
    const now = new Date().toISOString();
    const id = newId();
    return shown(id, await this.#slos.put(id, { ...slo, dataset, created_at: now, updated_at: now }));
  }

  async update(dataset: string, id: string, body: unknown): Promise<object> {
    const { created_at, dataset_slugs } = this.#known(dataset, id);
    const slo = this.#checked(dataset, { dataset_slugs, ...(body as object) });
    const updated_at = new Date().toISOString();
    return shown(id, await this.#slos.put(id, { ...slo, dataset, created_at, updated_at }));
  }

  async delete(dataset: string, id: string): Promise<void> {
    this.#known(dataset, id);
    await this.#slos.delete(id);
  }

  #known(dataset: string, id: string): StoredSlo {
    const found = this.#slos.get(id);
    if (found?.dataset !== dataset) throw Refusal.notFound('SLO');
    return found;
  }

  #checked(dataset: string, body: unknown): Writable {
    const slo = checkedBody<Writable>('SLOCreate', body);
    const { alias } = slo.sli;
    if (!this.#fields.of(dataset).some(({ name }) => name === alias))
      throw Refusal.invalid([
        { field: 'sli.alias', code: 'invalid', description: `there is no calculated field ${alias} here` },
      ]);
    if (dataset === ENVIRONMENT_WIDE && !slo.dataset_slugs)
      throw Refusal.invalid([
        { field: 'dataset_slugs', code: 'missing', description: 'an SLO of __all__ names its datasets' },
      ]);
    return slo;
  }
}

function shown(id: string, { dataset: _dataset, ...slo }: StoredSlo): object {
  return { id, description: '', ...slo, reset_at: null };
}
