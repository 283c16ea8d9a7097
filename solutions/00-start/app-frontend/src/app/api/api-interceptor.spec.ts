import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideConfig } from '../config';
import { apiInterceptor } from './api-interceptor';

describe('apiInterceptor', () => {
  function requestTo(url: string, apiUrl: string): string {
    TestBed.configureTestingModule({
      providers: [
        provideConfig({ apiUrl, collectorUrl: '' }),
        provideHttpClient(withInterceptors([apiInterceptor])),
        provideHttpClientTesting(),
      ],
    });
    TestBed.inject(HttpClient).get(url).subscribe();
    return TestBed.inject(HttpTestingController).expectOne(() => true).request.url;
  }

  it('sends a path to the API on another origin', () => {
    expect(requestTo('/feed', 'http://localhost:3000')).toBe('http://localhost:3000/feed');
  });

  it('sends a path to the API below a path of the same origin', () => {
    expect(requestTo('/feed', '/api')).toBe('/api/feed');
  });

  it('does not double a slash', () => {
    expect(requestTo('/feed', 'http://localhost:3000/')).toBe('http://localhost:3000/feed');
  });

  it('leaves other addresses alone', () => {
    expect(requestTo('https://elsewhere.test/x', '/api')).toBe('https://elsewhere.test/x');
  });
});
