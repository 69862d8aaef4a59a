"""The completion script of PowerShell."""

from collections.abc import Iterable

from focuscli.completion.bourne import WRITTEN
from focuscli.completion.tree import Places, Values
from focuscli.view.text import plain_ascii

_SCRIPT = """\
# {written}

Register-ArgumentCompleter -Native -CommandName focus -ScriptBlock {{
    param($wordToComplete, $commandAst, $cursorPosition)

    $children = @{{
{children}
    }}
    $options = @{{
{options}
    }}
    $takesValue = @({valued})
    $leads = @({leads})
    $values = @{{
{values}
    }}
    $live = @{{
{live}
    }}

    $lead = ''
    $expect = ''
    $remote = @()
    $place = 0
    $onlyWords = $false
    $before = @($commandAst.CommandElements | Where-Object {{ $_.Extent.EndOffset -lt $cursorPosition }})
    foreach ($element in ($before | Select-Object -Skip 1)) {{
        $word = $element.Extent.Text
        $key = "$lead $word".Trim()
        if ($expect) {{
            if ($expect.EndsWith('--remote')) {{ $remote = @("--remote=$word") }}
            $expect = ''
        }}
        elseif ($onlyWords) {{
            $place++
        }}
        elseif ($word -eq '--') {{
            $onlyWords = $true
        }}
        elseif ($word.StartsWith('--remote=')) {{
            $remote = @($word)
        }}
        elseif ($word.StartsWith('-')) {{
            if ($takesValue -ccontains $key) {{ $expect = $key }}
        }}
        elseif ($leads -ccontains $key) {{
            $lead = $key
            $place = 0
        }}
        else {{
            $place++
        }}
    }}

    $typed = $wordToComplete
    $prefix = ''
    if (-not $expect -and $typed -match '^(--[^=]+=)(.*)$') {{
        $prefix = $Matches[1]
        $typed = $Matches[2]
        $expect = "$lead $($prefix.TrimEnd('='))".Trim()
    }}
    $pairs = @()
    if (-not $expect -and -not $onlyWords -and $typed.StartsWith('-')) {{
        $pairs = $options[$lead]
    }}
    elseif (-not $expect -and $children[$lead]) {{
        $pairs = $children[$lead]
    }}
    else {{
        $key = $expect
        if (-not $key) {{ $key = "$lead $place".Trim() }}
        if ($values[$key]) {{
            $pairs = $values[$key]
        }}
        elseif ($live[$key]) {{
            $program = $commandAst.CommandElements[0].Extent.Text
            $lines = & $program __complete $live[$key] $typed $remote 2>$null
            $pairs = @($lines | ForEach-Object {{ $_ -split "`t", 2 }})
        }}
    }}
    for ($i = 0; $i + 1 -lt $pairs.Count; $i += 2) {{
        $value = $pairs[$i]
        $tip = $pairs[$i + 1]
        if (-not $tip) {{ $tip = $value }}
        if ($value.StartsWith($typed, [System.StringComparison]::Ordinal)) {{
            [System.Management.Automation.CompletionResult]::new("$prefix$value", $value, 'ParameterValue', $tip)
        }}
    }}
}}
"""


def powershell(places: Places) -> str:
    """The script for PowerShell, from 5.1 on: read by the profile, for there is no folder where it would look."""
    known = [(key, values) for values, keys in places.known.items() for key in keys]
    return _SCRIPT.format(
        written=WRITTEN,
        children=_table((key, _pairs(words)) for key, words in places.children.items()),
        options=_table((key, _pairs(words)) for key, words in places.options.items()),
        valued=_list(places.valued),
        leads=_list(places.leads),
        values=_table((key, _pairs(values.words)) for key, values in known if values.words),
        live=_table((key, _quoted(values.live)) for key, values in known if values != Values() and values.live),
    )


def _table(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"        {_quoted(key)} = {value}" for key, value in rows)


def _pairs(words: Iterable[tuple[str, str]]) -> str:
    return f"@({_list(one for pair in words for one in pair)})"


def _list(words: Iterable[str]) -> str:
    return ", ".join(map(_quoted, words))


def _quoted(text: str) -> str:
    """In ASCII: 5.1 misreads a saved file that does not tell its encoding, and curly quotes would end the string."""
    escaped = plain_ascii(text).replace("'", "''")
    return f"'{escaped}'"
