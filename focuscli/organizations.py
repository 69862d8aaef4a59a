"""What single organizations may use of an engine: `[organizations.ID]` in the settings file of who serves it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from focuscli.spelling import did_you_mean

CAPS = ("cap_day", "cap_week", "cap_month")
FIELDS = {
    "rate_limit": "requests a minute that its keys may make together; 0: any number",
    **{cap: f"CHF that it may spend in a {cap.removeprefix('cap_')}; empty text: no cap" for cap in CAPS},
}
"""What can be said of an organization; what is not said is as for all others."""


@dataclass(frozen=True, slots=True)
class Allotment:
    """What one organization may use. `rate_limit` None and a cap that is not named: as for all others."""

    rate_limit: int | None = None
    caps_chf: Mapping[str, float | None] = field(default_factory=dict)


def read_organizations(written: object) -> tuple[dict[str, Allotment], list[str]]:
    """The allotments by organization, and a sentence for every mistake in the table."""
    if not isinstance(written, Mapping):
        return {}, ["organizations is no table: write [organizations.ID] and below it cap_month = 100"]
    allotments: dict[str, Allotment] = {}
    problems: list[str] = []
    for organization_id, fields in written.items():
        wrong = _mistakes(organization_id, fields)
        problems += wrong
        if not wrong:
            caps = {cap: None if fields[cap] == "" else float(fields[cap]) for cap in CAPS if cap in fields}
            allotments[organization_id] = Allotment(fields.get("rate_limit"), caps)
    return allotments, problems


def _mistakes(organization_id: str, fields: Any) -> list[str]:
    where = f"[organizations.{organization_id}]"
    if not isinstance(fields, Mapping):
        return [f"{where} is no table"]
    wrong = [f"{where} {key} is no word of it{did_you_mean(key, FIELDS)}" for key in fields if key not in FIELDS]
    rate = fields.get("rate_limit", 0)
    if type(rate) is not int or not 0 <= rate <= 10_000_000:
        wrong.append(f"{where} rate_limit = {rate!r}: must be a whole number, 0 to 10000000")
    for cap in CAPS:
        value = fields.get(cap, "")
        if value != "" and (type(value) not in {int, float} or not 0.0 <= value <= 1e9):
            wrong.append(f'{where} {cap} = {value!r}: must be an amount in CHF, 0 or more, or "" for none')
    return wrong
