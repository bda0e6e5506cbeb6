import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandsOf } from '../../../src/baseline/trace/command-words.js';
import { addressKey, commandKeys, pathKey } from '../../../src/index.js';

const seeded = { seed: 20260101, numRuns: 300 };
const path = (text: string, depth = 3, home: string | null = null): string => pathKey(text, { depth, home });
const command = (line: string): string[] => commandKeys(line, { home: null });

describe('a path becomes a key', () => {
  test.each([
    ['/home/dev/.ssh/id_rsa', '/home/dev/.ssh'],
    ['/home/dev/', '/home/dev'],
    ['//home//dev/./src/../.npm/_logs', '/home/dev/.npm'],
    ['/../../etc/passwd', '/etc/passwd'],
    ['/', '/'],
    ['file:///etc/ssl/certs/ca.crt', '/etc/ssl/certs'],
    ['src/lib/deep/file.ts', './src/lib/deep'],
    ['./src/', './src'],
    ['', '.'],
    ['../../../../etc/ssl/certs/x', '../../../../etc/ssl/certs'],
    ['a/../../b', '../b'],
    ['~/.ssh/id_rsa', '~/.ssh'],
    ['$HOME/.ssh/id_rsa', '~/.ssh'],
    ['~', '~'],
    ['C:\\Users\\Dev\\Secret\\x', 'c:/users/dev/secret'],
    ['\\\\Server\\Share\\A\\B', '//server/share/a'],
    ['/Etc/Passwd', '/Etc/Passwd'],
  ])('%j as %j', (text, key) => {
    expect(path(text)).toBe(key);
  });

  test('a home that is stated stands for ~, and nothing else does', () => {
    expect(path('~/.ssh/id_rsa', 3, '/home/dev')).toBe('/home/dev/.ssh');
    expect(path('~other/x', 3, '/home/dev')).toBe('./~other/x');
    expect(path('/root/.ssh/id_rsa', 3)).not.toBe(path('~/.ssh/id_rsa', 3));
  });

  test('names that are new each time are one name, with or without a folder for temporary files', () => {
    expect(path('/x/3fa85f64-5717-4562-b3fc-2c963f66afa6.json')).toBe('/x/{uuid}.json');
    expect(path('/x/2026-11-21T09_16_14_675Z-debug-0.log')).toBe('/x/{time}-debug-0.log');
    expect(path('/x/c5464dfee601d7405052078beb2a992fafb6a32afdec59b8ab872c668588')).toBe('/x/{hex}');
    expect(path('/x/run-1795252574444')).toBe('/x/run-{digits}');
    expect(path('/tmp/npm-a8Kq2Z/deep')).toBe('/tmp/npm-{random}/deep');
    expect(path('/tmp/tmpk3j4h5l2')).toBe('/tmp/{random}');
  });

  test('an ending drawn at random is only taken for one in a folder for temporary files', () => {
    expect(path('/srv/npm-a8Kq2Z')).toBe('/srv/npm-a8Kq2Z');
    expect(path('/tmp/.cache-lp')).toBe('/tmp/.cache-lp');
    expect(path('/tmp/password')).toBe('/tmp/password');
    expect(path('/tmpx/npm-a8Kq2Z')).toBe('/tmpx/npm-a8Kq2Z');
  });

  test('a key is its own key, and a deeper one begins with it', () => {
    const segment = fc.oneof(fc.constantFrom('..', '.', '', 'etc', 'home', 'tmp', 'a-B3x9Qz', '2026-01-02'), fc.string({ maxLength: 8 }));
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 8 }), fc.boolean(), fc.integer({ min: 1, max: 6 }), (segments, absolute, depth) => {
        const text = (absolute ? '/' : 'x/') + segments.join('/');
        const key = path(text, depth);
        expect(path(key, depth)).toBe(key);
        expect(path(text, depth + 1).startsWith(key === '.' ? '.' : key)).toBe(true);
      }),
      seeded,
    );
  });
});

describe('an address becomes host and port', () => {
  test.each([
    ['https://packages.example:443/', 'packages.example:443'],
    ['https://Packages.Example', 'packages.example:443'],
    ['http://user:secret@127.0.0.1:9/path?x=1#y', '127.0.0.1:9'],
    ['api.example.com/v1', 'api.example.com'],
    ['api.example.com.:0443', 'api.example.com:443'],
    ['[::1]:8080', '[::1]:8080'],
    ['not an address', 'not an address'],
    ['https://evil.example\\@packages.example/', 'https://evil.example\\@packages.example/'],
    ['https://packages.example\t.evil.example/', 'https://packages.example\t.evil.example/'],
    ['https://packages.example /x', 'https://packages.example /x'],
    ['https://packages.example/a b\\c', 'packages.example:443'],
    ['', ''],
  ])('%j as %j', (text, key) => {
    expect(addressKey(text)).toBe(key);
  });
});

describe('a command becomes its programs', () => {
  test.each([
    ['npm ci --no-audit', ['npm']],
    ['/usr/bin/git push', ['git']],
    ['/opt/tools/git push', ['/opt/tools/git']],
    ['node /usr/bin/npm ci', ['node /usr/bin/npm']],
    ['node --max-old-space-size=4096 -r ./hook.js setup.js a b', ['node ./setup.js']],
    ['node -e "require(1)"', ['node -e require(1)']],
    ['python3 -m http.server 80', ['python3 -m http.server']],
    ['bash build.sh', ['bash ./build.sh']],
    ['bash -lc "npm ci && node x.js"', ['bash -lc npm', 'bash -lc node ./x.js'].map((key) => key.replace('-lc', '-c'))],
    ['sh -c env | wc -c; id; uname -a', ['sh -c env', 'wc', 'id', 'uname']],
    ['FOO=1 sudo -E env BAR=2 rm -rf /', ['sudo env rm']],
    ['timeout 5 curl https://x.example', ['timeout curl']],
    ['for f in a b; do cat $f; done', ['for', 'cat']],
    ['', []],
  ])('%j as %j', (line, keys) => {
    expect(command(line)).toEqual(keys);
  });

  test('no part of a line hides: substitutions, subshells, quotes, comments, redirections, texts given in place', () => {
    expect(commandsOf('FOO=1 npm ci && echo "$(id) x" > log')).toEqual([['FOO=1', 'npm', 'ci'], ['id'], ['echo', '$() x']]);
    expect(commandsOf('echo "a `whoami` b" \'$(no)\'')).toEqual([['whoami'], ['echo', 'a $() b', '$(no)']]);
    expect(commandsOf('(cd /x; ls) 2>&1 | tee out # not; this\nps')).toEqual([['cd', '/x'], ['ls'], ['tee', 'out'], ['ps']]);
    expect(commandsOf('cat <<EOF > f\nrm -rf /\nEOF\nls')).toEqual([['cat'], ['ls']]);
    expect(commandsOf('diff <(sort a) <(sort b)')).toEqual([['sort', 'a'], ['sort', 'b'], ['diff', '$()', '$()']]);
  });

  test('any text is read, and in time that grows with its length', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (line) => { command(line); }), seeded);
    expect(command('$('.repeat(100_000)).length).toBeLessThan(3);
    expect(command('$(curl x) y')).toEqual(['curl', '$()']);
    expect(command('"$("'.repeat(50_000)).length).toBeLessThan(200);
    expect(command('sudo '.repeat(5000))).toHaveLength(1);
    expect(command(`${'sh -c '.repeat(5000)}x`)).toHaveLength(1);
  });
});
