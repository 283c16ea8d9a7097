import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { kebabCase } from '@workshop/base/file-name';
import { labProblem } from '../../lab/lab-api';
import { QueryApi, type Saved } from '../query-api';
import type { QuerySpec } from '../spec';
import { nameOf } from '../summary';

/** Saves a query as a file of queries/, and takes it back. What a file was before is kept beside it. */
@Component({
  selector: 'lab-save-query',
  imports: [RouterLink],
  templateUrl: './save-query.html',
  styleUrl: './dialog.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SaveQuery {
  readonly query = input.required<QuerySpec>();
  /** the saved file that is looked at, without .json */
  readonly file = input<string>();
  readonly saved = output<string>();

  readonly #api = inject(QueryApi);
  protected readonly list = this.#api.saved();
  protected readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  protected readonly folder = computed(() => (this.list.hasValue() ? this.list.value().folder : null));
  readonly #same = computed(() => this.#fileNamed(this.file() ?? ''));
  protected readonly name = linkedSignal(() => this.#same()?.name ?? nameOf(this.query()));
  protected readonly description = linkedSignal(() => this.#same()?.description ?? '');
  protected readonly fileName = linkedSignal(() =>
    this.#same() ? (this.file() ?? '') : kebabCase(this.name()),
  );
  /** what would be written over */
  protected readonly before = computed(() => this.#fileNamed(this.fileName()));
  protected readonly problem = signal('');
  protected readonly done = signal<Saved | null>(null);
  protected readonly said = signal('');

  protected open(): void {
    this.list.reload();
    this.problem.set('');
    this.dialog().nativeElement.showModal();
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    try {
      const done = await this.#api.save(this.fileName(), {
        name: this.name().trim(),
        description: this.description().trim(),
        query: this.query(),
        replaces: this.before()?.version ?? null,
      });
      this.done.set(done);
      this.said.set('');
      this.dialog().nativeElement.close();
      this.saved.emit(this.fileName());
      this.list.reload();
    } catch (error) {
      const { stopped, text } = labProblem(error);
      this.problem.set(stopped ? 'The lab does not answer, so nothing was saved. Start it: npm start' : text);
      this.list.reload();
    }
  }

  protected async undo(): Promise<void> {
    const done = this.done();
    if (!done) return;
    try {
      await this.#api.undo(done);
      const back = done.kept === null ? 'It is gone again.' : 'It is what it was before.';
      this.said.set(`queries/${done.file}: ${back}`);
    } catch (error) {
      this.said.set(labProblem(error).text || 'The lab did not answer.');
    }
    this.done.set(null);
    this.list.reload();
  }

  #fileNamed(name: string) {
    if (!this.list.hasValue()) return undefined;
    return this.list.value().queries.find(({ file }) => file === `${name}.json`);
  }
}
