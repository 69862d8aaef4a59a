"""The completion scripts of bash and zsh, whose tables are written alike."""

from collections.abc import Iterable

from focuscli.completion.tree import Places, Values

WRITTEN = "Written by `python -m focuscli.manual` from the program's own tree: change that, not this."

_TABLES = """\
__focus_children() {{ case $1 in
{children}
  *) return 1 ;;
esac; }}

__focus_options() {{ case $1 in
{options}
esac; }}

__focus_takes_value() {{ case $1 in
  {valued}) ;;
  *) return 1 ;;
esac; }}

__focus_values() {{ case $1 in
{values}
esac; }}

__focus_leads() {{ case $1 in
  {leads}) ;;
  *) return 1 ;;
esac; }}
"""

_WALK = """\
    if [[ -n $expect ]]; then
      if [[ $expect == *--remote ]]; then remote="--remote=$word"; fi
      expect=''
    elif [[ -n $only_words ]]; then
      place=$((place + 1))
    elif [[ $word == -- ]]; then
      only_words=1
    elif [[ $word == --remote=* ]]; then
      remote=$word
    elif [[ $word == -?* ]]; then
      if __focus_takes_value "${lead:+$lead }$word"; then expect="${lead:+$lead }$word"; fi
    elif __focus_leads "${lead:+$lead }$word"; then
      lead="${lead:+$lead }$word" place=0
    else
      place=$((place + 1))
    fi
"""
"""One word before the cursor: an option, the value of one, a command, or a word in a place."""

_LOOK_UP = """\
  if [[ -n $expect ]]; then
    __focus_values "$expect"
  elif [[ -z $only_words && $cur == -* ]]; then
    __focus_options "$lead"
  else
    __focus_children "$lead" || __focus_values "${lead:+$lead }$place"
  fi
"""

_BASH = """\
__focus_live() {{
  local line
  while IFS= read -r line; do
    found+=("$line")
  done < <("${{COMP_WORDS[0]/#\\~/$HOME}}" __complete "$1" "$cur" ${{remote:+"$remote"}} 2>/dev/null)
}}

_focus() {{
  local cur word entry value lead='' expect='' remote='' only_words='' files='' place=0 width=0 i
  local -a before=() found=() matches=()
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do # bash cuts --option=value into three words, and an address at its colons
    word=${{COMP_WORDS[i]}}
    if [[ $word == : && ${{#before[@]}} -gt 0 ]]; then
      i=$((i + 1))
      before[${{#before[@]}}-1]+=:${{COMP_WORDS[i]}}
    elif [[ $word != = ]]; then
      before+=("$word")
    fi
  done
  for word in ${{before[@]+"${{before[@]}}"}}; do
{walk}\
  done
  cur=${{COMP_WORDS[COMP_CWORD]}}
  if [[ $cur == = ]]; then cur=''; fi
{look_up}\
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$cur")
    return
  fi
  for entry in ${{found[@]+"${{found[@]}}"}}; do
    value=${{entry%%$'\\t'*}}
    if [[ $value == "$cur"* ]]; then
      matches+=("$entry")
      if ((${{#value}} > width)); then width=${{#value}}; fi
    fi
  done
  for entry in ${{matches[@]+"${{matches[@]}}"}}; do
    value=${{entry%%$'\\t'*}}
    if ((${{#matches[@]}} > 1)) && [[ ${{COMP_TYPE:-9}} != 37 && ${{COMP_TYPE:-9}} != 42 && $entry == *$'\\t'?* ]]; then
      printf -v value '%-*s  (%s)' "$width" "$value" "${{entry#*$'\\t'}}" # only shown: what differs is in the words
      value=${{value:0:$((${{COLUMNS:-80}} - 1))}}
    elif ((${{#matches[@]}} == 1)); then
      printf -v value '%q' "$value"
    fi
    COMPREPLY+=("$value")
  done
}}

complete -F _focus focus
"""

_ZSH = """\
__focus_live() {{
  local line
  while IFS= read -r line; do
    found+=("$line")
  done < <(${{~program}} __complete "$1" "$cur" ${{remote:+"$remote"}} 2>/dev/null)
}}

_focus() {{
  local cur word entry value program=$words[1] lead='' expect='' remote='' only_words='' files='' place=0 i
  local -a found=() items=()
  for ((i = 2; i < CURRENT; i++)); do
    word=${{(Q)words[i]}}
{walk}\
  done
  if [[ -z $expect && -z $only_words && $PREFIX == --*=* ]]; then
    expect="${{lead:+$lead }}${{PREFIX%%=*}}"
    compset -P '*='
  fi
  cur=$PREFIX
{look_up}\
  if [[ -n $files ]]; then
    _files
    return
  fi
  for entry in $found; do
    value=${{entry%%$'\\t'*}}
    items+=("${{value//:/\\\\:}}:${{entry#*$'\\t'}}")
  done
  _describe -t focus 'focus' items
}}

if [[ $funcstack[1] == _focus ]]; then
  _focus "$@"
else
  compdef _focus focus
fi
"""


def bash(places: Places) -> str:
    """The script for bash, from 3.2 on."""
    return f"# {WRITTEN}\n\n{_tables(places)}\n{_BASH.format(walk=_WALK, look_up=_LOOK_UP)}"


def zsh(places: Places) -> str:
    """The script for zsh: found as `_focus` in its fpath, or read with `source`."""
    return f"#compdef focus\n# {WRITTEN}\n\n{_tables(places)}\n{_ZSH.format(walk=_WALK, look_up=_LOOK_UP)}"


def _tables(places: Places) -> str:
    return _TABLES.format(
        children="\n".join(f"  {_quoted(key)}) {_found(words)} ;;" for key, words in places.children.items()),
        options="\n".join(f"  {_quoted(key)}) {_found(words)} ;;" for key, words in places.options.items()),
        valued=_either(places.valued),
        values="\n".join(f"  {_either(keys)}) {_filling(values)} ;;" for values, keys in places.known.items()),
        leads=_either(places.leads),
    )


def _filling(values: Values) -> str:
    """The sentence that fills the list of words."""
    if values.live:
        return f"__focus_live {values.live}"
    return "files=1" if values.files else _found(values.words)


def _found(words: Iterable[tuple[str, str]]) -> str:
    return f"found=({' '.join(map(_ansi, words))})"


def _either(keys: Iterable[str]) -> str:
    return " | ".join(map(_quoted, keys))


def _quoted(text: str) -> str:
    return f"'{text}'"


def _ansi(pair: tuple[str, str]) -> str:
    """A word, a tab and its description, in a form that both shells take back to the same characters."""
    escaped = "\t".join(pair).replace("\\", "\\\\").replace("'", "\\'").replace("\t", "\\t")
    return f"$'{escaped}'"
