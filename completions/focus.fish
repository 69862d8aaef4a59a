# Written by `python -m focuscli.manual` from the program's own tree: change that, not this.

function __focus_children
    switch $argv[1]
        case ''
            printf '%s\t%s\n' 'start' 'Start a session.' 'watch' 'Listen to a session, live.' 'status' 'Show how a session stands; exit code 3 when nothing is running.' 'show' 'Show everything that is known of a session, segment by segment.' 'end' 'End a session; what is ready of it stays playable.' 'list' 'List the sessions, newest first.' 'pause' 'Pause the sound of the player that is playing.' 'resume' 'Let a paused player go on.' 'next' 'Cross over into the next segment.' 'previous' 'Cross over to the beginning of this segment, or into the one before.' 'volume' 'Turn the volume of the player that is playing, or tell it.' 'mute' 'Silence the player that is playing, or let it sound again; it plays on meanwhile.' 'sleep' 'Let the player that is playing fall silent by then, and leave.' 'export' 'Write a whole session into a file, or to stdout.' 'report' 'Show what a session sounds like: loudness, seams, stages, what changes and why, dropouts.' 'promote' 'Keep a ready segment for good, as a track.' 'tracks' 'List the tracks that were kept, newest first; show or delete one.' 'engines' 'List the music generators, and what their music may be used for.' 'usage' 'Show what was made and spent today, this week and this month, and the caps.' 'devices' 'List the output devices; exit code 8 when there is none.' 'engine' 'See, start and stop the engine of this machine.' 'config' 'See and change the settings.' 'auth' 'Sign in to a remote engine, and see how that stands.' 'doctor' 'Check everything that sound needs, and say how to mend it.' 'help' 'Explain a topic, or a command.' 'completion' 'Print the completion script of a shell.' 'version' 'Show the versions of this program and of the running engine.'
        case 'engine'
            printf '%s\t%s\n' 'serve' 'Run the engine here, in the foreground, until Ctrl-C.' 'status' 'Show whether the engine runs, where, and where its key is; exit code 3 when it does not.' 'stop' 'Stop the engine and wait until it has left; sessions that were active end.' 'restart' 'Stop the engine, if it runs, and start it anew.' 'logs' 'Show the last lines of the engine\'s log.' 'service' 'Print a unit with which systemd runs the engine for this user, or install it.' 'key' 'Make, list and revoke the keys with which others use this engine.'
        case 'engine key'
            printf '%s\t%s\n' 'create' 'Make a key for a user of --organization, and say it this once.' 'list' 'List all keys, without their secrets.' 'revoke' 'Let nobody in with that key any more, from the next request on.' 'rotate' 'Sign media URLs with a new key from now on; those that are out stay valid until they expire.'
        case 'config'
            printf '%s\t%s\n' 'list' 'Show every setting, its value and what set it.' 'get' 'Print the value of one setting.' 'set' 'Write a setting into your settings file; comments in it stay.' 'unset' 'Remove a setting from your settings file, so that it is as it comes.' 'edit' 'Open your settings file in VISUAL or EDITOR, and check it afterwards.' 'path' 'Print where your settings file is, or would be.'
        case 'auth'
            printf '%s\t%s\n' 'login' 'Keep the key of a remote engine: typed where nobody sees it, or from stdin.' 'status' 'Show which key is used where, and whether it is taken; exit code 4 where one is missing or refused.' 'logout' 'Forget the key that is kept for a remote engine.'
        case '*'
            return 1
    end
end

