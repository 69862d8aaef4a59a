"""What a command finds: where things live, what was set, and the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from focuscli.folders import project_file
from focuscli.paths import Paths
from focuscli.plain_text import printable
from focuscli.settings import Settings

if TYPE_CHECKING:
    from focuscli.client.api import EngineClient
    from focuscli.keyfiles import KeyFiles


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a command finds: where things live, what was set, and the environment."""

    paths: Paths
    settings: Settings
    environment: Mapping[str, str]

    @classmethod
    def find(
        cls, environment: Mapping[str, str], options: Mapping[str, object], *, file: Path | None = None
    ) -> "Surroundings":
        """Read all settings, those in files unless FOCUS_NO_CONFIG; raises BadSetting naming every bad value.

        With `file` it is read, and neither the user's nor a project's.
        """
        paths = Paths.find(environment)
        files = not file and not environment.get("FOCUS_NO_CONFIG")
        of_project = project_file() if files else ""
        settings = Settings.load(
            file=paths.config_file if files else file,
            environment=environment,
            options=options,
            project=Path(of_project) if of_project else None,
        )
        return cls(paths, settings, environment)

    @property
    def keys(self) -> "KeyFiles":
        """The keys of remote engines that are kept here."""
        from focuscli.keyfiles import KeyFiles

        return KeyFiles(self.paths.keys)

    @property
    def remote(self) -> str:
        """The remote engine's URL; empty for the engine of this machine."""
        return str(self.settings["remote"])

    def cautions(self) -> list[str]:
        """What is likely not as it was meant: a sentence each."""
        if not self.remote:
            return list(self.settings.cautions)
        from focuscli.client.signing_in import beaten

        return [*self.settings.cautions, *beaten(self.remote, str(self.settings["api"]), self.environment, self.keys)]

    def where(self, client: "EngineClient") -> str:
        """Which engine is talked to, for people."""
        if not self.remote:
            return "this machine"
        name = self.settings.remote_name
        return f"{f'{printable(name)}: ' if name else ''}{client.host}, {printable(client.organization)}"
