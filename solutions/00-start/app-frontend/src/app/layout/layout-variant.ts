import { DOCUMENT, inject, Service, signal } from '@angular/core';

export type VariantName = 'A' | 'B';

const STORAGE_KEY = 'murmur.layout';

/**
 * Which of the two layouts this visitor gets. It is drawn at the first visit and
 * kept. An address with `?variant=A` or `?variant=B` chooses one.
 */
@Service()
export class LayoutVariant {
  private readonly document = inject(DOCUMENT);

  readonly name = signal(this.choose()).asReadonly();

  private choose(): VariantName {
    const asked = new URLSearchParams(this.document.location.search).get('variant');
    const name =
      parse(asked) ?? parse(localStorage.getItem(STORAGE_KEY)) ?? (Math.random() < 0.5 ? 'A' : 'B');
    localStorage.setItem(STORAGE_KEY, name);
    return name;
  }
}

function parse(text: string | null): VariantName | null {
  return text === 'A' || text === 'B' ? text : null;
}
