# Written by `python -m focuscli.manual` from the program's own tree: change that, not this.

Register-ArgumentCompleter -Native -CommandName focus -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $children = @{
        '' = @('start', 'Start a session.', 'watch', 'Listen to a session, live.', 'status', 'Show how a session stands; exit code 3 when nothing is running.', 'show', 'Show everything that is known of a session, segment by segment.', 'end', 'End a session; what is ready of it stays playable.', 'list', 'List the sessions, newest first.', 'pause', 'Pause the sound of the player that is playing.', 'resume', 'Let a paused player go on.', 'next', 'Cross over into the next segment.', 'previous', 'Cross over to the beginning of this segment, or into the one before.', 'volume', 'Turn the volume of the player that is playing, or tell it.', 'mute', 'Silence the player that is playing, or let it sound again; it plays on meanwhile.', 'sleep', 'Let the player that is playing fall silent by then, and leave.', 'export', 'Write a whole session into a file, or to stdout.', 'promote', 'Keep a ready segment for good, as a track.', 'tracks', 'List the tracks that were kept, newest first; show or delete one.', 'engines', 'List the music generators, and what their music may be used for.', 'usage', 'Show what was made and spent today, this week and this month, and the caps.', 'devices', 'List the output devices; exit code 8 when there is none.', 'engine', 'See, start and stop the engine of this machine.', 'config', 'See and change the settings.', 'auth', 'Sign in to a remote engine, and see how that stands.', 'doctor', 'Check everything that sound needs, and say how to mend it.', 'completion', 'Print the completion script of a shell.', 'version', 'Show the versions of this program and of the running engine.')
        'engine' = @('serve', 'Run the engine here, in the foreground, until Ctrl-C.', 'status', 'Show whether the engine runs, where, and where its key is; exit code 3 when it does not.', 'stop', 'Stop the engine and wait until it has left; sessions that were active end.', 'restart', 'Stop the engine, if it runs, and start it anew.', 'logs', 'Show the last lines of the engine''s log.', 'key', 'Make, list and revoke the keys with which others use this engine.')
        'engine key' = @('create', 'Make a key for a user of --organization, and say it this once.', 'list', 'List all keys, without their secrets.', 'revoke', 'Let nobody in with that key any more, from the next request on.')
        'config' = @('list', 'Show every setting, its value and what set it.', 'get', 'Print the value of one setting.', 'set', 'Write a setting into your settings file; comments in it stay.', 'unset', 'Remove a setting from your settings file, so that it is as it comes.', 'edit', 'Open your settings file in VISUAL or EDITOR, and check it afterwards.', 'path', 'Print where your settings file is, or would be.')
        'auth' = @('login', 'Keep the key of a remote engine: typed where nobody sees it, or from stdin.', 'status', 'Show which key is used where, and whether it is taken; exit code 4 where one is missing or refused.', 'logout', 'Forget the key that is kept for a remote engine.')
    }
    $options = @{
        '' = @('--version', 'Show the version and leave.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'start' = @('--goal', 'What the music is for.', '--for', 'How long: 90, 90m or 1h30m.', '--minutes', 'How long: 90, 90m or 1h30m.', '--until', 'Or until when, by the clock here.', '--prompt', 'The music in words; means custom_prompt.', '--intensity', 'How much of it.', '--divergence', 'How varied: 0 very similar, 1 highly varied.', '--engine', 'The music generator to use.', '--seed', 'The same seed gives the same music.', '--modulation', 'How deep it dips 16 times a second.', '--lease', 'End it when nobody asks for it so long: 5m, 90s.', '--watch', 'Listen to it at once.', '--no-audio', 'With --watch: silently, at the same pace.', '--wait', 'Wait until all of it is ready.', '--if-none', 'Take the session that is active already, if there is one.', '-q', 'Print the id alone.', '--quiet', 'Print the id alone.', '--explain', 'Say what the prompt is understood to mean, and start nothing.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'watch' = @('--device', 'Output device, by name or the beginning of it.', '--volume', 'Volume in percent.', '--sleep', 'Fall silent by then, and leave: 30, 45m, 1h.', '--sleep-fade', 'How long that takes.', '--rise', 'Rise from silence at the beginning.', '--no-audio', 'Play silently, at the same pace.', '--plain', 'Lines instead of a picture.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'status' = @('--format', 'One line, such as ''{goal} {ready}'', or waybar, i3blocks, tmux; see: focus help formatting', '--follow', 'Go on, with a line whenever it changes.', '-q', 'Say nothing; the exit code tells.', '--quiet', 'Say nothing; the exit code tells.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'show' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'end' = @('--fade', 'How long the sound that plays falls before: 20s, 1m.', '--now', 'Let it fall at once.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'list' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'pause' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'resume' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'next' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'previous' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'volume' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'mute' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'sleep' = @('--fade', 'How long the sound falls.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'export' = @('--to', 'flac, wav, ogg, opus or mp3; - is WAV to stdout.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'promote' = @('--title', 'What to call it.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'tracks' = @('--delete', 'Remove the track and its audio for good.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'engines' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'usage' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'devices' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'engine' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'engine serve' = @('--host', 'Address to listen on.', '--port', 'Port to listen on; 0: any free one.', '--tls-cert', 'Certificate chain in PEM, for others.', '--tls-key', 'Its private key.', '--behind-proxy', 'A proxy in front does TLS.', '--public-url', 'The https:// URL that others use, where it is another.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'engine status' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'engine stop' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'engine restart' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'engine logs' = @('-n', 'How many of the last lines.', '--lines', 'How many of the last lines.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'engine key' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'engine key create' = @('--user', 'The user''s id; without it, a new one.', '--name', 'What to call the key in lists.', '--capability', 'What it may do; may be repeated. [default: USE_MUSIC_GENERATION]', '--expires', 'For how long: 90d, 12h; without it, for ever.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'engine key list' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'engine key revoke' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'config' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'config list' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'config get' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'config set' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'config unset' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'config edit' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'config path' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'auth' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'auth login' = @('--store', 'A private file, or the system''s keyring.', '--no-check', 'Keep it without asking the engine.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'auth status' = @('--no-check', 'Ask no engine.', '--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'auth logout' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'doctor' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'completion' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
        'version' = @('--json', 'One JSON document, or one JSON object a line for what goes on.', '--remote', 'Remote engine, its URL or name (FOCUS_REMOTE).', '--organization', 'Organization on the remote engine (FOCUS_ORGANIZATION).', '--no-config', 'Read no settings file (FOCUS_NO_CONFIG).', '--color', 'When to use colour: auto, always or never.', '-h', 'Show this message and exit.', '--help', 'Show this message and exit.')
    }
    $takesValue = @('--remote', '--organization', '--color', 'start --goal', 'start --for', 'start --minutes', 'start --until', 'start --prompt', 'start --intensity', 'start --divergence', 'start --engine', 'start --seed', 'start --modulation', 'start --lease', 'start --remote', 'start --organization', 'start --color', 'watch --device', 'watch --volume', 'watch --sleep', 'watch --sleep-fade', 'watch --rise', 'watch --remote', 'watch --organization', 'watch --color', 'status --format', 'status --remote', 'status --organization', 'status --color', 'show --remote', 'show --organization', 'show --color', 'end --fade', 'end --remote', 'end --organization', 'end --color', 'list --remote', 'list --organization', 'list --color', 'pause --remote', 'pause --organization', 'pause --color', 'resume --remote', 'resume --organization', 'resume --color', 'next --remote', 'next --organization', 'next --color', 'previous --remote', 'previous --organization', 'previous --color', 'volume --remote', 'volume --organization', 'volume --color', 'mute --remote', 'mute --organization', 'mute --color', 'sleep --fade', 'sleep --remote', 'sleep --organization', 'sleep --color', 'export --to', 'export --remote', 'export --organization', 'export --color', 'promote --title', 'promote --remote', 'promote --organization', 'promote --color', 'tracks --remote', 'tracks --organization', 'tracks --color', 'engines --remote', 'engines --organization', 'engines --color', 'usage --remote', 'usage --organization', 'usage --color', 'devices --remote', 'devices --organization', 'devices --color', 'engine --remote', 'engine --organization', 'engine --color', 'engine serve --host', 'engine serve --port', 'engine serve --tls-cert', 'engine serve --tls-key', 'engine serve --public-url', 'engine serve --remote', 'engine serve --organization', 'engine serve --color', 'engine status --remote', 'engine status --organization', 'engine status --color', 'engine stop --remote', 'engine stop --organization', 'engine stop --color', 'engine restart --remote', 'engine restart --organization', 'engine restart --color', 'engine logs -n', 'engine logs --lines', 'engine logs --remote', 'engine logs --organization', 'engine logs --color', 'engine key --remote', 'engine key --organization', 'engine key --color', 'engine key create --user', 'engine key create --name', 'engine key create --capability', 'engine key create --expires', 'engine key create --remote', 'engine key create --organization', 'engine key create --color', 'engine key list --remote', 'engine key list --organization', 'engine key list --color', 'engine key revoke --remote', 'engine key revoke --organization', 'engine key revoke --color', 'config --remote', 'config --organization', 'config --color', 'config list --remote', 'config list --organization', 'config list --color', 'config get --remote', 'config get --organization', 'config get --color', 'config set --remote', 'config set --organization', 'config set --color', 'config unset --remote', 'config unset --organization', 'config unset --color', 'config edit --remote', 'config edit --organization', 'config edit --color', 'config path --remote', 'config path --organization', 'config path --color', 'auth --remote', 'auth --organization', 'auth --color', 'auth login --store', 'auth login --remote', 'auth login --organization', 'auth login --color', 'auth status --remote', 'auth status --organization', 'auth status --color', 'auth logout --remote', 'auth logout --organization', 'auth logout --color', 'doctor --remote', 'doctor --organization', 'doctor --color', 'completion --remote', 'completion --organization', 'completion --color', 'version --remote', 'version --organization', 'version --color')
    $leads = @('start', 'watch', 'status', 'show', 'end', 'list', 'pause', 'resume', 'next', 'previous', 'volume', 'mute', 'sleep', 'export', 'promote', 'tracks', 'engines', 'usage', 'devices', 'engine', 'config', 'auth', 'doctor', 'completion', 'version', 'engine serve', 'engine status', 'engine stop', 'engine restart', 'engine logs', 'engine key', 'engine key create', 'engine key list', 'engine key revoke', 'config list', 'config get', 'config set', 'config unset', 'config edit', 'config path', 'auth login', 'auth status', 'auth logout')
    $values = @{
        '--color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'start --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'watch --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'status --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'show --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'end --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'list --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'pause --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'resume --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'next --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'previous --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'volume --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'mute --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'sleep --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'export --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'promote --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'tracks --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'engines --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'usage --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'devices --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'engine --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'engine serve --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'engine status --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'engine stop --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'engine restart --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'engine logs --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'engine key --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'engine key create --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'engine key list --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'engine key revoke --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'config --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'config list --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'config get --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'config set --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'config unset --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'config edit --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'config path --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'auth --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'auth login --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'auth status --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'auth logout --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'doctor --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'completion --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'version --color' = @('auto', 'where it is a terminal', 'always', '', 'never', '')
        'start --goal' = @('focus', '', 'relax', '', 'sleep', '', 'energize', '', 'custom_prompt', '')
        'start --intensity' = @('low', '', 'medium', '', 'high', '')
        'start --modulation' = @('off', '', 'low', '', 'medium', '', 'high', '')
        'status --format' = @('waybar', 'JSON for its custom module', 'i3blocks', 'JSON for a block', 'tmux', 'a piece of its line')
        'mute 0' = @('on', '', 'off', '')
        'config get 0' = @('remote', 'URL or name of a remote engine; empty: the engine of this machine', 'organization', 'organization on the remote engine', 'api', 'what the remote engine speaks; of other APIs, sessions can be ended', 'goal', 'goal of `focus start` without --goal', 'minutes', 'length of `focus start` without --minutes', 'intensity', 'intensity of `focus start` without --intensity', 'device', 'output device, by name or the beginning of it; empty: the system''s default', 'latency', 'seconds of sound a device buffers that no sound server drives', 'start_timeout', 'seconds to wait for the local engine to start', 'idle_exit', 'seconds after which an idle local engine leaves', 'slots', 'render processes of the local engine; 0: one less than the processors', 'segment_seconds', 'nominal length of a segment made by the local engine', 'url_ttl', 'seconds for which a signed media URL can be used', 'retention', 'seconds for which the audio of a session is kept after its end', 'engine_quota', 'MiB of audio that the local engine keeps; beyond that the least recently used goes', 'session_idle', 'seconds without a request after which nothing more of a session is made until the next one', 'cache', 'MiB of segments that were played kept on this disk; 0: none', 'musicgen_weights', 'folder of MusicGen''s weights for `--engine musicgen`; empty: none', 'rate_limit', 'requests a minute that each API key may make; 0: any number', 'prices', 'price of a segment in CHF by engine key (KEY=CHF,…); what is not named is free', 'cap_day', 'CHF that an organization may spend on a day (UTC); empty: no cap', 'cap_week', 'CHF that an organization may spend in a week, from Monday; empty: no cap', 'cap_month', 'CHF that an organization may spend in a calendar month; empty: no cap', 'lease', 'seconds after which a segment being rendered may be claimed again')
        'config set 0' = @('remote', 'URL or name of a remote engine; empty: the engine of this machine', 'organization', 'organization on the remote engine', 'api', 'what the remote engine speaks; of other APIs, sessions can be ended', 'goal', 'goal of `focus start` without --goal', 'minutes', 'length of `focus start` without --minutes', 'intensity', 'intensity of `focus start` without --intensity', 'device', 'output device, by name or the beginning of it; empty: the system''s default', 'latency', 'seconds of sound a device buffers that no sound server drives', 'start_timeout', 'seconds to wait for the local engine to start', 'idle_exit', 'seconds after which an idle local engine leaves', 'slots', 'render processes of the local engine; 0: one less than the processors', 'segment_seconds', 'nominal length of a segment made by the local engine', 'url_ttl', 'seconds for which a signed media URL can be used', 'retention', 'seconds for which the audio of a session is kept after its end', 'engine_quota', 'MiB of audio that the local engine keeps; beyond that the least recently used goes', 'session_idle', 'seconds without a request after which nothing more of a session is made until the next one', 'cache', 'MiB of segments that were played kept on this disk; 0: none', 'musicgen_weights', 'folder of MusicGen''s weights for `--engine musicgen`; empty: none', 'rate_limit', 'requests a minute that each API key may make; 0: any number', 'prices', 'price of a segment in CHF by engine key (KEY=CHF,…); what is not named is free', 'cap_day', 'CHF that an organization may spend on a day (UTC); empty: no cap', 'cap_week', 'CHF that an organization may spend in a week, from Monday; empty: no cap', 'cap_month', 'CHF that an organization may spend in a calendar month; empty: no cap', 'lease', 'seconds after which a segment being rendered may be claimed again')
        'config unset 0' = @('remote', 'URL or name of a remote engine; empty: the engine of this machine', 'organization', 'organization on the remote engine', 'api', 'what the remote engine speaks; of other APIs, sessions can be ended', 'goal', 'goal of `focus start` without --goal', 'minutes', 'length of `focus start` without --minutes', 'intensity', 'intensity of `focus start` without --intensity', 'device', 'output device, by name or the beginning of it; empty: the system''s default', 'latency', 'seconds of sound a device buffers that no sound server drives', 'start_timeout', 'seconds to wait for the local engine to start', 'idle_exit', 'seconds after which an idle local engine leaves', 'slots', 'render processes of the local engine; 0: one less than the processors', 'segment_seconds', 'nominal length of a segment made by the local engine', 'url_ttl', 'seconds for which a signed media URL can be used', 'retention', 'seconds for which the audio of a session is kept after its end', 'engine_quota', 'MiB of audio that the local engine keeps; beyond that the least recently used goes', 'session_idle', 'seconds without a request after which nothing more of a session is made until the next one', 'cache', 'MiB of segments that were played kept on this disk; 0: none', 'musicgen_weights', 'folder of MusicGen''s weights for `--engine musicgen`; empty: none', 'rate_limit', 'requests a minute that each API key may make; 0: any number', 'prices', 'price of a segment in CHF by engine key (KEY=CHF,…); what is not named is free', 'cap_day', 'CHF that an organization may spend on a day (UTC); empty: no cap', 'cap_week', 'CHF that an organization may spend in a week, from Monday; empty: no cap', 'cap_month', 'CHF that an organization may spend in a calendar month; empty: no cap', 'lease', 'seconds after which a segment being rendered may be claimed again')
        'auth login --store' = @('file', '', 'keyring', '')
        'completion 0' = @('bash', '', 'zsh', '', 'fish', '', 'powershell', '')
    }
    $live = @{
        '--remote' = 'remotes'
        'start --remote' = 'remotes'
        'watch --remote' = 'remotes'
        'status --remote' = 'remotes'
        'show --remote' = 'remotes'
        'end --remote' = 'remotes'
        'list --remote' = 'remotes'
        'pause --remote' = 'remotes'
        'resume --remote' = 'remotes'
        'next --remote' = 'remotes'
        'previous --remote' = 'remotes'
        'volume --remote' = 'remotes'
        'mute --remote' = 'remotes'
        'sleep --remote' = 'remotes'
        'export --remote' = 'remotes'
        'promote --remote' = 'remotes'
        'tracks --remote' = 'remotes'
        'engines --remote' = 'remotes'
        'usage --remote' = 'remotes'
        'devices --remote' = 'remotes'
        'engine --remote' = 'remotes'
        'engine serve --remote' = 'remotes'
        'engine status --remote' = 'remotes'
        'engine stop --remote' = 'remotes'
        'engine restart --remote' = 'remotes'
        'engine logs --remote' = 'remotes'
        'engine key --remote' = 'remotes'
        'engine key create --remote' = 'remotes'
        'engine key list --remote' = 'remotes'
        'engine key revoke --remote' = 'remotes'
        'config --remote' = 'remotes'
        'config list --remote' = 'remotes'
        'config get --remote' = 'remotes'
        'config set --remote' = 'remotes'
        'config unset --remote' = 'remotes'
        'config edit --remote' = 'remotes'
        'config path --remote' = 'remotes'
        'auth --remote' = 'remotes'
        'auth login --remote' = 'remotes'
        'auth status --remote' = 'remotes'
        'auth logout --remote' = 'remotes'
        'doctor --remote' = 'remotes'
        'completion --remote' = 'remotes'
        'version --remote' = 'remotes'
        'start --engine' = 'engines'
        'watch --device' = 'devices'
        'watch 0' = 'sessions'
        'status 0' = 'sessions'
        'show 0' = 'sessions'
        'end 0' = 'sessions'
        'export 0' = 'sessions'
        'promote 0' = 'sessions'
    }

    $lead = ''
    $expect = ''
    $place = 0
    $onlyWords = $false
    $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition })
    foreach ($element in ($before | Select-Object -Skip 1)) {
        $word = $element.Extent.Text
        $key = "$lead $word".Trim()
        if ($expect) {
            $expect = ''
        }
        elseif ($onlyWords) {
            $place++
        }
        elseif ($word -eq '--') {
            $onlyWords = $true
        }
        elseif ($word.StartsWith('-')) {
            if ($takesValue -ccontains $key) { $expect = $key }
        }
        elseif ($leads -ccontains $key) {
            $lead = $key
            $place = 0
        }
        else {
            $place++
        }
    }

    $typed = $wordToComplete
    $prefix = ''
    if (-not $expect -and $typed -match '^(--[^=]+=)(.*)$') {
        $prefix = $Matches[1]
        $typed = $Matches[2]
        $expect = "$lead $($prefix.TrimEnd('='))".Trim()
    }
    $pairs = @()
    if (-not $expect -and -not $onlyWords -and $typed.StartsWith('-')) {
        $pairs = $options[$lead]
    }
    elseif (-not $expect -and $children[$lead]) {
        $pairs = $children[$lead]
    }
    else {
        $key = $expect
        if (-not $key) { $key = "$lead $place".Trim() }
        if ($values[$key]) {
            $pairs = $values[$key]
        }
        elseif ($live[$key]) {
            $program = $commandAst.CommandElements[0].Extent.Text
            $pairs = @(& $program __complete $live[$key] $typed 2>$null | ForEach-Object { $_ -split "`t", 2 })
        }
    }
    for ($i = 0; $i + 1 -lt $pairs.Count; $i += 2) {
        $value = $pairs[$i]
        $tip = $pairs[$i + 1]
        if (-not $tip) { $tip = $value }
        if ($value.StartsWith($typed, [System.StringComparison]::Ordinal)) {
            [System.Management.Automation.CompletionResult]::new("$prefix$value", $value, 'ParameterValue', $tip)
        }
    }
}
