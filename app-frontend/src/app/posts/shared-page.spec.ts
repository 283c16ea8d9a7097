import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { aPost, provideTestApi } from '../testing/murmur';
import { SharedPage } from './shared-page';

describe('SharedPage', () => {
  beforeEach(() => {
    sessionStorage.clear();
    TestBed.configureTestingModule({ providers: [provideTestApi(), provideRouter([])] });
  });

  function open() {
    const fixture = TestBed.createComponent(SharedPage);
    fixture.componentRef.setInput('id', '100');
    fixture.componentRef.setInput('token', 'secret');
    TestBed.tick();
    const answer = TestBed.inject(HttpTestingController).expectOne(({ url }) => url.endsWith('/shared/100'));
    return { fixture, page: fixture.nativeElement as HTMLElement, answer };
  }

  it('asks for the post with the token of its link', async () => {
    const { fixture, page, answer } = open();
    expect(answer.request.params.get('token')).toBe('secret');
    answer.flush(aPost());
    await fixture.whenStable();
    expect(page.querySelector('article')?.textContent).toContain('The swifts are back.');
  });

  it('says so when the link leads nowhere', async () => {
    const { fixture, page, answer } = open();
    answer.flush({ statusCode: 404 }, { status: 404, statusText: 'Not Found' });
    await fixture.whenStable();
    expect(page.querySelector('[role=alert]')?.textContent).toContain('not here any more');
    expect(page.querySelector('[role=alert] button')).toBeNull();
  });

  it('offers to try again when the API failed', async () => {
    const { fixture, page, answer } = open();
    answer.flush({ statusCode: 500 }, { status: 500, statusText: 'Internal Server Error' });
    await fixture.whenStable();
    expect(page.querySelector('[role=alert] button')?.textContent).toBe('Try again');
  });
});
