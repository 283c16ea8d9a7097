import type { ListedColumn } from '../api/index.ts';
import { checkedBody } from './body-schemas.ts';
import { Refusal } from './refusal.ts';
import { idOf, type ResourceFiles } from './resource-files.ts';

/** What the API says of a column besides its name and the type of its values. */
export interface StoredColumnNote {
  key_name: string;
  type?: string;
  description?: string;
  hidden?: boolean;
  created_at: string;
  updated_at: string;
}

type Writable = Pick<StoredColumnNote, 'type' | 'description' | 'hidden'>;

/**
 * The columns that spans have, and those that were made by the API before their first value. The lab's columns are
 * those of the whole environment: a dataset shows all of them.
 */
export class Columns {
  readonly #notes: ResourceFiles<StoredColumnNote>;
  readonly #sent: () => Promise<ListedColumn[]>;

  constructor(notes: ResourceFiles<StoredColumnNote>, sent: () => Promise<ListedColumn[]>) {
    this.#notes = notes;
    this.#sent = sent;
  }

  async list(): Promise<object[]> {
    return [...(await this.#byName()).values()];
  }

  /** @throws Refusal when there is none */
  async named(name: string): Promise<object> {
    const column = (await this.#byName()).get(name);
    if (!column) throw Refusal.notFound('Column');
    return column;
  }

  async get(id: string): Promise<{ key_name: string }> {
    const column = [...(await this.#byName()).values()].find((one) => one.id === id);
    if (!column) throw Refusal.notFound('Column');
    return column;
  }

  async create(body: unknown): Promise<object> {
    const given = checkedBody<StoredColumnNote>('CreateColumn', body);
    if ((await this.#byName()).has(given.key_name))
      throw Refusal.conflict('A column by that name already exists.');
    return this.#note(given.key_name, { type: 'string', ...writable(given) });
  }

  async update(id: string, body: unknown): Promise<object> {
    const { key_name } = await this.get(id);
    const given = checkedBody<Writable>('CreateColumn', { ...(body as object), key_name });
    return this.#note(key_name, writable(given));
  }

  async delete(id: string): Promise<void> {
    const { key_name } = await this.get(id);
    if ((await this.#sent()).some((column) => column.key_name === key_name))
      throw Refusal.conflict('Spans have this column: it goes when they do.');
    await this.#notes.delete(id);
  }

  async #note(key_name: string, given: Writable): Promise<object> {
    const now = new Date().toISOString();
    const before = this.#notes.get(idOf(key_name)) ?? { key_name, created_at: now };
    await this.#notes.put(idOf(key_name), { ...before, ...given, key_name, updated_at: now });
    return this.named(key_name);
  }

  async #byName(): Promise<Map<string, { id: string; key_name: string }>> {
    const notes = this.#notes.entries().map(([, note]) => note);
    const all = new Map<string, ListedColumn | StoredColumnNote>(notes.map((note) => [note.key_name, note]));
    // The type of the values that were sent is the type, whatever a note says.
    for (const column of await this.#sent())
      all.set(column.key_name, { ...all.get(column.key_name), ...column });
    return new Map(
      [...all].map(([name, column]) => [name, { id: idOf(name), hidden: false, description: '', ...column }]),
    );
  }
}

function writable({ type, description, hidden }: Writable): Writable {
  return {
    ...(type !== undefined && { type }),
    ...(description !== undefined && { description }),
    ...(hidden !== undefined && { hidden }),
  };
}
