import { ENVIRONMENT_WIDE } from '../honeycomb/api.ts';
import { type CalculatedField, QueryError, validateQuery } from '../query/index.ts';
import { checkedBody } from './body-schemas.ts';
import { Refusal } from './refusal.ts';
import { newId, type ResourceFiles } from './resource-files.ts';

export interface StoredField {
  dataset: string;
  alias: string;
  expression: string;
  description: string;
  created_at: string;
  updated_at: string;
}

type Writable = Pick<StoredField, 'alias' | 'expression'> & { description?: string };

/** Calculated fields, which Honeycomb's API calls derived columns. */
export class CalculatedFields {
  readonly #fields: ResourceFiles<StoredField>;
  readonly #beside: () => CalculatedField[];

  /** @param beside those in files beside the saved queries */
  constructor(fields: ResourceFiles<StoredField>, beside: () => CalculatedField[]) {
    this.#fields = fields;
    this.#beside = beside;
  }

  /** What a query in a dataset may read. Of several with one name the dataset's own wins, then the API's. */
  of(dataset: string): CalculatedField[] {
    const named = new Map(this.#beside().map((field) => [field.name, field]));
    for (const place of [ENVIRONMENT_WIDE, dataset])
      for (const [, { alias, expression, dataset: own }] of this.#fields.entries())
        if (own === place) named.set(alias, { name: alias, expression });
    return [...named.values()];
  }

  list(dataset: string): object[] {
    return this.#in(dataset).map(([id, field]) => shown(id, field));
  }

  /** @throws Refusal when there is none */
  named(dataset: string, alias: string): object {
    const found = this.#in(dataset).find(([, field]) => field.alias === alias);
    if (!found) throw Refusal.notFound('Derived column');
    return shown(...found);
  }

  get(dataset: string, id: string): object {
    return shown(id, this.#known(dataset, id));
  }

  async create(dataset: string, body: unknown): Promise<object> {
    const field = this.#checked(dataset, body, null);
    const now = new Date().toISOString();
    const id = newId();
    return shown(id, await this.#fields.put(id, { ...field, dataset, created_at: now, updated_at: now }));
  }

  async update(dataset: string, id: string, body: unknown): Promise<object> {
    const before = this.#known(dataset, id);
    const field = this.#checked(dataset, body, id);
    return shown(
      id,
      await this.#fields.put(id, { ...before, ...field, updated_at: new Date().toISOString() }),
    );
  }

  /** @param isUsed whether something reads the field with this alias */
  async delete(dataset: string, id: string, isUsed: (alias: string) => boolean): Promise<void> {
    const { alias } = this.#known(dataset, id);
    if (isUsed(alias)) throw Refusal.conflict(`An SLO reads ${alias}. Delete the SLO first.`);
    await this.#fields.delete(id);
  }

  #in(dataset: string): [string, StoredField][] {
    return this.#fields.entries().filter(([, field]) => field.dataset === dataset);
  }

  #known(dataset: string, id: string): StoredField {
    const found = this.#fields.get(id);
    if (found?.dataset !== dataset) throw Refusal.notFound('Derived column');
    return found;
  }

  /** @param id of the one that is changed; null for a new one */
  #checked(dataset: string, body: unknown, id: string | null): Required<Writable> {
    const {
      alias,
      expression,
      description = '',
    } = asText(() => checkedBody<Writable>('CalculatedField', body));
    if (this.#in(dataset).some(([other, field]) => field.alias === alias && other !== id))
      throw Refusal.conflict('A derived column by that alias already exists.');
    const savedFields = this.of(dataset).filter(({ name }) => name !== alias);
    asText(() => validateQuery({ calculated_fields: [{ name: alias, expression }] }, { savedFields }));
    return { alias, expression, description };
  }
}

/** Honeycomb's document has no refusal by fields here: the first one's sentence is the text. */
function asText<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof QueryError)
      throw Refusal.plain(400, error.problems[0]?.description ?? error.message);
    if (error instanceof Refusal && error.fields[0]) throw Refusal.plain(400, error.fields[0].description);
    throw error;
  }
}

function shown(id: string, { dataset: _dataset, ...field }: StoredField): object {
  return { id, ...field };
}
