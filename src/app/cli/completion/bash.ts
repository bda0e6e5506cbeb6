import { quoted, type CompletionCommand, type CompletionOption } from './model.js';

const keyOf = ({ path }: CompletionCommand): string => path.map((name) => `/${name}`).join('');

/** Words for compgen, which reads them as a shell would. */
const wordList = (words: readonly string[]): string => quoted(words.map((word) => word.replaceAll(/[^\w,.:/=-]/g, String.raw`\$&`)).join(' '));

/** A branch for each option with a value: the words it may have, or a sign that files or nothing will do. */
function valueBranch(command: CompletionCommand, { flags, value, variadic }: CompletionOption): readonly string[] {
  if (value === null) return [];
  const keys = flags.map((flag) => quoted(`${keyOf(command)} ${flag}`)).join('|');
  const kind = typeof value === 'string' ? `kind=${value}` : `kind=words words=${wordList(value)}`;
  return [`    ${keys}) ${kind}${variadic ? ' many=1' : ''} ;;`];
}

function commandBranch(command: CompletionCommand): string {
  const options = command.options.flatMap(({ flags }) => flags);
  const first = command.commands.map(({ name }) => name);
  const { argument } = command;
  const rest = typeof argument === 'object' && argument !== null ? argument : first;
  return `    ${quoted(keyOf(command))}) options=${wordList(options)} words=${wordList(rest)} kind=${argument === 'file' ? 'file' : 'words'} ;;`;
}

/**
 * Completion for bash, 3.2 and later. Files are left to bash's own completion (an empty answer).
 *
 * @param commands - what {@link completionModel} gives
 */
export function bashCompletion(commands: readonly CompletionCommand[]): string {
  const paths = commands.filter(({ path }) => path.length > 0).map((command) => quoted(keyOf(command))).join('|');
  return `# Completion of hindcast for bash. To use it: source <(hindcast completion bash)
_hindcast() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev='' path='' option='' i word kind='' words='' options='' many=''
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ $word == = ]] && continue
    prev=$word
    [[ $word == -* ]] && option=$word
    case "$path/$word" in
      ${paths}) path="$path/$word" option='' ;;
    esac
  done
  [[ $cur == = ]] && cur=''
  if [[ -n $option && $cur != -* ]]; then
    case "$path $option" in
${commands.flatMap((command) => command.options.flatMap((option) => valueBranch(command, option))).map((line) => `  ${line}`).join('\n')}
    esac
    # Only an option that takes several values reaches beyond the next word.
    [[ $prev != "$option" && -z $many ]] && kind=''
  fi
  if [[ -z $kind ]]; then
    case "$path" in
${commands.map(commandBranch).map((line) => `  ${line}`).join('\n')}
    esac
    if [[ $cur == -* ]]; then
      COMPREPLY=($(compgen -W "$options" -- "$cur"))
      return
    fi
  fi
  case "$kind" in
    file) return ;;
    words) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
  esac
  # Nothing else will do here, least of all files; bash 3 cannot say so.
  compopt +o default +o bashdefault 2>/dev/null
}
complete -o bashdefault -o default -F _hindcast hindcast
`;
}
