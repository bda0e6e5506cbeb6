import fc from 'fast-check';
import { expect, it } from 'vitest';
import { labelJoin } from '../../../src/trace/import/label-join.js';
import { classOfTarget, destinationsOf, resourceOf } from '../../../src/trace/import/resources.js';

it('destinations come back from a resource exactly as they went in', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('[]', '["a"]', '[ -f x ]', '["a",1]', '', '[', '["'), fc.array(fc.string()).map((list) => JSON.stringify(list)));
  fc.assert(fc.property(fc.array(text, { maxLength: 4 }), (list) => { expect(destinationsOf(resourceOf(list))).toEqual(list); }), { seed: 20260101, numRuns: 500 });
});

it('the class of a target is told by its spelling alone', () => {
  const classes = Object.fromEntries([
    'http://127.0.0.1:9/', 'localhost:8080', 'https://api.localhost/x', 'http://[::1]:80/', '10.1.2.3', 'http://172.31.0.1', '172.32.0.1', '192.168.0.9:22', '169.254.169.254',
    'http://[fd00::1]/', 'https://user@packages.example:443/', 'www.example.com', 'printer.local', 'intranet', '8.8.8.8', 'http://[2001:db8::1]/', '',
  ].map((target) => [target, classOfTarget(target)]));
  expect(classes).toEqual({
    'http://127.0.0.1:9/': 'net.loopback', 'localhost:8080': 'net.loopback', 'https://api.localhost/x': 'net.loopback', 'http://[::1]:80/': 'net.loopback',
    '10.1.2.3': 'net.private', 'http://172.31.0.1': 'net.private', '172.32.0.1': 'net.public', '192.168.0.9:22': 'net.private', '169.254.169.254': 'net.private',
    'http://[fd00::1]/': 'net.private', 'https://user@packages.example:443/': 'net.public', 'www.example.com': 'net.public', 'printer.local': 'net.private',
    intranet: 'net.unknown', '8.8.8.8': 'net.public', 'http://[2001:db8::1]/': 'net.public', '': 'net.unknown',
  });
});

it('labels that name no row and rows that no label names are counted and named', () => {
  const join = labelJoin(new Map([['a', 'benign'], ['b', 'attack_succeeded'], ['c', 'benign']]));
  const rows = [{ call_id: 'a' }, { call_id: 'a' }, { call_id: 'z', source_file: 'f', source_row: 3 }, { source_file: 'f', source_row: 4 }].map(join.row);
  expect(rows.map(({ label }) => label)).toEqual(['benign', 'benign', undefined, undefined]);
  expect(join.counts()).toEqual({ labels: 3, unmatched: 2, unmatchedIds: ['b', 'c'], labelledRows: 2, unlabelledRows: 2, unlabelled: ['f:3 (z)', 'f:4'] });
});
