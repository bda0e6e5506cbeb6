/** Where in a command line reading has come to. */
interface Reading {
  readonly text: string;
  at: number;
  /** How many brackets are open. */
  depth: number;
  readonly commands: string[][];
}

/** What stands in a word for the output of a command. */
const PUT_IN = '$()';

/** Brackets within brackets that are still read as commands. */
const DEEPEST = 100;

const HEREDOC = /^<<-?\s*(['"]?)([\w.-]+)\1/;

/** Reads what `$(`, a backtick or a bracket opened, as commands of its own. */
function readNested(reading: Reading, skip: number, end: string): string {
  reading.at += skip;
  if (reading.depth === DEEPEST) return PUT_IN;
  reading.depth += 1;
  readList(reading, end);
  reading.depth -= 1;
  return PUT_IN;
}

/** The text within double quotes; commands put in their place are read on the way. */
function readQuoted(reading: Reading): string {
  const { text } = reading;
  let word = '';
  for (reading.at += 1; reading.at < text.length && text[reading.at] !== '"';) {
    const c = text[reading.at] ?? '';
    if (c === '`') word += readNested(reading, 1, '`');
    else if (text.startsWith('$(', reading.at)) word += readNested(reading, 2, ')');
    else if (c === '\\') {
      word += text[reading.at + 1] ?? '';
      reading.at += 2;
    } else {
      word += c;
      reading.at += 1;
    }
  }
  reading.at += 1;
  return word;
}

/** Reads a redirection up to where its file's name begins; a text given in place is passed over. Says whether a name follows. */
function readRedirection(reading: Reading): boolean {
  const rest = reading.text.slice(reading.at);
  const [opening, , mark] = HEREDOC.exec(rest) ?? [];
  if (opening === undefined || mark === undefined) {
    reading.at += /^[<>&|]+/.exec(rest)?.[0].length ?? 1;
    return true;
  }
  const close = new RegExp(`\\n\\t*${mark.replaceAll('.', '\\.')}(?=\\n|$)`).exec(rest);
  reading.at = close === null ? reading.text.length : reading.at + close.index + close[0].length;
  return false;
}

/** A piece of a word: quoted, escaped or put in by a command. Null where the character at hand begins none of these. */
function readPiece(reading: Reading): string | null {
  const { text, at } = reading;
  const c = text[at];
  if (c === '"') return readQuoted(reading);
  if (c === "'") {
    const close = text.indexOf("'", at + 1);
    reading.at = close < 0 ? text.length : close + 1;
    return text.slice(at + 1, close < 0 ? text.length : close);
  }
  if (c === '\\') {
    reading.at += 2;
    return text[at + 1] === '\n' ? '' : (text[at + 1] ?? '');
  }
  if (c === '`') return readNested(reading, 1, '`');
  return ['$(', '<(', '>('].includes(text.slice(at, at + 2)) ? readNested(reading, 2, ')') : null;
}

/** The command being read. */
interface Open {
  words: string[];
  word: string | null;
  /** Whether the next word names the file of a redirection. */
  names: boolean;
}

function endWord(open: Open): void {
  if (open.word === null) return;
  if (!open.names) open.words.push(open.word);
  open.names = false;
  open.word = null;
}

function endCommand(open: Open, { commands }: Reading): void {
  endWord(open);
  if (open.words.length > 0) commands.push(open.words);
  open.words = [];
  open.names = false;
}

/** Takes a character that is neither quoted nor begins something of its own. */
function readPlain(open: Open, reading: Reading, c: string): void {
  const { text, at } = reading;
  reading.at += 1;
  if (';|&\n)'.includes(c)) endCommand(open, reading);
  else if (/\s/.test(c)) endWord(open);
  else if (c === '#' && open.word === null) {
    const feed = text.indexOf('\n', at);
    reading.at = feed < 0 ? text.length : feed;
  } else open.word = (open.word ?? '') + c;
}

function redirect(open: Open, reading: Reading): void {
  // A number right before it says which stream is meant.
  if (/^\d+$/.test(open.word ?? '')) open.word = null;
  endWord(open);
  open.names = readRedirection(reading);
}

/** Reads commands up to the character that ends them, or the end of the text. */
function readList(reading: Reading, end: string): void {
  const { text } = reading;
  const open: Open = { words: [], word: null, names: false };
  while (reading.at < text.length && text[reading.at] !== end) {
    const c = text[reading.at] ?? '';
    const piece = readPiece(reading);
    if (piece !== null) open.word = (open.word ?? '') + piece;
    else if (c === '<' || c === '>') redirect(open, reading);
    else if (c === '(') {
      endCommand(open, reading);
      readNested(reading, 1, ')');
    } else readPlain(open, reading, c);
  }
  endCommand(open, reading);
  reading.at += 1;
}

/**
 * The simple commands in a shell's command line, each as its words: of pipelines, lists, subshells and substitutions every one,
 * without redirections, comments and texts given in place.
 *
 * @remarks O(n). A line that no shell would take is read as far as it makes sense.
 * `FOO=1 npm ci && echo "$(id) x" > log` has the commands `FOO=1 npm ci`, `id` and `echo` with `$() x`: what a command puts in is not known.
 */
export function commandsOf(text: string): string[][] {
  const reading: Reading = { text, at: 0, depth: 0, commands: [] };
  readList(reading, '');
  return reading.commands;
}
