import { ENVIRONMENT_WIDE } from '../honeycomb/api.ts';
import { slugOf } from '../honeycomb/dataset.ts';
import { checkedBody } from './body-schemas.ts';
import { Refusal } from './refusal.ts';
import { idOf, type ResourceFiles } from './resource-files.ts';

export interface StoredDataset {
  name: string;
  description?: string;
  expand_json_depth?: number;
  created_at: string;
}

/**
 * A dataset is a service, as in Honeycomb's environments: those that have sent spans, and those that were made by the
 * API before their first span.
 */
export class Datasets {
  readonly #made: ResourceFiles<StoredDataset>;
  readonly #services: () => Promise<string[]>;

  /** @param services the names of the services that have sent spans */
  constructor(made: ResourceFiles<StoredDataset>, services: () => Promise<string[]>) {
    this.#made = made;
    this.#services = services;
  }

  async list(): Promise<object[]> {
    const sent = await this.#services();
    const slugs = new Set([...sent.map(slugOf), ...this.#made.entries().map(([, { name }]) => slugOf(name))]);
    return [...slugs].sort().map((slug) => this.#shown(slug, sent));
  }

  /** @throws Refusal when there is none */
  async get(slug: string): Promise<object> {
    await this.names(slug);
    return this.#shown(slug, await this.#services());
  }

  /** The names of the services in a dataset; null for the whole environment. @throws Refusal when there is none */
  async names(slug: string): Promise<string[] | null> {
    if (slug === ENVIRONMENT_WIDE) return null;
    const sent = (await this.#services()).filter((name) => slugOf(name) === slug);
    if (sent.length > 0) return sent;
    const made = this.#made.get(idOf(slug));
    if (made) return [made.name];
    throw Refusal.notFound('Dataset');
  }

  /** The slug, if there is such a dataset. @throws Refusal */
  async known(slug: string): Promise<string> {
    await this.names(slug);
    return slug;
  }

  /** @returns whether it is new */
  async create(body: unknown): Promise<{ created: boolean; dataset: object }> {
    const given = checkedBody<Omit<StoredDataset, 'created_at'>>('DatasetCreationPayload', body);
    const slug = slugOf(given.name);
    const known =
      (await this.#services()).some((name) => slugOf(name) === slug) || this.#made.get(idOf(slug));
    if (!known) await this.#made.put(idOf(slug), { ...given, created_at: new Date().toISOString() });
    return { created: !known, dataset: await this.get(slug) };
  }

  async update(slug: string, body: unknown): Promise<object> {
    const [name = slug] = (await this.names(slug)) ?? [];
    const given = checkedBody<Partial<StoredDataset>>('DatasetUpdatePayload', body);
    const before = this.#made.get(idOf(slug)) ?? { name, created_at: new Date().toISOString() };
    await this.#made.put(idOf(slug), { ...before, ...given, name: before.name });
    return this.get(slug);
  }

  /** A dataset goes with its last span, and not before. */
  async delete(slug: string): Promise<never> {
    await this.names(slug);
    throw Refusal.conflict('This dataset is delete protected: the lab keeps it as long as it has spans.');
  }

  #shown(slug: string, sent: readonly string[]): object {
    const made = this.#made.get(idOf(slug));
    const name = sent.find((service) => slugOf(service) === slug) ?? made?.name ?? slug;
    return {
      description: '',
      expand_json_depth: 0,
      settings: { delete_protected: true },
      ...made,
      name,
      slug,
    };
  }
}
