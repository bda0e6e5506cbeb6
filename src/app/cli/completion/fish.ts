import { quoted, type CompletionCommand, type CompletionOption, type Value } from './model.js';

/** In fish's single quotes a backslash and a quote are escaped. */
const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;

const condition = ({ path }: CompletionCommand): string => `-n ${quote(`__hindcast_at ${path.length === 0 ? quoted('') : path.join(' ')}`.trim())}`;

/** `-r` takes a value; `-f` offers no files; `-a` the words that will do. */
function takes(value: Value | null): string {
  if (value === null) return '';
  if (value === 'file') return ' -rF';
  return value === 'text' ? ' -x' : ` -x -a ${quote(value.join(' '))}`;
}

function optionLine(command: CompletionCommand, { flags, value, description }: CompletionOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`)).join('');
  return `complete -c hindcast ${condition(command)}${names}${takes(value)} -d ${quote(description)}`;
}

function argumentLines(command: CompletionCommand): readonly string[] {
  const { argument } = command;
  if (command.commands.length > 0) return command.commands.map(({ name, description }) => `complete -c hindcast ${condition(command)} -a ${quote(name)} -d ${quote(description)}`);
  // Another value of an option that takes several stands where an argument would.
  const several = command.options.some(({ variadic, value }) => variadic && value === 'file');
  if (argument === 'file' || several) return [`complete -c hindcast ${condition(command)} -F`];
  return argument === null || argument === 'text' ? [] : [`complete -c hindcast ${condition(command)} -a ${quote(argument.join(' '))}`];
}

/**
 * Completion for fish, with descriptions.
 *
 * @param commands - what {@link completionModel} gives
 */
export function fishCompletion(commands: readonly CompletionCommand[]): string {
  const groups = commands.filter(({ path, commands: inside }) => path.length > 0 && inside.length > 0).map(({ path }) => path.join(' '));
  return `# Completion of hindcast for fish. To use it: hindcast completion fish | source
function __hindcast_at --description 'Whether the command line is at this command of hindcast'
  set -l words (commandline -opc)
  set -e words[1]
  set -l at ''
  for word in $words
    if test -z "$at"
      string match -q -- '-*' $word; or set at $word
    else if contains -- $at ${groups.map(quote).join(' ')}
      string match -q -- '-*' $word; or set at "$at $word"
    end
  end
  test "$at" = "$argv"
end
complete -c hindcast -f
${commands.flatMap((command) => [...argumentLines(command), ...command.options.map((option) => optionLine(command, option))]).join('\n')}
`;
}
