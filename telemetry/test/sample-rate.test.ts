import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleRateOf, toldSampleRate } from '../pure.ts';

test('the sample rate comes from the attribute, else from the trace state', () => {
  assert.equal(sampleRateOf({ sampleRate: 10 }, undefined), 10);
  assert.equal(sampleRateOf({ SampleRate: '4' }, undefined), 4);
  assert.equal(sampleRateOf({ sampleRate: -3 }, undefined), 1);
  assert.equal(sampleRateOf({}, 'x=1,ot=th:c'), 4);
  assert.equal(sampleRateOf({}, 'ot=rv:abcdef;th:8'), 2);
  assert.equal(sampleRateOf({}, 'ot=th:0'), 1);
  assert.equal(sampleRateOf({}, undefined), 1);
});

test('a rate that nothing tells is another thing than a rate of 1', () => {
  assert.equal(toldSampleRate({}, 'congo=t61rcWkgMzE'), null);
  assert.equal(toldSampleRate({}, 'ot=th:0'), 1);
});
