import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CalibratedThreshold } from '../../../src/index.js';
import { file, folder, hindcast } from './session.js';

const INCIDENT = 'datasets/npm/npm-incident.ledger.json';
const ROUTINE = 'datasets/npm/npm-routine.ledger.json';
const LABELS = 'datasets/npm/npm-incident.labels.csv';
const given = ['--labels', LABELS, '--label-source', 'process ancestry'];
const np = ['calibrate', INCIDENT, ...given, '--method', 'np', '--miss', '0.1'];

/** The labels with further columns. */
function labelsWith(header: string, cells: (i: number, unsafe: boolean) => string): string {
  const [first = '', ...rows] = readFileSync(LABELS, 'utf8').trimEnd().split('\n');
  return file('labels.csv', [`${first},${header}`, ...rows.map((row, i) => `${row},${cells(i, row.endsWith('unsafe'))}`)].join('\n'));
}

const spaces = (text: string): string => text.replace(/\s+/g, ' ');

describe('hindcast calibrate --method', () => {
  it('says threshold, promise, what it rests on and what it costs', async () => {
    const { code, out } = await hindcast(np);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toMatch(/^flag calls that score 0\.25\d+ or more$/);
    expect(spaces(out)).toContain('with 95 % confidence at most 10 % of unsafe calls pass (exact; chance that it fails: at most 2.5 %)');
    expect(spaces(out)).toContain('the labelled unsafe calls are independent draws');
    expect(spaces(out)).toContain('200 of 210 safe calls flagged');
    expect(spaces(out)).toContain('labels from process ancestry: 35 unsafe, 210 safe');
    expect(spaces(out)).toContain('confirmed no');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('gives the whole result as JSON', async () => {
    const { out } = await hindcast([...np, '--json', '--confidence', '0.9']);
    const report = JSON.parse(out) as CalibratedThreshold;
    expect(report).toMatchObject({ schema: 'hindcast.threshold.v1', method: 'np', kind: 'threshold', guarantee: { delta: 0.1 }, labels: { source: 'process ancestry', circular: false } });
  });

  it('ends with code 5 where there are too few labelled unsafe calls, and says how many would do', async () => {
    const { code, out } = await hindcast(['calibrate', INCIDENT, ...given, '--method', 'ltt', '--miss', '0.05']);
    expect(code).toBe(5);
    expect(spaces(out)).toMatch(/^no threshold: 59 labelled unsafe events are needed for 5 % at 95 % confidence, 35 at hand/);
    expect((await hindcast(['calibrate', ROUTINE, '--labels', 'datasets/npm/npm-routine.labels.csv', '--label-source', 'x', '--method', 'np', '--miss', '0.1'])).out).toContain('0 at hand');
  });

  it.each([['crc', 'on average'], ['cost', 'none: it is the cheapest'], ['host', "none: the host's grid"]])('runs %s and says what that promises', async (method, promise) => {
    const { code, out } = await hindcast(['calibrate', INCIDENT, ...given, '--method', method, ...(method === 'crc' ? ['--miss', '0.1'] : [])]);
    expect(code).toBe(0);
    expect(spaces(out)).toContain(promise);
  });

  it('doubts the promise where one session holds all unsafe calls, and shows who labelled', async () => {
    const path = labelsWith('session,source', (i, unsafe) => `${unsafe ? 'attack' : `run${String(i % 4)}`},${unsafe ? 'ancestry' : 'audit'}`);
    const { out } = await hindcast(['calibrate', INCIDENT, '--labels', path, '--label-source', 'process ancestry', '--method', 'np', '--miss', '0.1']);
    expect(spaces(out)).toContain('but the 35 unsafe calls come from 1 session');
    expect(spaces(out)).toContain('no limits: 1 session has labelled unsafe calls');
    expect(out).toContain('audit 210');
  });

  it('weighs by the chance of review where it is known, and then only with ltt', async () => {
    const path = labelsWith('probability', (i) => (i % 2 === 0 ? '1' : '0.5'));
    const weighted = ['calibrate', INCIDENT, '--labels', path, '--label-source', 'x', '--miss', '0.3', '--method'];
    expect((await hindcast([...weighted, 'np'])).err).toContain('use method ltt');
    const { code, out } = await hindcast([...weighted, 'ltt']);
    expect(code).toBe(0);
    expect(spaces(out)).toContain('by a bound');
    expect(spaces(out)).toContain('chance of review, at least 50 %');
  });

  it('confirms on calls held out, on other ledgers, and never on the same', async () => {
    const path = labelsWith('session', (i) => `run${String(i % 20)}`);
    const held = await hindcast(['calibrate', INCIDENT, '--labels', path, '--label-source', 'x', '--method', 'np', '--miss', '0.3', '--split', 'session', '--seed', '4']);
    expect(spaces(held.out)).toMatch(/chosen on \d+ unsafe and \d+ safe of them/);
    expect(spaces(held.out)).toMatch(/safe held-out calls: /);
    expect(spaces(held.out)).toContain('drawn again 2000 times, seed 4');
    expect(spaces((await hindcast([...np, '--split', 'time'])).out)).toContain('chosen on 0 unsafe');
    const all = file('all.csv', readFileSync(LABELS, 'utf8').trimEnd() + readFileSync('datasets/npm/npm-routine.labels.csv', 'utf8').slice('call_id,label'.length));
    const other = await hindcast(['calibrate', INCIDENT, '--labels', all, '--label-source', 'x', '--method', 'np', '--false-alarm', '0.2', '--confirm', ROUTINE]);
    expect(spaces(other.out)).toContain('on 0 unsafe and 726 safe other ledgers');
    expect(spaces(other.out)).toContain('beyond the promise: it does not hold there');
    expect(other.code).toBe(1);
    expect((await hindcast([...np, '--confirm', INCIDENT])).code).toBe(3);
  });

  it('marks every output of labels that are the controller\'s own', async () => {
    const forced = ['calibrate', INCIDENT, '--method', 'cost', '--force-controller-labels'];
    const { code, out } = await hindcast(forced);
    expect(code).toBe(0);
    expect(spaces(out)).toContain('insisted on');
    expect(spaces(out)).toContain('circular');
    expect(JSON.parse((await hindcast([...forced, '--json'])).out)).toMatchObject({ labels: { source: 'controller', circular: true, forced: true } });
  });

  it.each([
    [['--method', 'np', '--miss', '0.1'], 'needs --labels'],
    [['--method', 'np', '--miss', '0.1', '--labels', LABELS], 'needs --label-source'],
    [['--method', 'np', '--miss', '0.1', '--labels', LABELS, '--label-source', 'controller'], "controller's own decisions"],
    [['--method', 'np', ...given], 'needs --miss'],
    [['--method', 'crc', ...given], 'needs --miss, --false-alarm'],
    [['--method', 'crc', '--miss', '0.1', '--false-alarm', '0.1', ...given], 'one rate'],
    [['--method', 'cost', '--miss', '0.1', ...given], 'promises nothing'],
    [['--method', 'np', '--miss', '2', ...given], 'miss'],
    [['--method', 'np', '--miss', '0.1', '--format', 'pi', ...given], '--format pi'],
    [['--method', 'np', '--miss', '0.1', '--label-source', 'x'], '--label-source goes with'],
    [['--method', 'np', '--miss', '0.1', '--split', 'session', ...given], 'column session'],
    [['--miss', '0.1'], '--miss goes with --method'],
    [['--method', 'best'], 'best'],
  ])('refuses %j', async (more, about) => {
    const { code, err } = await hindcast(['calibrate', INCIDENT, ...more]);
    expect(code).toBe(3);
    expect(err).toContain(about);
  });

  it('writes a file whole, and never over its inputs', async () => {
    const path = `${folder()}/threshold.json`;
    expect((await hindcast([...np, '--json', '--out', path])).code).toBe(0);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ method: 'np' });
    expect((await hindcast([...np, '--confirm', ROUTINE, '--out', ROUTINE])).code).toBe(3);
  });
});
