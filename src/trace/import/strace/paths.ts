import { stringAt, unescapeUntil } from './text.js';

/** The path that strace wrote behind a descriptor: `3</etc/hosts>`; null where there is none, or it is no file. */
function pathOfDescriptor(text: string): string | null {
  const at = text.indexOf('<');
  const path = at < 0 ? null : unescapeUntil(text, at + 1, '>');
  return path?.value.startsWith('/') === true ? path.value : null;
}

/** The number of a descriptor argument; null where it is none. */
export function descriptorOf(text: string | undefined): number | null {
  const [digits] = /^\d+/.exec(text ?? '') ?? [];
  return digits === undefined ? null : Number(digits);
}

/** A path without `.`, `..` and empty parts. */
function collapsed(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The path in an argument, made absolute by the folder in another where that is known; null where there is none. */
export function pathAt(argument: string | undefined, folder?: string): string | null {
  const path = stringAt(argument ?? '', 0)?.value ?? null;
  if (path === null || path === '') return path;
  if (path.startsWith('/')) return collapsed(path);
  const base = folder === undefined ? null : pathOfDescriptor(folder);
  return base === null ? path : collapsed(`${base}/${path}`);
}

/** The path of a local socket; null where there is none. */
function socketAt(text: string): string | null {
  const at = text.indexOf('sun_path=');
  if (at < 0) return null;
  const abstract = text[at + 9] === '@';
  const socket = stringAt(text, at + (abstract ? 10 : 9));
  return socket === null ? null : `unix:${abstract ? '@' : ''}${socket.value}`;
}

/** Host and port, or socket path, in the argument of a connection; null for addresses of other families. */
export function addressAt(argument: string | undefined): string | null {
  const text = argument ?? '';
  const [, port] = /sin6?_port=htons\((\d+)\)/.exec(text) ?? [];
  const [, ipv4] = /inet_addr\("([^"]+)"\)/.exec(text) ?? [];
  const [, ipv6] = /inet_pton\(AF_INET6, "([^"]+)"/.exec(text) ?? [];
  const host = ipv4 ?? (ipv6 === undefined ? undefined : `[${ipv6}]`);
  return host === undefined || port === undefined ? socketAt(text) : `${host}:${port}`;
}

/** An argument of a command as a shell would need it. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command line of its arguments, and whether strace cut it. */
export function commandLine(list: string | undefined): { readonly words: readonly string[]; readonly cut: boolean } {
  const text = list ?? '';
  const words: string[] = [];
  let cut = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    const word = stringAt(text, at);
    if (word === null) break;
    words.push(shellWord(word.value));
    cut ||= word.cut;
    at = word.end;
  }
  return { words, cut: cut || /,\s*\.\.\.\]?$/.test(text) };
}
