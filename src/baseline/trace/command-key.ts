import { commandsOf } from './command-words.js';
import { pathKey, type PathOptions } from './path-key.js';

const SHELLS = /^(?:(?:ba|da|z|k|fi|a|c|tc)?sh|cmd|powershell|pwsh)$/;
/** Programs that run another: which one, their next word says. */
const RUNNERS = /^(?:node|nodejs|deno|bun|tsx|ts-node|python[\d.]*|pypy[\d.]*|ruby[\d.]*|perl[\d.]*|php[\d.]*|lua[\d.]*|java|Rscript|osascript|npx|pnpx|bunx|uvx|pipx|make)$/;
/** Programs that run the rest of their own command line. */
const WRAPPERS = /^(?:env|sudo|doas|nohup|nice|ionice|time|timeout|xargs|exec|command|builtin|setsid|stdbuf|strace|busybox|chroot)$/;
/** Words of the shell's grammar that a command may follow. */
const GRAMMAR = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', '}', 'fi', 'done', 'esac']);
/** Folders that a shell looks in by itself: a program there goes by its name alone. */
const SEARCHED = /^\/(?:usr\/)?(?:local\/)?s?bin\/(?=[^/]+$)/;
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;
/** Options whose next word is the code to run, and those whose next word is another value. */
const CODE = /^(?:-[A-Za-z]*[ceEpr]|--eval|--print|\/[ck]|-Command|-EncodedCommand)$/;
const VALUED = /^(?:-r|--require|--import|--loader|-I|-W|-X|-cp|-classpath)$/;

/** Commands within commands (`sudo sh -c ...`) that are followed. */
const DEEPEST = 8;

/** How the paths in a command are read. */
export interface CommandOptions extends Pick<PathOptions, 'home'> {
  /** How many commands this one is within; left out: none. */
  readonly within?: number;
}

function inside(options: CommandOptions): CommandOptions {
  return { ...options, within: (options.within ?? 0) + 1 };
}

/** A path is kept whole: a program or script is one thing, not a folder of things. */
function fileName(word: string, { home }: CommandOptions): string {
  return /[/\\.~]/.test(word) ? pathKey(word, { depth: Infinity, home }) : word;
}

function programOf(word: string, options: CommandOptions): string {
  const bare = word.replace(SEARCHED, '').replace(/\.(?:exe|cmd|bat)$/i, '');
  return bare.includes('/') || bare.includes('\\') ? fileName(bare, options) : bare;
}

/** Name without its folder, by which interpreters are known wherever they are. */
function baseOf(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}

/** What a shell runs: the commands of its `-c`, each under the shell's name, or its script. */
function shellKeys(program: string, words: readonly string[], options: CommandOptions): string[] {
  const at = words.findIndex((word) => !/^[-+]/.test(word) || CODE.test(word));
  const first = words[at];
  if (first === undefined) return [program];
  if (!/^[-/]/.test(first) || !CODE.test(first)) return [`${program} ${fileName(first, options)}`];
  // Recorders join the words of a call with spaces: what follows -c is all of it the script.
  return commandKeys(words.slice(at + 1).join(' '), inside(options)).map((key) => `${program} -c ${key}`);
}

/** What an interpreter runs: its script, a module, or code as it stands. */
function runnerKey(program: string, words: readonly string[], options: CommandOptions): string {
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (VALUED.test(word)) i += 1;
    else if (word === '-m' || CODE.test(word)) return `${program} ${word} ${words[i + 1] ?? ''}`.trim();
    else if (!word.startsWith('-')) return `${program} ${fileName(word, options)}`;
  }
  return program;
}

function simpleKeys(words: readonly string[], options: CommandOptions): string[] {
  const start = words.findIndex((word) => !GRAMMAR.has(word) && !ASSIGNMENT.test(word));
  if (start < 0) return [];
  const program = programOf(words[start] ?? '', options);
  const rest = words.slice(start + 1);
  const base = baseOf(program);
  if ((options.within ?? 0) >= DEEPEST) return [program];
  if (SHELLS.test(base)) return shellKeys(program, rest, options);
  if (RUNNERS.test(base)) return [runnerKey(program, rest, options)];
  if (!WRAPPERS.test(base)) return [program];
  const inner = rest.findIndex((word) => !word.startsWith('-') && !ASSIGNMENT.test(word) && !/^\d/.test(word));
  if (inner < 0) return [program];
  return simpleKeys(rest.slice(inner), inside(options)).map((key) => `${program} ${key}`);
}

/**
 * What a command line runs: each command by its program; interpreters, shells and programs that start others also by the
 * script, module or command they are given.
 *
 * @returns distinct keys in the line's order; empty where the line has no command
 * @remarks A program in a folder that shells search (`/usr/bin`, `/bin` ...) goes by its name alone, any other by its whole
 * path. Arguments of other programs are left out: `git push` and `git status` have one key.
 * @example
 * ```ts
 * commandKeys('node /usr/bin/npm ci', { home: null }); // => ['node /usr/bin/npm']
 * commandKeys('sh -c env | wc -c; id', { home: null }); // => ['sh -c env', 'wc', 'id']
 * ```
 */
export function commandKeys(line: string, options: CommandOptions): string[] {
  return [...new Set(commandsOf(line).flatMap((words) => simpleKeys(words, options)))];
}
