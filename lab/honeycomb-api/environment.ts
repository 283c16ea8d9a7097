import path from 'node:path';
import type { ListedColumn } from '../api/index.ts';
import type { CalculatedField } from '../query/index.ts';
import { Boards, type StoredBoard } from './boards.ts';
import { CalculatedFields, type StoredField } from './calculated-fields.ts';
import { Columns, type StoredColumnNote } from './columns.ts';
import { Datasets, type StoredDataset } from './datasets.ts';
import { ResourceFiles } from './resource-files.ts';
import { type ApiAnnotation, type ApiQuery, SavedQueries } from './saved-queries.ts';
import { Slos, type StoredSlo } from './slos.ts';

export interface EnvironmentOptions {
  /** folder for what is made by the API */
  dir: string;
  /** the names of the services that have sent spans */
  services: () => Promise<string[]>;
  /** the columns that spans have */
  columns: () => Promise<ListedColumn[]>;
  /** the calculated fields in files beside the saved queries */
  fieldsBeside: () => CalculatedField[];
  /** gets a line for each file that cannot be read */
  log?: (line: string) => void;
}

/** What one environment of Honeycomb holds, apart from its events. */
export class Environment {
  readonly datasets: Datasets;
  readonly queries: SavedQueries;
  readonly boards: Boards;
  readonly columns: Columns;
  readonly fields: CalculatedFields;
  readonly slos: Slos;

  constructor({ dir, services, columns, fieldsBeside, log }: EnvironmentOptions) {
    const files = <T extends object>(kind: string): ResourceFiles<T> =>
      new ResourceFiles<T>(path.join(dir, kind), (file) => log?.(`${file} is broken, and left out.`));
    this.datasets = new Datasets(files<StoredDataset>('datasets'), services);
    this.columns = new Columns(files<StoredColumnNote>('columns'), columns);
    this.fields = new CalculatedFields(files<StoredField>('derived_columns'), fieldsBeside);
    this.slos = new Slos(files<StoredSlo>('slos'), this.fields);
    this.queries = new SavedQueries(files<ApiQuery>('queries'), files<ApiAnnotation>('query_annotations'));
    this.boards = new Boards(files<StoredBoard>('boards'), this.queries, (id) => this.slos.has(id));
  }
}