function __focus_options
    switch $argv[1]
        case ''
            printf '%s\t%s\n' '--version' 'Show the version and leave.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'start'
            printf '%s\t%s\n' '--goal' 'What the music is for.' '--for' 'How long: 90, 90m or 1h30m.' '--minutes' 'How long: 90, 90m or 1h30m.' '--until' 'Or until when, by the clock here.' '--prompt' 'The music in words; means custom_prompt.' '--intensity' 'How much of it.' '--divergence' 'How varied: 0 very similar, 1 highly varied.' '--engine' 'The music generator to use.' '--seed' 'The same seed gives the same music.' '--modulation' 'How deep it dips 16 times a second.' '--lease' 'End it when nobody asks for it so long: 5m, 90s.' '--watch' 'Listen to it at once.' '--no-audio' 'With --watch: silently, at the same pace.' '--wait' 'Wait until all of it is ready.' '--if-none' 'Take the session that is active already, if there is one.' '-q' 'Print the id alone.' '--quiet' 'Print the id alone.' '--explain' 'Say what the prompt is understood to mean, and start nothing.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'watch'
            printf '%s\t%s\n' '--device' 'Output device, by name or the beginning of it.' '--volume' 'Volume in percent.' '--sleep' 'Fall silent by then, and leave: 30, 45m, 1h.' '--sleep-fade' 'How long that takes.' '--rise' 'Rise from silence at the beginning.' '--no-audio' 'Play silently, at the same pace.' '--plain' 'Lines instead of a picture.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'status'
            printf '%s\t%s\n' '--format' 'One line, such as \'{goal} {ready}\', or waybar, i3blocks, tmux; see: focus help formatting' '--follow' 'Go on, with a line whenever it changes.' '-q' 'Say nothing; the exit code tells.' '--quiet' 'Say nothing; the exit code tells.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'show'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'end'
            printf '%s\t%s\n' '--fade' 'How long the sound that plays falls before: 20s, 1m.' '--now' 'Let it fall at once.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'list'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'pause'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'resume'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'next'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'previous'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'volume'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'mute'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'sleep'
            printf '%s\t%s\n' '--fade' 'How long the sound falls.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'export'
            printf '%s\t%s\n' '--to' 'flac, wav, ogg, opus or mp3; - is WAV to stdout.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'report'
            printf '%s\t%s\n' '--html' 'Write a page with pictures.' '--png' 'Write one picture.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'promote'
            printf '%s\t%s\n' '--title' 'What to call it.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'tracks'
            printf '%s\t%s\n' '--delete' 'Remove the track and its audio for good.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'engines'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'usage'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'devices'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'engine'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'engine serve'
            printf '%s\t%s\n' '--host' 'Address to listen on.' '--port' 'Port to listen on; 0: any free one.' '--tls-cert' 'Certificate chain in PEM, for others.' '--tls-key' 'Its private key.' '--behind-proxy' 'A proxy in front does TLS.' '--public-url' 'The https:// URL that others use, where it is another.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'engine status'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'engine stop'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'engine restart'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'engine logs'
            printf '%s\t%s\n' '-n' 'How many of the last lines.' '--lines' 'How many of the last lines.' '-f' 'Go on showing what is added, until Ctrl-C.' '--follow' 'Go on showing what is added, until Ctrl-C.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'engine service'
            printf '%s\t%s\n' '--install' 'Write it to where systemd looks for it.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'engine key'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'engine key create'
            printf '%s\t%s\n' '--user' 'The user\'s id; without it, a new one.' '--name' 'What to call the key in lists.' '--capability' 'What it may do; may be repeated. [default: USE_MUSIC_GENERATION]' '--expires' 'For how long: 90d, 12h; without it, for ever.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'engine key list'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'engine key revoke'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'engine key rotate'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'config'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'config list'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'config get'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'config set'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'config unset'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'config edit'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'config path'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'auth'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'auth login'
            printf '%s\t%s\n' '--store' 'A private file, or the system\'s keyring.' '--no-check' 'Keep it without asking the engine.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'auth status'
            printf '%s\t%s\n' '--no-check' 'Ask no engine.' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'auth logout'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'doctor'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'help'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'completion'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
        case 'version'
            printf '%s\t%s\n' '--json' 'One JSON document, or one JSON object a line for what goes on.' '--fields' 'Of --json only these keys.' '--remote' 'Remote engine, its URL or name (FOCUS_REMOTE).' '--organization' 'Organization on the remote engine (FOCUS_ORGANIZATION).' '--no-config' 'Read no settings file (FOCUS_NO_CONFIG).' '--color' 'When to use colour: auto, always or never.' '-h' 'Show this message and exit.' '--help' 'Show this message and exit.'
    end
