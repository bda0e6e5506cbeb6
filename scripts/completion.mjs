// Sources the completion scripts of zsh and fish in those shells and asks what they offer: npm run test:completion.
// Shells that are not installed are fetched from Debian's packages and unpacked under build/shells (needs apt-get, dpkg).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const main = resolve('dist/app/cli/main.js');
const home = resolve('build/shells');
const root = join(home, 'root');

function must(command, args, options = {}) {
  const { status, error, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options });
  if (error === undefined && status === 0) return stdout;
  console.error(`test:completion: ${[command, ...args.slice(0, 3)].join(' ')} failed${error === undefined ? '' : `: ${error.message}`}`);
  process.exit(1);
}

/** Unpacks both shells; nothing is installed. */
function fetchShells() {
  if (existsSync(join(root, 'usr/bin/fish')) && existsSync(join(root, 'bin/zsh'))) return;
  mkdirSync(root, { recursive: true });
  must('apt-get', ['download', 'zsh', 'zsh-common', 'fish', 'fish-common', 'libpcre2-32-0'], { cwd: home });
  for (const deb of readdirSync(home).filter((name) => name.endsWith('.deb'))) must('dpkg', ['-x', join(home, deb), root]);
}

// zsh has no question for what it would complete: a shell of its own gets the line and a Tab, and compadd tells what it adds.
const ZSH = String.raw`
root=$1 script=$2
module_path=(${'$'}root/usr/lib/*/zsh/*(/)) fpath=($root/usr/share/zsh/functions/**/*(N/))
zmodload zsh/zpty
zpty -b z $root/bin/zsh -f -i
zpty -w z "module_path=($module_path); fpath=($fpath); PS1=; stty -echo; autoload -Uz compinit; compinit -u -D; source $script; LISTMAX=10000; bindkey '^I' complete-word"
zpty -w z "compadd() { local -a found; builtin compadd -A found \"\$@\"; builtin compadd \"\$@\"; for word in \$found; do print -r -- \"OFFER:\$word\"; done }; print REA''DY"
zpty -r -m z line '*READY*'
for line in "${'$'}{@[3,-1]}"; do
  zpty -w -n z "$line"$'\t'
  sleep 0.7
  text=''
  while zpty -r -t z more; do text+=$more; done
  print -r -- "LINE $line"
  print -r -- ${'$'}text | tr '\r' '\n' | grep -o 'OFFER:[^"]*$'
  zpty -w -n z $'\x15'
done
zpty -d z
`;

function askZsh(script, lines) {
  const driver = join(folder, 'ask.zsh');
  writeFileSync(driver, ZSH);
  const printed = must(join(root, 'bin/zsh'), ['-f', driver, root, script, ...lines], { timeout: 60_000, env: { ...process.env, TERM: 'dumb' } });
  return new Map(printed.split('LINE ').slice(1).map((part) => {
    const [line, ...offers] = part.split('\n');
    return [line, offers.filter((offer) => offer.startsWith('OFFER:')).map((offer) => offer.slice('OFFER:'.length).trim()).filter((offer) => offer !== '')];
  }));
}

function askFish(script, lines) {
  const libraries = readdirSync(join(root, 'usr/lib')).filter((name) => name.includes('linux')).map((name) => join(root, 'usr/lib', name));
  const env = { ...process.env, HOME: folder, LD_LIBRARY_PATH: libraries.join(':') };
  return new Map(lines.map((line) => {
    const printed = must(join(root, 'usr/bin/fish'), ['--no-config', '-c', `source ${script}; complete -C '${line}'`], { env });
    return [line, printed.split('\n').map((offer) => offer.split('\t')[0]).filter((offer) => offer !== '')];
  }));
}

fetchShells();
const folder = mkdtempSync(join(tmpdir(), 'hindcast-completion-'));
let failed = 0;
try {
  writeFileSync(join(folder, 'threshold.json'), '{}');
  const wanted = [
    ['hindcast ver', ['verify']],
    ['hindcast policy ', ['make', 'show', 'diff', 'check', 'export']],
    ['hindcast verify --fo', ['--format']],
    ['hindcast verify --format ', ['pi', 'hindcast']],
    ['hindcast policy export x --for ', ['pi-bands', 'pi-risk-config', 'pi-budget']],
    ['hindcast completion ', ['bash', 'zsh', 'fish']],
    [`hindcast verify ${folder}/thr`, ['threshold.json']],
    [`hindcast policy make --source a ${folder}/thr`, ['threshold.json']],
  ];
  for (const [shell, ask] of [['zsh', askZsh], ['fish', askFish]]) {
    const script = join(folder, `hindcast.${shell}`);
    writeFileSync(script, must(process.execPath, [main, 'completion', shell]));
    const answers = ask(script, wanted.map(([line]) => line));
    for (const [line, expected] of wanted) {
      const got = [...new Set((answers.get(line) ?? []).map((offer) => offer.replace(`${folder}/`, '')))].filter((offer) => !folder.split('/').includes(offer)).sort();
      if (JSON.stringify(got) === JSON.stringify([...expected].sort())) continue;
      failed += 1;
      console.error(`test:completion: ${shell}: "${line}" offers ${JSON.stringify(got)}, wanted ${JSON.stringify(expected)}`);
    }
    console.log(`${shell}: ${wanted.length} command lines completed`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
