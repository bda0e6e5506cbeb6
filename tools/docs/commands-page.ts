import type { Argument, Option } from 'commander';
import { commandHelps, type CommandHelp } from './help.js';
import { code, fence, plain, table } from './markdown.js';

const HEAD = `# Commands

Made from the commands' own definitions; \`hindcast COMMAND --help\` says the same. Options stand for all files of a
call. \`hindcast completion bash|zsh|fish\` makes a shell complete them.

Exit codes, of all commands: 0 holds, 1 tampered, mismatch or finding, 2 malformed input, 3 bad usage, 5 not enough
data. With several files the worst counts (3, 2, 1, 5, 0).
`;

function defaultOf({ defaultValue }: { readonly defaultValue?: unknown }): string {
  if (defaultValue === undefined || defaultValue === false) return '';
  return code(typeof defaultValue === 'string' ? defaultValue : JSON.stringify(defaultValue));
}

const chosenFrom = (choices: readonly string[] | undefined): string => (choices === undefined ? '' : `; one of ${choices.map(code).join(', ')}`);

function optionRow(option: Option): readonly string[] {
  return [code(option.flags), `${plain(option.description)}${chosenFrom(option.argChoices)}${option.mandatory ? ' (required)' : ''}`, defaultOf(option)];
}

function argumentRow(argument: Argument): readonly string[] {
  const shown = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return [code(argument.required ? `<${shown}>` : `[${shown}]`), `${plain(argument.description)}${chosenFrom(argument.argChoices)}`, defaultOf(argument)];
}

const indented = (line: string): boolean => line.startsWith('  ');

/** A paragraph of the help: examples and layouts stay as they are, sentences flow. */
function paragraph(lines: readonly string[]): string {
  const [first = '', ...rest] = lines;
  if (/^Examples?:$/.test(first)) return `Examples:\n\n${fence('text', rest.map((line) => line.slice(2)))}`;
  if (!lines.some(indented)) return /^\S+ {2,}\S/.test(first) ? fence('text', lines) : plain(lines.join(' ')).replace(/^Exit codes:/, '**Exit codes:**');
  const at = lines.findIndex(indented);
  return `${at > 0 ? `${plain(lines.slice(0, at).join(' '))}\n\n` : ''}${fence('text', lines.slice(at))}`;
}

function section({ path, command, after }: CommandHelp): string {
  const name = `hindcast ${path.join(' ')}`;
  const options = command.createHelp().visibleOptions(command).filter(({ long }) => long !== '--help');
  const rows = [...command.registeredArguments.map(argumentRow), ...options.map(optionRow)];
  const parts = command.commands.map((sub) => `- [${code(`${name} ${sub.name()}`)}](#hindcast-${[...path, sub.name()].join('-')}): ${plain(sub.summary())}`);
  return [
    `${'#'.repeat(path.length + 1)} ${name}`,
    plain(command.description()),
    fence('text', [`${name} ${command.usage()}`]),
    ...(parts.length > 0 ? [parts.join('\n')] : []),
    ...(rows.length > 0 ? [table(['', 'what it is', 'default'], rows)] : []),
    ...after.filter(([first = '']) => first !== '').map(paragraph),
  ].join('\n\n');
}

/** docs/commands.md: every command with its arguments, options, examples and exit codes. */
export function commandsPage(): string {
  const helps = commandHelps();
  const index = helps.filter(({ path }) => path.length === 1).map(({ path: [name = ''], command }) => [`[${code(name)}](#hindcast-${name})`, plain(command.summary())]);
  return [HEAD, table(['command', 'what it does'], index), ...helps.map(section)].join('\n\n').replaceAll(/\n{3,}/g, '\n\n') + '\n';
}
