import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { API, BEN, IRIS, provideTestApi } from '../testing/murmur';
import { SignIn } from './sign-in';

describe('SignIn', () => {
  beforeEach(() => {
    sessionStorage.clear();
    TestBed.configureTestingModule({ providers: [provideTestApi(), provideRouter([])] });
  });

  async function open() {
    const fixture = TestBed.createComponent(SignIn);
    const http = TestBed.inject(HttpTestingController);
    TestBed.tick();
    http.expectOne(`${API}/users`).flush([IRIS, BEN]);
    await fixture.whenStable();
    const page = fixture.nativeElement as HTMLElement;
    const people = () => [...page.querySelectorAll<HTMLButtonElement>('li button')];
    return { fixture, http, page, people };
  }

  it('lists everybody', async () => {
    const { people } = await open();
    expect(people().map((button) => button.textContent)).toEqual([
      expect.stringContaining('Iris Lindqvist'),
      expect.stringContaining('Ben Okafor'),
    ]);
    expect(people()[0].textContent).toContain('follows 163');
  });

  it('finds somebody by name or handle, whatever the case', async () => {
    const { fixture, page, people } = await open();
    const filter = page.querySelector('input') as HTMLInputElement;
    for (const [text, found] of [
      ['OKAF', 1],
      ['@iris', 1],
      ['nobody', 0],
      ['', 2],
    ] as const) {
      filter.value = text;
      filter.dispatchEvent(new Event('input'));
      await fixture.whenStable();
      expect(people(), text).toHaveLength(found);
    }
  });

  it('signs in and goes back to where the visitor came from', async () => {
    const { fixture, http, people } = await open();
    const go = vi.spyOn(TestBed.inject(Router), 'navigateByUrl').mockResolvedValue(true);
    fixture.componentRef.setInput('returnTo', '/notifications');

    people()[1].click();
    const request = http.expectOne(`${API}/sessions`);
    expect(request.request.body).toEqual({ userId: BEN.id });
    request.flush({ token: 't', user: BEN });

    await vi.waitFor(() => expect(go).toHaveBeenCalledExactlyOnceWith('/notifications'));
  });

  it('says so when signing in fails, and lets the visitor try again', async () => {
    const { fixture, http, page, people } = await open();
    people()[0].click();
    await fixture.whenStable();
    expect(people()[0].disabled).toBe(true);

    http.expectOne(`${API}/sessions`).error(new ProgressEvent('error'));

    await vi.waitFor(() =>
      expect(page.querySelector('[role=alert]')?.textContent ?? '').toContain('cannot be reached'),
    );
    expect(people()[0].disabled).toBe(false);
  });
});
