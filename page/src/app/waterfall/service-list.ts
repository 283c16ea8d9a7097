import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { shownLine } from '../text/shown';

/** The services of a trace, each beside its colour. */
@Component({
  selector: 'lab-service-list',
  template: `
    <ul aria-label="Services">
      @for (service of shown(); track service.name) {
        <li [class]="'s' + service.colour"><span class="swatch"></span>{{ service.name }}</li>
      }
    </ul>
  `,
  styles: `
    :host {
      display: block;
    }

    ul {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 14px;
      margin: 0;
      padding: 0;
      list-style: none;
    }

    .swatch {
      display: inline-block;
      inline-size: 10px;
      block-size: 10px;
      margin-inline-end: 5px;
      border-radius: 2px;
      background: var(--bar);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ServiceList {
  /** number of its colour by name, as a trace's model has them */
  readonly services = input.required<ReadonlyMap<string, number>>();
  protected readonly shown = computed(() =>
    [...this.services()].map(([name, colour]) => ({ name: shownLine(name) || '(no service)', colour })),
  );
}
