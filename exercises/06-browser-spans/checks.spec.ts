import {
  answer,
  check,
  expectClientSpans,
  expectDocumentLoad,
  expectExporterUntraced,
  expectNoKeyInPage,
  expectPageExport,
  expectPageRequests,
  expectPageServiceName,
  expectStartBeforeAngular,
  fact,
  tell,
} from '@workshop/grader/checks';

const path = (address: string) => address.split('?')[0];

check('requests', 'every request of the page to the API has a CLIENT span, the first one, too', () => {
  expectClientSpans();
});

check('before-angular', 'tracing starts before Angular does', { needs: ['requests'] }, () => {
  expectStartBeforeAngular();
});

check('document-load', 'loading the page is traced from before its first script', () => {
  expectDocumentLoad();
});

check(
  'service-name',
  'the resource of the page names the service: murmur-web',
  { needs: ['requests'] },
  () => {
    expectPageServiceName('murmur-web');
  },
);

check('exported', 'the same spans arrive at the collector', { needs: ['requests'] }, () => {
  expectPageExport();
});

check('exporter-untraced', "the exporter's own requests are not traced", { needs: ['requests'] }, () => {
  expectExporterUntraced();
});

check('no-key', 'the files of the page hold no key', { needs: ['requests'] }, () => {
  expectNoKeyInPage();
});

answer(
  '06',
  'how often does the page ask for the feed when it is loaded once',
  { needs: ['requests'] },
  () => {
    const loaded = fact<number>('second load');
    const load = expectPageRequests().filter((record) => record.atMs >= loaded);
    const feeds = load.filter((record) => path(record.path) === '/feed').length;
    tell('feeds', feeds);
    tell('requests', load.length);
    return {
      form: 'a whole number',
      accepted: [feeds],
      nearMisses: [
        { value: 1, because: 'That is what one would expect. Look at the spans of one load again.' },
        {
          value: load.length,
          because: 'You counted all requests of the load. The question asks for the feed.',
        },
      ],
      look: 'load the page once, signed in. How many CLIENT spans of murmur-web ask for /feed?',
    };
  },
);
