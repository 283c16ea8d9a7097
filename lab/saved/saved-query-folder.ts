import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { WorkshopError } from '@workshop/base';
import { writeAtomically } from '@workshop/base/files';
import type { QuerySaved } from '../api/index.ts';
import {
  formatSavedQuery,
  keepCopy,
  parseSavedQuery,
  readCalculatedFields,
  readSavedQuery,
  type SavedQueryFile,
  validateQuery,
} from '../query/index.ts';

/** The file is not what whoever writes it has seen, or is none that may be written. Nothing was changed. */
export class SavedQueryConflict extends WorkshopError {
  override name = 'SavedQueryConflict';
}

/** Device names that Windows reserves. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

export interface VersionedQuery extends SavedQueryFile {
  version: string;
}

/** The saved queries of one folder, and writing them: whole, never over what was not seen, and never outside. */
export class SavedQueryFolder {
  readonly directory: string;
  /** One change after the other: what one has checked, no other changes meanwhile. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Those that can be read, in the order of their names, and what is wrong with the others. */
  async list(): Promise<{ queries: VersionedQuery[]; problems: { file: string; text: string }[] }> {
    const queries: VersionedQuery[] = [];
    const problems: { file: string; text: string }[] = [];
    const names = await readdir(this.directory).catch(() => [] as string[]);
    for (const file of names.filter((name) => name.endsWith('.json')).sort()) {
      try {
        const saved = readSavedQuery(path.join(this.directory, file));
        queries.push({ file, ...saved, version: (await this.#version(file)) ?? '' });
      } catch (error) {
        if (!(error instanceof WorkshopError)) throw error;
        problems.push({ file, text: error.text });
      }
    }
    return { queries, problems };
  }

  /**
   * Writes `<name>.json`. What it was is copied into `kept/` first.
   * @param replaces version of the file that the writer has seen; null: they know of none
   * @throws QueryError that names each field; SavedQueryConflict
   */
  save(name: string, value: unknown, replaces: string | null): Promise<QuerySaved> {
    return this.#alone(async () => {
      const saved = parseSavedQuery(value);
      validateQuery(saved.query, { savedFields: readCalculatedFields(this.directory) });
      const file = await this.#fileOf(name);
      const now = await this.#version(file);
      if (now !== replaces) throw conflict(file, replaces);
      const kept = now === null ? null : keepCopy(this.directory, file);
      await writeAtomically(path.join(this.directory, file), formatSavedQuery(saved));
      return { file, version: (await this.#version(file)) ?? '', kept };
    });
  }

  /**
   * Takes a save back, as long as the file is what it made.
   * @param saved what `save` answered
   * @throws SavedQueryConflict
   */
  undo(
    name: string,
    { version, kept }: Omit<QuerySaved, 'file'>,
  ): Promise<{ file: string; version: string | null }> {
    return this.#alone(async () => {
      const file = await this.#fileOf(name);
      if ((await this.#version(file)) !== version)
        throw new SavedQueryConflict(`${file} was changed since. It stays as it is.`);
      const target = path.join(this.directory, file);
      if (kept === null) await rm(target);
      else {
        const copy = this.#copyOf(name, kept);
        const text = await readFile(copy).catch(() => null);
        if (text === null) throw new SavedQueryConflict(`The copy ${kept} is gone. ${file} stays as it is.`);
        await writeAtomically(target, text);
        await rm(copy);
      }
      return { file, version: await this.#version(file) };
    });
  }

  #alone<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#changes.then(change);
    this.#changes = result.catch(() => {});
    return result;
  }

  /** The name of a file that may be written. What is a link there could lead to anybody's file. */
  async #fileOf(name: string): Promise<string> {
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name) || DEVICE.test(name))
      throw new SavedQueryConflict(`A file cannot be called ${name}.json.`);
    const file = `${name}.json`;
    for (const [place, isRight] of [
      [this.directory, 'isDirectory'],
      [path.join(this.directory, 'kept'), 'isDirectory'],
      [path.join(this.directory, file), 'isFile'],
    ] as const) {
      const found = await lstat(place).catch(() => null);
      if (found && !found[isRight]())
        throw new SavedQueryConflict(
          `${path.basename(place)} is no plain file or folder, so nothing is written.`,
        );
    }
    return file;
  }

  #copyOf(name: string, kept: string): string {
    const [, base] = /^kept\/(.+)-\d+\.json$/.exec(kept) ?? [];
    if (base !== name) throw new SavedQueryConflict(`${kept} is no copy of ${name}.json.`);
    return path.join(this.directory, 'kept', path.basename(kept));
  }

  /** null: there is no such file */
  async #version(file: string): Promise<string | null> {
    const text = await readFile(path.join(this.directory, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    return text && createHash('sha256').update(text).digest('hex').slice(0, 16);
  }
}

function conflict(file: string, replaces: string | null): SavedQueryConflict {
  return new SavedQueryConflict(
    replaces === null
      ? `There is a file ${file} already. Choose another name, or write over it.`
      : `${file} was changed or removed since. Look at it again.`,
  );
}
