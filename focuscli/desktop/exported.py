"""An object on a message bus as tables and answers, whichever library carries them.

The standard interfaces of every object (Properties, Introspectable, Peer) are those of the D-Bus specification,
"Standard Interfaces".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

PROPERTIES = "org.freedesktop.DBus.Properties"
INTROSPECTABLE = "org.freedesktop.DBus.Introspectable"

_ERROR = "org.freedesktop.DBus.Error"
_STANDARD = f"""\
  <interface name="{INTROSPECTABLE}">
    <method name="Introspect"><arg name="xml_data" type="s" direction="out"/></method>
  </interface>
  <interface name="{PROPERTIES}">
    <method name="Get"><arg name="interface_name" type="s" direction="in"/>\
<arg name="property_name" type="s" direction="in"/><arg name="value" type="v" direction="out"/></method>
    <method name="Set"><arg name="interface_name" type="s" direction="in"/>\
<arg name="property_name" type="s" direction="in"/><arg name="value" type="v" direction="in"/></method>
    <method name="GetAll"><arg name="interface_name" type="s" direction="in"/>\
<arg name="properties" type="a{{sv}}" direction="out"/></method>
    <signal name="PropertiesChanged"><arg name="interface_name" type="s"/>\
<arg name="changed_properties" type="a{{sv}}"/><arg name="invalidated_properties" type="as"/></signal>
  </interface>
"""
_DOCTYPE = (
    '<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN" '
    '"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">\n'
)


class Typed(NamedTuple):
    """A value with its D-Bus signature, for where the wire has a variant."""

    signature: str
    value: Any


class Argument(NamedTuple):
    """One argument of a method or a signal."""

    name: str
    signature: str


@dataclass(frozen=True, slots=True)
class Interface:
    """What it can be asked for, by name; `properties` and `writable` give signatures, no method returns anything."""

    methods: Mapping[str, Sequence[Argument]] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    writable: frozenset[str] = frozenset()
    signals: Mapping[str, Sequence[Argument]] = field(default_factory=dict)

    def described(self, name: str) -> str:
        """As introspection data has it."""
        lines = [f'  <interface name="{name}">']
        for method, arguments in self.methods.items():
            lines.append(f'    <method name="{method}">{_described(arguments, direction="in")}</method>')
        for property_name, signature in self.properties.items():
            access = "readwrite" if property_name in self.writable else "read"
            lines.append(f'    <property name="{property_name}" type="{signature}" access="{access}"/>')
        for signal, arguments in self.signals.items():
            lines.append(f'    <signal name="{signal}">{_described(arguments)}</signal>')
        return "\n".join([*lines, "  </interface>\n"])


class Refused(Exception):
    """What was asked for cannot be done; `name` is the D-Bus error's, the text is for people."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = f"{_ERROR}.{name}"


class Exported(Protocol):
    """One object; the calls come from the bus's own thread, and none of them may block."""

    path: str
    interfaces: Mapping[str, Interface]

    def values(self, interface: str) -> Mapping[str, Any]:
        """The interface's properties as they are now: all that its table names."""

    def change(self, interface: str, name: str, value: Any) -> None:
        """Set a property that can be written to a value of its signature; raises Refused."""

    def call(self, interface: str, method: str, arguments: Sequence[Any]) -> None:
        """Do what a method means; the arguments have its signature. Raises Refused."""


def answer(exported: Exported, interface: str, member: str, signature: str, arguments: Sequence[Any]) -> list[Typed]:
    """What a method call returns, nothing where it returns nothing; raises Refused."""
    match interface, member, signature:
        case (str() as name, "Introspect", "") if name == INTROSPECTABLE:
            return [Typed("s", introspection(exported))]
        case (str() as name, "Get", "ss") if name == PROPERTIES:
            return [Typed("v", _property(exported, *arguments))]
        case (str() as name, "GetAll", "s") if name == PROPERTIES:
            return [Typed("a{sv}", typed(exported, arguments[0]))]
        case (str() as name, "Set", "ssv") if name == PROPERTIES:
            _set(exported, *arguments)
        case _:
            _call(exported, interface, member, signature, arguments)
    return []


def typed(exported: Exported, interface: str) -> dict[str, Typed]:
    """All properties of an interface, as they are now; raises Refused where it has no such interface."""
    table = _interface(exported, interface).properties
    return {name: Typed(table[name], value) for name, value in exported.values(interface).items()}


def introspection(exported: Exported) -> str:
    """All its interfaces, in XML."""
    described = "".join(interface.described(name) for name, interface in exported.interfaces.items())
    return f"{_DOCTYPE}<node>\n{_STANDARD}{described}</node>\n"


def _interface(exported: Exported, name: str) -> Interface:
    if name not in exported.interfaces:
        raise Refused("UnknownInterface", f"there is no interface {name}")
    return exported.interfaces[name]


def _property(exported: Exported, interface: str, name: str) -> Typed:
    found = typed(exported, interface).get(name)
    if found is None:
        raise Refused("UnknownProperty", f"{interface} has no property {name}")
    return found


def _set(exported: Exported, interface: str, name: str, value: Typed) -> None:
    table = _interface(exported, interface)
    if name not in table.properties:
        raise Refused("UnknownProperty", f"{interface} has no property {name}")
    if name not in table.writable:
        raise Refused("PropertyReadOnly", f"{name} can only be read")
    if value.signature != table.properties[name]:
        raise Refused("InvalidArgs", f"{name} has the signature {table.properties[name]}, not {value.signature}")
    exported.change(interface, name, value.value)


def _call(exported: Exported, interface: str, member: str, signature: str, arguments: Sequence[Any]) -> None:
    table = _interface(exported, interface).methods
    if member not in table:
        raise Refused("UnknownMethod", f"{interface} has no method {member}")
    wanted = "".join(argument.signature for argument in table[member])
    if signature != wanted:
        raise Refused("InvalidArgs", f"{member} has the signature {wanted!r}, not {signature!r}")
    exported.call(interface, member, arguments)


def _described(arguments: Sequence[Argument], direction: str = "") -> str:
    where = f' direction="{direction}"' if direction else ""
    return "".join(f'<arg name="{one.name}" type="{one.signature}"{where}/>' for one in arguments)
