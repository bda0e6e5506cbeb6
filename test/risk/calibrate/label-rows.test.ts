import { describe, expect, it } from 'vitest';
import { labelSetHash, parseLabelRows } from '../../../src/index.js';

describe('parseLabelRows', () => {
  it('reads weight or chance of review, source and session, and does without them', () => {
    expect(parseLabelRows('call_id,label\na,safe\n').get('a')).toEqual({ label: 'safe', weight: 1, source: null, session: null });
    expect(parseLabelRows('session,probability,source,call_id,label\ns1,0.25,audit,a,unsafe\n').get('a')).toEqual({ label: 'unsafe', weight: 4, source: 'audit', session: 's1' });
    expect(parseLabelRows('call_id,label,weight\na,unsafe,2.5\na,unsafe,2.50\n').get('a')?.weight).toBe(2.5);
  });

  it.each([
    ['call_id,label,weight\na,safe,0.5\n', 'at least 1'],
    ['call_id,label,weight\na,safe,\n', 'a number'],
    ['call_id,label,weight\na,safe,0x2\n', 'a number'],
    ['call_id,label,probability\na,safe,0\n', '(0, 1]'],
    ['call_id,label,probability\na,safe,1.5\n', '(0, 1]'],
    ['call_id,label,probability,weight\na,safe,1,1\n', 'keep one'],
    ['call_id,label,session\na,safe,\n', 'session'],
    ['call_id,label,session,session\n', 'twice'],
    ['call_id,label,session\na,safe,s\na,safe,t\n', 'another'],
    ['call_id,label\na,safe\na,unsafe\n', 'both'],
  ])('refuses %j', (text, about) => {
    expect(() => parseLabelRows(text)).toThrow(about);
  });

  it('hashes the set, not the file: order and layout do not matter, a label does', () => {
    const hash = labelSetHash(parseLabelRows('call_id,label\na,safe\nb,unsafe\n'));
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(labelSetHash(parseLabelRows('\ufefflabel,call_id,note\r\nunsafe,b,x\r\nsafe,a,\r\n'))).toBe(hash);
    expect(labelSetHash(parseLabelRows('call_id,label\na,safe\nb,safe\n'))).not.toBe(hash);
  });
});
