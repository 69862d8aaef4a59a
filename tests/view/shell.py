"""A shell with one job: gives it the foreground of a terminal, and tells what becomes of it and of the terminal.

Usage: shell.py REPORT CONTROL PROGRAM…, as the leader of a session whose terminal is stdin. A line each to the
descriptor REPORT: `attributes A`, `stopped A`, `exit CODE A`, where A are the terminal's attributes then.
`continue` on the descriptor CONTROL goes on; its end ends the shell.
"""

import fcntl
import os
import signal
import subprocess
import sys
import termios


def attributes() -> str:
    return repr(termios.tcgetattr(0)).replace(" ", "")


def main() -> None:
    report, control = int(sys.argv[1]), os.fdopen(int(sys.argv[2]))
    for name in ("SIGTTOU", "SIGHUP", "SIGINT", "SIGTSTP"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def tell(line: str) -> None:
        os.write(report, f"{line}\n".encode())

    tell(f"attributes {attributes()}")
    job = subprocess.Popen(sys.argv[3:], process_group=0, pass_fds=[report], restore_signals=True)
    os.tcsetpgrp(0, job.pid)
    while True:
        _, status = os.waitpid(job.pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            break
        os.tcsetpgrp(0, os.getpgrp())
        tell(f"stopped {attributes()}")
        control.readline()
        os.tcsetpgrp(0, job.pid)
        os.kill(job.pid, signal.SIGCONT)
    try:
        after = attributes()
    except termios.error:
        after = "gone"
    tell(f"exit {os.waitstatus_to_exitcode(status)} {after}")
    control.read()


if __name__ == "__main__":
    main()
