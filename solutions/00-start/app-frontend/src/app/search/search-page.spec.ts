import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { aPost, provideTestApi, signInAsIris } from '../testing/murmur';
import { SearchPage } from './search-page';

describe('SearchPage', () => {
  beforeEach(() => {
    signInAsIris();
    TestBed.configureTestingModule({ providers: [provideTestApi(), provideRouter([])] });
  });

  function open(q?: string) {
    const fixture = TestBed.createComponent(SearchPage);
    fixture.componentRef.setInput('q', q);
    TestBed.tick();
    return {
      fixture,
      page: fixture.nativeElement as HTMLElement,
      http: TestBed.inject(HttpTestingController),
    };
  }

  async function found(q: string, posts: unknown[]) {
    const { fixture, page, http } = open(q);
    const request = http.expectOne(({ url }) => url.endsWith('/search'));
    request.flush({ posts });
    await fixture.whenStable();
    return { page, request };
  }

  it('asks for nothing before there are words', () => {
    open().http.expectNone(() => true);
  });

  it('looks for the words in the address', async () => {
    const { page, request } = await found('swifts & co', [aPost()]);
    expect(request.request.params.get('q')).toBe('swifts & co');
    expect(page.querySelector('[role=status]')?.textContent?.trim()).toBe('1 post for “swifts & co”');
    expect(page.querySelector('input')?.value).toBe('swifts & co');
    expect(page.querySelectorAll('article')).toHaveLength(1);
  });

  it('says when nothing was found', async () => {
    const { page } = await found('zebra', []);
    expect(page.textContent).toContain('Nothing found for “zebra”.');
  });

  it('puts the words in the address', async () => {
    const { fixture, page } = open();
    await fixture.whenStable();
    const navigate = vi.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    const input = page.querySelector('input') as HTMLInputElement;
    input.value = ' swifts ';
    input.dispatchEvent(new Event('input'));
    page.querySelector('form')?.dispatchEvent(new Event('submit'));
    expect(navigate).toHaveBeenCalledExactlyOnceWith(['/search'], { queryParams: { q: 'swifts' } });
  });
});
