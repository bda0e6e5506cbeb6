import { describe, expect, it } from 'vitest';
import { TRACE_FLAGS } from '../../../src/trace/words.js';
import type { TraceRow } from '../../../src/trace/row.js';
import { importerNamed, importText } from './importing.js';

/** Lines as strace 6.1 writes them with -f -ttt -T -y, shortened: a program, a thread, a child that starts before it is announced. */
const SESSION = String.raw`100 1795289452.730734 execve("/usr/bin/node", ["node", "run me.js"], 0x7ffcb293c420 /* 39 vars */) = 0 <0.000238>
100 1795289452.731000 openat(AT_FDCWD</home/dev/app>, "run me.js", O_RDONLY|O_CLOEXEC) = 17</home/dev/app/run me.js> <0.000031>
100 1795289452.731100 read(17</home/dev/app/run me.js>, "const a = \"b\";\n"..., 65536) = 340 <0.000012>
100 1795289452.731200 pread64(17</home/dev/app/run me.js>, ""..., 65536, 340) = 60 <0.000012>
100 1795289452.731300 close(17</home/dev/app/run me.js>) = 0 <0.000009>
100 1795289452.731400 read(17</home/dev/app/other>, ""..., 9) = 9 <0.000009>
100 1795289452.732000 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, child_tid=0x7f, exit_signal=0} => {parent_tid=[101]}, 88) = 101 <0.000127>
101 1795289452.733000 openat(AT_FDCWD</home/dev/app>, "../out/./a.txt", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0666) = 18</home/dev/out/a.txt> <0.000031>
100 1795289452.733100 write(18</home/dev/out/a.txt>, "xx"..., 5000) = 5000 <0.000012>
100 1795289452.734000 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>
102 1795289452.734200 execve("/bin/sh", ["/bin/sh", "-c", "id; echo 'hi'"], 0x2052a130 /* 39 vars */ <unfinished ...>
100 1795289452.734300 <... clone resumed>, child_tidptr=0x7f6f2aa98f50) = 102 <0.000417>
102 1795289452.734600 <... execve resumed>) = 0 <0.000375>
102 1795289452.735000 execve("/usr/local/bin/id", ["id"], 0x558741f2abc8 /* 39 vars */) = -1 ENOENT (No such file or directory) <0.000040>
102 1795289452.735100 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=103} ---
102 1795289452.736000 openat(AT_FDCWD</home/dev/app>, "/root/.ssh/id_rsa", O_RDONLY) = -1 EACCES (Permission denied) <0.000020>
102 1795289452.737000 +++ exited with 0 +++
100 1795289452.738000 connect(19<socket:[574150]>, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.7")}, 16) = -1 EINPROGRESS (Operation now in progress) <0.000050>
100 1795289452.738500 getsockopt(19<socket:[574150]>, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0 <0.000011>
100 1795289452.739000 connect(20<socket:[574151]>, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0 <0.001000>
100 1795289452.740000 dup2(20<socket:[574151]>, 25) = 25<socket:[574151]> <0.000004>
100 1795289452.740100 sendto(25<socket:[574151]>, "GET"..., 120, 0, NULL, 0) = 120 <0.000030>
100 1795289452.740200 recvfrom(20<socket:[574151]>, "HTTP"..., 4096, 0, NULL, NULL) = 900 <0.000030>
100 1795289452.741000 connect(21<socket:[574152]>, {sa_family=AF_UNIX, sun_path=@"/tmp/.X11"}, 20) = 0 <0.000050>
100 1795289452.742000 rename("/home/dev/a", "/home/dev/b") = 0 <0.000020>
100 1795289452.743000 unlinkat(AT_FDCWD</home/dev/app>, "b c", 0) = 0 <0.000020>
100 1795289452.744000 exit_group(0) = ?
100 1795289452.745000 +++ exited with 0 +++
`;

const rows = (text: string): TraceRow[] => importText(text, { importer: importerNamed('strace') }).table;
const line = (call: string): string => `7 1795289452.000001 ${call}\n`;
const resource = (call: string): string | null | undefined => rows(line(call))[0]?.resource;

