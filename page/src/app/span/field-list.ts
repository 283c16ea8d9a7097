import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type Field, fieldsWith } from './fields';
import { Value } from './value';

/** Keys and values under a heading. Nothing at all when a search within leaves none of them. */
@Component({
  selector: 'lab-field-list',
  imports: [Value, RouterLink],
  template: `
    @if (shown().length > 0 || find() === '') {
      <h3>{{ title() }}<span class="soft number"> {{ fields().length }}</span></h3>
      <dl>
        @for (field of shown(); track field.key) {
          <div [class.lit]="field.key === lit()" [attr.data-key]="field.name">
            <dt>
              @if (searchable()) {
                <a
                  [routerLink]="['/traces']"
                  [queryParams]="{ q: term(field) }"
                  [title]="'Traces with this ' + field.name"
                  >@for (part of parts(field); track $index) {{{ part }}<wbr />}</a
                >
              } @else {
                @for (part of parts(field); track $index) {{{ part }}<wbr />}
              }
            </dt>
            <dd><lab-value [text]="field.text" /></dd>
          </div>
        }
      </dl>
      @if (shown().length === 0) {
        <p class="soft">none</p>
      }
    }
  `,
  styles: `
    h3 {
      margin-block: 14px 4px;
    }

    dl {
      margin: 0;
    }

    dl > div {
      display: grid;
      grid-template-columns: minmax(96px, 38%) minmax(0, 1fr);
      gap: 10px;
      padding-block: 3px;
      border-block-start: 1px solid var(--line);
    }

    .lit {
      background: var(--match);
    }

    dt {
      color: var(--ink-soft);
      font-size: 13px;
      overflow-wrap: anywhere;
    }

    dt a {
      color: inherit;
      text-decoration-color: var(--line-strong);
    }

    dd {
      margin: 0;
      min-inline-size: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FieldList {
  readonly title = input.required<string>();
  readonly fields = input.required<readonly Field[]>();
  /** what is searched for within the span */
  readonly find = input('');
  /** key of the field that somebody was sent to */
  readonly lit = input<string | null>(null);
  /** whether a key leads to the traces with the same value */
  readonly searchable = input(false);

  protected readonly shown = computed(() => fieldsWith(this.fields(), this.find()));

  /** A long key breaks after its dots and underscores, not in the middle of a word. */
  protected parts({ name }: Field): string[] {
    return name.match(/[^._]+[._]*|[._]+/g) ?? [name];
  }

  protected term({ key, text }: Field): string {
    const value = text.length > 200 ? '*' : text.replaceAll('"', '');
    return /[\s"]/.test(value) ? `${key}="${value}"` : `${key}=${value}`;
  }
}
