import { quoted, type CompletionCommand, type CompletionOption, type Value } from './model.js';

const keyOf = ({ path }: CompletionCommand): string => path.map((name) => `/${name}`).join('');

/** A word with its description, as _describe reads them: a colon parts the two. */
const described = (word: string, description: string): string => quoted(`${word.replaceAll(':', String.raw`\:`)}:${description}`);

function offer(value: Value | null): string {
  if (value === 'file') return '_files';
  if (value === 'text' || value === null) return "_message 'a value'";
  return `compadd -- ${value.map(quoted).join(' ')}`;
}

function valueBranch(command: CompletionCommand, { flags, value, variadic }: CompletionOption): readonly string[] {
  if (value === null) return [];
  const keys = flags.map((flag) => quoted(`${keyOf(command)} ${flag}`)).join('|');
  return [`      ${keys}) if [[ $prev == $option${variadic ? ' || -n $option' : ''} ]]; then ${offer(value)}; return; fi ;;`];
}

function commandBranch(command: CompletionCommand): string {
  const options = command.options.flatMap(({ flags, description }) => flags.map((flag) => described(flag, description)));
  const names = command.commands.map(({ name, description }) => described(name, description));
  const rest = names.length > 0 ? `list=(${names.join(' ')}); _describe -t commands command list` : offer(command.argument);
  return `    ${quoted(keyOf(command))})
      if [[ $cur == -* ]]; then list=(${options.join(' ')}); _describe -t options option list
      else ${rest}; fi ;;`;
}

/**
 * Completion for zsh, with descriptions; to be sourced, or kept as `_hindcast` in a folder of `fpath`.
 *
 * @param commands - what {@link completionModel} gives
 */
export function zshCompletion(commands: readonly CompletionCommand[]): string {
  const paths = commands.filter(({ path }) => path.length > 0).map((command) => quoted(keyOf(command))).join('|');
  return `#compdef hindcast
# Completion of hindcast for zsh. To use it: source <(hindcast completion zsh)
_hindcast() {
  local cur=\${words[CURRENT]} prev='' at='' option='' word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    prev=$word
    [[ $word == -* ]] && option=$word
    case "$at/$word" in
      ${paths}) at="$at/$word" option='' ;;
    esac
  done
  local -a list
  if [[ -n $option && $cur != -* ]]; then
    case "$at $option" in
${commands.flatMap((command) => command.options.flatMap((option) => valueBranch(command, option))).join('\n')}
    esac
  fi
  case "$at" in
${commands.map(commandBranch).join('\n')}
  esac
}
if [[ \${funcstack[1]-} == _hindcast ]]; then _hindcast "$@"; else compdef _hindcast hindcast; fi
`;
}
