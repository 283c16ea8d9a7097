import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkshopError } from '@workshop/base';
import { readClickHouseAddress } from '../index.ts';

test("an address is read as the Collector's exporter reads it", () => {
  assert.deepEqual(readClickHouseAddress('clickhouse://ann:s%40cret@db.example/otel', {}), {
    url: 'http://db.example:8123',
    user: 'ann',
    password: 's@cret',
    database: 'otel',
    table: 'otel_traces',
    shown: 'clickhouse://ann@db.example:8123/otel',
  });
  const { url, user, table, shown } = readClickHouseAddress(
    'clickhouse://db.example/otel?secure=true&table=spans',
    {},
  );
  assert.deepEqual([url, user, table], ['https://db.example:8443', 'default', 'spans']);
  assert.equal(shown, 'clickhouse://default@db.example:8443/otel?secure=true');
  assert.equal(readClickHouseAddress('clickhouse://db.example:8443/otel', {}).url, 'https://db.example:8443');
});

test('the password may stand in the environment, and is never in what is shown', () => {
  const address = readClickHouseAddress('clickhouse://ann@db.example/otel', {
    CLICKHOUSE_PASSWORD: 'hidden',
  });
  assert.equal(address.password, 'hidden');
  assert.ok(!address.shown.includes('hidden'));
  assert.ok(!readClickHouseAddress('clickhouse://a:hidden@db.example/otel', {}).shown.includes('hidden'));
});

test('an address that cannot be read says what it must be like, without the password in it', () => {
  const refusals: [string, RegExp][] = [
    ['db.example/otel', /must be an address such as clickhouse:\/\/user@host:8123\/otel/],
    ['postgres://a:hidden@db.example/otel', /must be an address/],
    ['clickhouse://a:hidden@db.example', /must name one database/],
    ['clickhouse://a:hidden@db.example/otel/more', /must name one database/],
    ['clickhouse://a:hidden@db.example/otel?tabel=x', /takes "secure" and "table".*not "tabel"/],
    ['clickhouse://a:hidden@db.example:9000/otel', /native interface.*at port 8123/],
    ['clickhouse://a:hidden@db.example:9440/otel', /native interface.*at port 8443/],
  ];
  for (const [text, message] of refusals)
    assert.throws(
      () => readClickHouseAddress(text, {}),
      (error: WorkshopError) => {
        assert.match(error.message, message);
        assert.ok(!error.text.includes('hidden'));
        return error.exitCode === 2;
      },
      text,
    );
});