describe('what strace writes', () => {
  it('is recognised by its content, and becomes a row for every thing touched', () => {
    const { importer, records, rejects, table, notes } = importText(SESSION);
    expect([importer.name, records, rejects]).toEqual(['strace', 11, 0]);
    expect(notes).toEqual(['processes: 2; system calls: 23, of which 11 are rows and the others give their bytes and processes']);
    expect(table.map(({ call_id, tool, capability, resource: touched, outcome, error_code, native_error }) => [call_id, tool, capability, touched, outcome, error_code, native_error])).toEqual([
      ['1-1', 'node', 'process.exec', "node 'run me.js'", 'success', null, null],
      ['1-2', 'node', 'fs.read', '/home/dev/app/run me.js', 'success', null, null],
      ['1-3', 'node', 'fs.write', '/home/dev/out/a.txt', 'success', null, null],
      ['1.1-4', 'sh', 'process.exec', String.raw`/bin/sh -c 'id; echo '\''hi'\'''`, 'success', null, null],
      ['1.1-5', 'sh', 'process.exec', '/usr/local/bin/id', 'error', 'not_found', 'ENOENT'],
      ['1.1-6', 'sh', 'fs.read', '/root/.ssh/id_rsa', 'denied', 'denied', 'EACCES'],
      ['1-7', 'node', 'net.connect', '192.0.2.7:443', 'error', 'network', 'ECONNREFUSED'],
      ['1-8', 'node', 'net.connect', '[2001:db8::1]:80', 'success', null, null],
      ['1-9', 'node', 'net.connect', 'unix:@/tmp/.X11', 'success', null, null],
      ['1-10', 'node', 'fs.write', '["/home/dev/a","/home/dev/b"]', 'success', null, null],
      ['1-11', 'node', 'fs.write.delete', '/home/dev/app/b c', 'success', null, null],
    ]);
    expect(new Set(table.map(({ actor, session }) => `${String(actor)} ${String(session)}`))).toEqual(new Set(['node a']));
  });

  it('gives each thing its bytes, by process and descriptor, until it is closed', () => {
    const bytes = rows(SESSION).map(({ resource: touched, bytes_in, bytes_out }) => [touched, bytes_in, bytes_out]);
    expect(bytes[1]).toEqual(['/home/dev/app/run me.js', 0, 400]);
    expect(bytes[2]).toEqual(['/home/dev/out/a.txt', 5000, 0]);
    expect(bytes[7]).toEqual(['[2001:db8::1]:80', 120, 900]);
  });

  it('times calls by their start, also where another process comes between', () => {
    const shell = rows(SESSION)[3];
    expect([shell?.ts, shell?.latency_us, shell?.latency_kind, shell?.source_row]).toEqual([1795289452734200, 375, 'exec', 13]);
  });

  it.each([
    [String.raw`open("/tmp/gr\303\274n", O_RDONLY) = 3</tmp/gr\303\274n> <0.000001>`, '/tmp/grün'],
    [String.raw`open("/tmp/\xe4\xb8\xad", O_RDONLY) = 3 <0.000001>`, '/tmp/中'],
    [String.raw`open("/tmp/\377\1", O_RDONLY) = 3 <0.000001>`, String.raw`/tmp/\xff` + '\u0001'],
    [String.raw`open("/tmp/\"a, b)\" = -1\n\t\\", O_RDONLY) = 3 <0.000001>`, '/tmp/"a, b)" = -1\n\t\\'],
    [String.raw`openat(5</srv/a>, "../b", O_RDONLY) = 3</srv/b> <0.000001>`, '/srv/b'],
    [String.raw`openat(5</srv/a\76b>, "c", O_RDONLY) = -1 ENOENT (No such file or directory) <0.000001>`, '/srv/a>b/c'],
    ['open("relative", O_RDONLY) = 3 <0.000001>', 'relative'],
    ['creat("/tmp/new", 0644) = 3', '/tmp/new'],
    ['execve("/bin/a", [], 0x0 /* 0 vars */) = 0 <0.000001>', '/bin/a'],
  ])('has its escapes undone: %s', (call, path) => {
    expect(resource(call)).toBe(path);
  });

  it('says where a command line was cut', () => {
    const [whole, cut, short] = ['["a", "b"]', '["a", "bbb"...]', '["a", ...]'].map((list) => rows(line(`execve("/bin/a", ${list}, 0x0 /* 1 var */) = 0 <0.000001>`))[0]);
    expect([whole?.flags, cut?.flags, short?.flags]).toEqual([0, TRACE_FLAGS.TRUNCATED, TRACE_FLAGS.TRUNCATED]);
    expect(cut?.resource).toBe('a bbb');
  });

  it('reads descriptors of sockets with arrows in them', () => {
    expect(importText(line('close(24<UNIX-STREAM:[574138->574137, @"a"]>) = 0 <0.000009>') + line('open("/a", O_RDONLY) = 3 <0.000001>'), { importer: importerNamed('strace') })).toMatchObject({ rejects: 0, rows: 1 });
  });

  it('leaves open how a connection ended that was never asked about', () => {
    expect(rows(line('connect(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("192.0.2.1")}, 16) = -1 EINPROGRESS (Operation now in progress) <0.1>'.replace('0.1', '0.100000')))[0]).toMatchObject({ outcome: 'unknown', error_code: null, latency_us: 100000 });
  });

  it('is kept out line by line where it is damaged, and nothing else with it', () => {
    const damaged = SESSION.replace('100 1795289452.742000 rename("/home/dev/a", "/home/dev/b") = 0 <0.000020>', '100 1795289452.742000 rename("/home/dev/a", "/home').replace('102 1795289452.734200 execve', '102 1795289452.734200 exec');
    const { table, refused, records } = importText(damaged);
    expect([records, table.length]).toEqual([11, 9]);
    expect(refused.map(({ row, message }) => [row, message.slice(0, 60)])).toEqual([
      [13, 'the line must resume a call that process 102 has begun, got '],
      [25, 'the line must be one of strace -f -ttt -T -y, got "100 17952'],
    ]);
  });

  it('counts what never ended', () => {
    expect(importText(SESSION + line('read(3</a>,  <unfinished ...>')).notes[1]).toBe('calls that never ended: 1');
  });
});