end

function __focus_takes_value
    contains -- $argv[1] '--fields' '--remote' '--organization' '--color' 'start --goal' 'start --for' 'start --minutes' 'start --until' 'start --prompt' 'start --intensity' 'start --divergence' 'start --engine' 'start --seed' 'start --modulation' 'start --lease' 'start --fields' 'start --remote' 'start --organization' 'start --color' 'watch --device' 'watch --volume' 'watch --sleep' 'watch --sleep-fade' 'watch --rise' 'watch --fields' 'watch --remote' 'watch --organization' 'watch --color' 'status --format' 'status --fields' 'status --remote' 'status --organization' 'status --color' 'show --fields' 'show --remote' 'show --organization' 'show --color' 'end --fade' 'end --fields' 'end --remote' 'end --organization' 'end --color' 'list --fields' 'list --remote' 'list --organization' 'list --color' 'pause --fields' 'pause --remote' 'pause --organization' 'pause --color' 'resume --fields' 'resume --remote' 'resume --organization' 'resume --color' 'next --fields' 'next --remote' 'next --organization' 'next --color' 'previous --fields' 'previous --remote' 'previous --organization' 'previous --color' 'volume --fields' 'volume --remote' 'volume --organization' 'volume --color' 'mute --fields' 'mute --remote' 'mute --organization' 'mute --color' 'sleep --fade' 'sleep --fields' 'sleep --remote' 'sleep --organization' 'sleep --color' 'export --to' 'export --fields' 'export --remote' 'export --organization' 'export --color' 'report --html' 'report --png' 'report --fields' 'report --remote' 'report --organization' 'report --color' 'promote --title' 'promote --fields' 'promote --remote' 'promote --organization' 'promote --color' 'tracks --fields' 'tracks --remote' 'tracks --organization' 'tracks --color' 'engines --fields' 'engines --remote' 'engines --organization' 'engines --color' 'usage --fields' 'usage --remote' 'usage --organization' 'usage --color' 'devices --fields' 'devices --remote' 'devices --organization' 'devices --color' 'engine --fields' 'engine --remote' 'engine --organization' 'engine --color' 'engine serve --host' 'engine serve --port' 'engine serve --tls-cert' 'engine serve --tls-key' 'engine serve --public-url' 'engine serve --fields' 'engine serve --remote' 'engine serve --organization' 'engine serve --color' 'engine status --fields' 'engine status --remote' 'engine status --organization' 'engine status --color' 'engine stop --fields' 'engine stop --remote' 'engine stop --organization' 'engine stop --color' 'engine restart --fields' 'engine restart --remote' 'engine restart --organization' 'engine restart --color' 'engine logs -n' 'engine logs --lines' 'engine logs --fields' 'engine logs --remote' 'engine logs --organization' 'engine logs --color' 'engine service --fields' 'engine service --remote' 'engine service --organization' 'engine service --color' 'engine key --fields' 'engine key --remote' 'engine key --organization' 'engine key --color' 'engine key create --user' 'engine key create --name' 'engine key create --capability' 'engine key create --expires' 'engine key create --fields' 'engine key create --remote' 'engine key create --organization' 'engine key create --color' 'engine key list --fields' 'engine key list --remote' 'engine key list --organization' 'engine key list --color' 'engine key revoke --fields' 'engine key revoke --remote' 'engine key revoke --organization' 'engine key revoke --color' 'engine key rotate --fields' 'engine key rotate --remote' 'engine key rotate --organization' 'engine key rotate --color' 'config --fields' 'config --remote' 'config --organization' 'config --color' 'config list --fields' 'config list --remote' 'config list --organization' 'config list --color' 'config get --fields' 'config get --remote' 'config get --organization' 'config get --color' 'config set --fields' 'config set --remote' 'config set --organization' 'config set --color' 'config unset --fields' 'config unset --remote' 'config unset --organization' 'config unset --color' 'config edit --fields' 'config edit --remote' 'config edit --organization' 'config edit --color' 'config path --fields' 'config path --remote' 'config path --organization' 'config path --color' 'auth --fields' 'auth --remote' 'auth --organization' 'auth --color' 'auth login --store' 'auth login --fields' 'auth login --remote' 'auth login --organization' 'auth login --color' 'auth status --fields' 'auth status --remote' 'auth status --organization' 'auth status --color' 'auth logout --fields' 'auth logout --remote' 'auth logout --organization' 'auth logout --color' 'doctor --fields' 'doctor --remote' 'doctor --organization' 'doctor --color' 'help --fields' 'help --remote' 'help --organization' 'help --color' 'completion --fields' 'completion --remote' 'completion --organization' 'completion --color' 'version --fields' 'version --remote' 'version --organization' 'version --color'
