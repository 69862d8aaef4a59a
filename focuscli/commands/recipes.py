"""Recipes for other programs, which `focus help scripting` shows and the tests run as they stand."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """What it is for, which file it goes into (empty: a shell), and what stands there."""

    name: str
    title: str
    file: str
    text: str


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "tmux",
        "the session in tmux's status line",
        "~/.tmux.conf",
        """\
set -g status-interval 1
set -g status-right-length 60
set -g status-right "#(focus status --format tmux)"
""",
    ),
    Recipe(
        "waybar",
        "a module of waybar's; a click mutes, the right button ends",
        "~/.config/waybar/config",
        """\
{
  "modules-right": ["custom/focus"],
  "custom/focus": {
    "exec": "focus status --follow --format waybar",
    "return-type": "json",
    "restart-interval": 5,
    "on-click": "focus mute",
    "on-click-right": "focus end"
  }
}
""",
    ),
    Recipe(
        "cron",
        "a night that is ready at bedtime and over in the morning",
        "crontab -e",
        """\
55 21 * * * focus start --goal sleep --until 07:00 --if-none --quiet
0 7 * * * focus end --fade 1m
""",
    ),
    Recipe(
        "jq",
        "start, look, and end whatever is active",
        "",
        """\
id=$(focus start --goal relax --minutes 30 --json | jq -r .session_id)
focus status "$id" --json | jq '{ready: .ready_count, of: .total_segments}'
focus watch "$id" --no-audio --json | jq --unbuffered -r 'select(.type == "now") | "segment \\(.segment_index)"'
focus list --json | jq -r '.sessions[] | select(.status == "active") | .session_id' | xargs -r -n 1 focus end
""",
    ),
    Recipe(
        "systemd-service",
        "music on working days from nine on: what is played, and then its timer",
        "~/.config/systemd/user/focus-morning.service",
        """\
[Unit]
Description=Music to focus

[Service]
ExecStart=%h/.local/bin/focus start --goal focus --until 12:00 --if-none --watch
SuccessExitStatus=130 143
""",
    ),
    Recipe(
        "systemd-timer",
        "its timer; then: systemctl --user enable --now focus-morning.timer",
        "~/.config/systemd/user/focus-morning.timer",
        """\
[Unit]
Description=Music to focus, on working days

[Timer]
OnCalendar=Mon..Fri 09:00

[Install]
WantedBy=timers.target
""",
    ),
)
