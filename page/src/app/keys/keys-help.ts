import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  viewChild,
} from '@angular/core';
import { Keys } from './keys';

/** Every key that works in the view that is open, and the switch that turns single keys off. */
@Component({
  selector: 'lab-keys-help',
  template: `
    <dialog #dialog aria-labelledby="keys-title" (click)="clicked($event)">
      <div class="inside">
        <h2 id="keys-title">Keys</h2>
        @for (group of groups(); track group.title) {
          <h3>{{ group.title }}</h3>
          <dl>
            @for (binding of group.bindings; track binding) {
              <div>
                <dt>
                  @for (key of binding.keys; track key) {
                    <kbd>{{ key }}</kbd>
                  }
                </dt>
                <dd>{{ binding.words }}</dd>
              </div>
            }
          </dl>
        }
        <h3>Also in fields</h3>
        <dl>
          <div><dt><kbd>Ctrl</kbd> <kbd>K</kbd></dt><dd>search and commands</dd></div>
        </dl>
        <h3>In a tree of spans</h3>
        <dl>
          <div><dt><kbd>up</kbd> <kbd>down</kbd></dt><dd>span before, next span</dd></div>
          <div><dt><kbd>right</kbd> <kbd>left</kbd></dt><dd>open, close; to its parent</dd></div>
          <div><dt><kbd>Enter</kbd></dt><dd>its details</dd></div>
          <div><dt><kbd>Esc</kbd></dt><dd>close the details</dd></div>
        </dl>
        <label>
          <input type="checkbox" #on [checked]="keys.on()" (change)="keys.switch(on.checked)" />
          Single keys work
        </label>
        <button type="button" class="button" (click)="dialog.close()">Close</button>
      </div>
    </dialog>
  `,
  styles: `
    dialog {
      max-inline-size: min(440px, 92vw);
    }

    .inside {
      display: grid;
      gap: 10px;
      padding: 16px 20px;
    }

    dl {
      margin: 0;
    }

    dl > div {
      display: grid;
      grid-template-columns: 104px 1fr;
      padding-block: 2px;
    }

    dd {
      margin: 0;
    }

    label {
      display: flex;
      gap: 8px;
      align-items: center;
    }

    .button {
      justify-self: end;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class KeysHelp {
  protected readonly keys = inject(Keys);
  /** Those of one title together, whoever bound them. */
  protected readonly groups = computed(() =>
    [...Map.groupBy(this.keys.groups(), ({ title }) => title)].map(([title, groups]) => ({
      title,
      bindings: groups.flatMap(({ bindings }) => bindings),
    })),
  );
  protected readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');

  constructor() {
    this.keys.bind('Everywhere', [{ keys: ['?'], words: 'these keys', run: () => this.open() }]);
  }

  /** A click beside the box closes it. */
  protected clicked({ target }: Event): void {
    const dialog = this.dialog().nativeElement;
    if (target === dialog) dialog.close();
  }

  open(): void {
    this.dialog().nativeElement.showModal();
  }
}
