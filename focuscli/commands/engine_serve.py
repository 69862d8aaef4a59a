"""`focus engine serve`: the engine in the foreground, for this machine or behind TLS for others."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from focuscli.assemble import door_wish, serve
from focuscli.commands.invocation import Invocation
from focuscli.commands.output import document, say


def run_in_foreground(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0: any free one.", min=0, max=65535)] = 0,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain in PEM, for others.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key.")] = None,
    behind_proxy: Annotated[bool, typer.Option("--behind-proxy", help="A proxy in front does TLS.")] = False,
    public_url: Annotated[str, typer.Option(help="The https:// URL that others use, where it is another.")] = "",
    metrics: Annotated[str, typer.Option(help="Where Prometheus may ask.", metavar="HOST:PORT")] = "",
    config: Annotated[Path | None, typer.Option(help="Settings file in place of yours.", exists=True)] = None,
) -> None:
    """Run the engine here, in the foreground, until Ctrl-C.

    \b
    Examples:
      focus engine serve
      focus engine serve --port 8750
      focus engine serve --host 0.0.0.0 --port 443 --tls-cert c.pem --tls-key k.pem --public-url https://focus.lan

    Others are served with TLS only, and only once a key lets somebody in: focus engine key create. What this
    machine's own user asks goes through a door of its own on loopback. See: man focus-engine.7
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings(file=config)
    wish = door_wish(host, port, tls_cert, tls_key, behind_proxy=behind_proxy, public_url=public_url, metrics=metrics)

    def ready(url: str, pid: int, origin: str | None) -> None:
        if asked.json:
            found = {"schema": 1, "url": url, "public_url": origin, "pid": pid}
            document({**found, "api_key_file": str(around.paths.engine_key)})
        else:
            for_others = f"for others at {origin}, and for you " if origin else ""
            say(f"the engine listens {for_others}at {url}; its key is in {around.paths.engine_key}")
        sys.stdout.flush()

    serve(around, wish, ready)