end

function __focus_leads
    contains -- $argv[1] 'start' 'watch' 'status' 'show' 'end' 'list' 'pause' 'resume' 'next' 'previous' 'volume' 'mute' 'sleep' 'export' 'report' 'promote' 'tracks' 'engines' 'usage' 'devices' 'engine' 'config' 'auth' 'doctor' 'help' 'completion' 'version' 'engine serve' 'engine status' 'engine stop' 'engine restart' 'engine logs' 'engine service' 'engine key' 'engine key create' 'engine key list' 'engine key revoke' 'engine key rotate' 'config list' 'config get' 'config set' 'config unset' 'config edit' 'config path' 'auth login' 'auth status' 'auth logout'
end

function __focus_values
    switch $argv[1]
        case '--remote' 'start --remote' 'watch --remote' 'status --remote' 'show --remote' 'end --remote' 'list --remote' 'pause --remote' 'resume --remote' 'next --remote' 'previous --remote' 'volume --remote' 'mute --remote' 'sleep --remote' 'export --remote' 'report --remote' 'promote --remote' 'tracks --remote' 'engines --remote' 'usage --remote' 'devices --remote' 'engine --remote' 'engine serve --remote' 'engine status --remote' 'engine stop --remote' 'engine restart --remote' 'engine logs --remote' 'engine service --remote' 'engine key --remote' 'engine key create --remote' 'engine key list --remote' 'engine key revoke --remote' 'engine key rotate --remote' 'config --remote' 'config list --remote' 'config get --remote' 'config set --remote' 'config unset --remote' 'config edit --remote' 'config path --remote' 'auth --remote' 'auth login --remote' 'auth status --remote' 'auth logout --remote' 'doctor --remote' 'help --remote' 'completion --remote' 'version --remote'
            __focus_live remotes
        case '--color' 'start --color' 'watch --color' 'status --color' 'show --color' 'end --color' 'list --color' 'pause --color' 'resume --color' 'next --color' 'previous --color' 'volume --color' 'mute --color' 'sleep --color' 'export --color' 'report --color' 'promote --color' 'tracks --color' 'engines --color' 'usage --color' 'devices --color' 'engine --color' 'engine serve --color' 'engine status --color' 'engine stop --color' 'engine restart --color' 'engine logs --color' 'engine service --color' 'engine key --color' 'engine key create --color' 'engine key list --color' 'engine key revoke --color' 'engine key rotate --color' 'config --color' 'config list --color' 'config get --color' 'config set --color' 'config unset --color' 'config edit --color' 'config path --color' 'auth --color' 'auth login --color' 'auth status --color' 'auth logout --color' 'doctor --color' 'help --color' 'completion --color' 'version --color'
            printf '%s\t%s\n' 'auto' 'where it is a terminal' 'always' '' 'never' ''
        case 'start --goal'
            printf '%s\t%s\n' 'focus' '' 'relax' '' 'sleep' '' 'energize' '' 'custom_prompt' ''
        case 'start --intensity'
            printf '%s\t%s\n' 'low' '' 'medium' '' 'high' ''
        case 'start --engine'
            __focus_live engines
        case 'start --modulation'
            printf '%s\t%s\n' 'off' '' 'low' '' 'medium' '' 'high' ''
        case 'watch --device'
            __focus_live devices
        case 'watch 0' 'status 0' 'show 0' 'end 0' 'export 0' 'report 0' 'promote 0'
            __focus_live sessions
        case 'status --format'
            printf '%s\t%s\n' 'waybar' 'JSON for its custom module' 'i3blocks' 'JSON for a block' 'tmux' 'a piece of its line'
        case 'mute 0'
            printf '%s\t%s\n' 'on' '' 'off' ''
        case 'config get 0' 'config set 0' 'config unset 0'
            printf '%s\t%s\n' 'remote' 'URL or name of a remote engine; empty: the engine of this machine' 'organization' 'organization on the remote engine' 'api' 'what the remote engine speaks; of other APIs, sessions can be ended' 'goal' 'goal of `focus start` without --goal' 'minutes' 'length of `focus start` without --minutes' 'intensity' 'intensity of `focus start` without --intensity' 'device' 'output device, by name or the beginning of it; empty: the system\'s default' 'latency' 'seconds of sound a device buffers that no sound server drives' 'awake' 'whether the machine is kept from suspending while sound plays' 'start_timeout' 'seconds to wait for the local engine to start' 'idle_exit' 'seconds after which an idle local engine leaves' 'slots' 'render processes of the local engine; 0: one less than the processors' 'segment_seconds' 'nominal length of a segment made by the local engine' 'url_ttl' 'seconds for which a signed media URL can be used' 'retention' 'seconds for which the audio of a session is kept after its end' 'engine_quota' 'MiB of audio that the local engine keeps; beyond that the least recently used goes' 'session_idle' 'seconds without a request after which nothing more of a session is made until the next one' 'cache' 'MiB of segments that were played kept on this disk; 0: none' 'musicgen_weights' 'folder of MusicGen\'s weights for `--engine musicgen`; empty: none' 'rate_limit' 'requests a minute that each API key may make; 0: any number' 'prices' 'price of a segment in CHF by engine key (KEY=CHF,…); what is not named is free' 'cap_day' 'CHF that an organization may spend on a day (UTC); empty: no cap' 'cap_week' 'CHF that an organization may spend in a week, from Monday; empty: no cap' 'cap_month' 'CHF that an organization may spend in a calendar month; empty: no cap' 'lease' 'seconds after which a segment being rendered may be claimed again'
        case 'auth login --store'
            printf '%s\t%s\n' 'file' '' 'keyring' ''
        case 'completion 0'
            printf '%s\t%s\n' 'bash' '' 'zsh' '' 'fish' '' 'powershell' ''
    end
end

function __focus_live
    set -l tokens (commandline -opc)
    eval (string escape -- $tokens[1]) __complete $argv[1] "''" 2>/dev/null
end

# What stands before the cursor: the command, the option whose value is due, and the place of a word.
function __focus_walk
    set -l tokens (commandline -opc)
    set -g __focus_lead ''
    set -g __focus_expect ''
    set -g __focus_place 0
    set -l only_words ''
    for word in $tokens[2..-1]
        set -l key (string trim -- "$__focus_lead $word")
        if test -n "$__focus_expect"
            set -g __focus_expect ''
        else if test -n "$only_words"
            set -g __focus_place (math $__focus_place + 1)
        else if test "$word" = --
            set only_words 1
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
    contains -- "$__focus_expect" 'export --to' 'report --html' 'report --png' 'engine serve --tls-cert' 'engine serve --tls-key'
    or contains -- (__focus_key $__focus_place) 'export --to' 'report --html' 'report --png' 'engine serve --tls-cert' 'engine serve --tls-key'
end

complete -c focus -e
complete -c focus -f -k -a '(__focus_complete)'
complete -c focus -n __focus_wants_file -F
