"""The completion script of fish."""

from collections.abc import Iterable

from focuscli.completion.bourne import WRITTEN
from focuscli.completion.tree import Places, Values

_SCRIPT = """\
# {written}

function __focus_children
    switch $argv[1]
{children}
        case '*'
            return 1
    end
end

function __focus_options
    switch $argv[1]
{options}
    end
end

function __focus_takes_value
    contains -- $argv[1] {valued}
end

function __focus_leads
    contains -- $argv[1] {leads}
end

function __focus_values
    switch $argv[1]
{values}
    end
end

function __focus_live
    set -l tokens (commandline -opc)
    eval (string escape -- $tokens[1]) __complete $argv[1] "''" (string escape -- "$__focus_remote") 2>/dev/null
end

# What stands before the cursor: the command, the option whose value is due, the place of a word, and the engine.
function __focus_walk
    set -l tokens (commandline -opc)
    set -g __focus_lead ''
    set -g __focus_expect ''
    set -g __focus_place 0
    set -g __focus_remote ''
    set -l only_words ''
    for word in $tokens[2..-1]
        set -l key (string trim -- "$__focus_lead $word")
        if test -n "$__focus_expect"
            string match -q -- '*--remote' $__focus_expect; and set -g __focus_remote "--remote=$word"
            set -g __focus_expect ''
        else if test -n "$only_words"
            set -g __focus_place (math $__focus_place + 1)
        else if test "$word" = --
            set only_words 1
        else if string match -q -- '--remote=*' $word
            set -g __focus_remote $word
        else if string match -q -- '-?*' $word
            __focus_takes_value $key; and set -g __focus_expect $key
        else if __focus_leads $key
            set -g __focus_lead $key
            set -g __focus_place 0
        else
            set -g __focus_place (math $__focus_place + 1)
        end
    end
end

function __focus_key
    string trim -- "$__focus_lead $argv[1]"
end

function __focus_complete
    set -l current (commandline -ct)
    __focus_walk
    if test -n "$__focus_expect"
        __focus_values $__focus_expect
    else if string match -q -- '--*=*' $current
        set -l option (string split -m 1 = -- $current)[1]
        __focus_values (__focus_key $option) | string replace -r '^' -- "$option="
    else if string match -q -- '-*' $current
        __focus_options "$__focus_lead"
    else
        __focus_children "$__focus_lead"; or __focus_values (__focus_key $__focus_place)
    end
end

function __focus_wants_file
    __focus_walk
    contains -- "$__focus_expect" {files}
    or contains -- (__focus_key $__focus_place) {files}
end

complete -c focus -e
complete -c focus -f -k -a '(__focus_complete)'
complete -c focus -n __focus_wants_file -F
"""


def fish(places: Places) -> str:
    """The script for fish, from 3.1 on."""
    files = [key for values, keys in places.known.items() if values.files for key in keys]
    return _SCRIPT.format(
        written=WRITTEN,
        children=_cases(([key], _words(words)) for key, words in places.children.items()),
        options=_cases(([key], _words(words)) for key, words in places.options.items()),
        values=_cases((keys, _told(values)) for values, keys in places.known.items() if not values.files),
        valued=_list(places.valued),
        leads=_list(places.leads),
        files=_list(files),
    )


def _cases(rows: Iterable[tuple[list[str], str]]) -> str:
    return "\n".join(f"        case {_list(keys)}\n            {body}" for keys, body in rows)


def _told(values: Values) -> str:
    return f"__focus_live {values.live}" if values.live else _words(values.words)


def _words(words: Iterable[tuple[str, str]]) -> str:
    return f"printf '%s\\t%s\\n' {' '.join(f'{_quoted(word)} {_quoted(text)}' for word, text in words)}"


def _list(words: Iterable[str]) -> str:
    return " ".join(map(_quoted, words)) or "''"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
