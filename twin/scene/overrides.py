"""Overrides for one run: PRIM.twin:attr=VALUE, read by the declared type of the attribute."""

from collections.abc import Callable

from pxr import Sdf, Usd

from twin.core.parameters import Parameter, Params, Value, parameters
from twin.errors import CommandError, nearest
from twin.scene.author import set_values
from twin.scene.schema import PREFIX
from twin.scene.survey import equipment, kinds_of

__all__ = ["override", "parse_override", "parse_value"]

FORM = "PRIM.twin:attribute=VALUE, such as /Shop/Line/Press.twin:processTime=52.5"
SOURCE = "override of this run"


def parse_override(text: str) -> tuple[str, str]:
    """Split PRIM.twin:attr=VALUE into the attribute's path and the value's text.

    Raises:
        CommandError: it has another form.
    """
    path, equals, value = text.partition("=")
    if not equals:
        raise CommandError(f"{text!r} is not an override; write {FORM}")
    return path.strip(), value.strip()


def override(stage: Usd.Stage, path: str, text: str) -> None:
    """Give an attribute another value for this run, in the stage's session layer.

    Args:
        stage: the scene.
        path: such as /Shop/Line/Press.twin:processTime.
        text: the value; lists are separated by commas.

    Raises:
        CommandError: there is no such attribute, or the value does not fit it.
    """
    prim, kind, parameter = _find(stage, path)
    value = parse_value(parameter, text, path)
    if not parameter.accepts(value):
        hint = f"; {nearest(text, parameter.choices)}" if parameter.choices else ""
        raise CommandError(f"{path} {parameter.rule}, got {text}{hint}")
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        set_values(prim, kind, {parameter.name: value}, source=SOURCE, confidence="proposal")


def _find(stage: Usd.Stage, path: str) -> tuple[Usd.Prim, type[Params], Parameter]:
    prim_path, dot, name = path.partition(".")
    if not (dot and prim_path.startswith("/") and Sdf.Path.IsValidPathString(prim_path)):
        raise CommandError(f"{path!r} is not the path of an attribute; write {FORM}")
    prim = stage.GetPrimAtPath(prim_path)
    kinds = kinds_of(prim) if prim else []
    if not kinds:
        raise CommandError(f"{prim_path} has no parameters; {nearest(prim_path, equipment(stage))}")
    if prim.IsInstanceProxy():
        raise CommandError(f"{prim_path} is inside an instance, which has no values of its own")
    declared = {each.usd_name: (kind, each) for kind in kinds for each in parameters(kind)}
    if name not in declared:
        raise CommandError(f"{path} is not a parameter; {_similar(name, declared)}")
    return prim, *declared[name]


def _similar(name: str, declared: dict[str, tuple[type[Params], Parameter]]) -> str:
    """The nearest attribute; a name without its prefix is close enough."""
    full = name if name.startswith(PREFIX) else PREFIX + name
    return nearest(full, declared)


def parse_value(parameter: Parameter, text: str, where: str) -> Value:
    """Read a value of a parameter's type.

    Raises:
        CommandError: the text is no such value.
    """
    items = [item.strip() for item in text.split(",") if text.strip()]
    try:
        if parameter.type == tuple[str, ...]:
            return tuple(map(_printable, items))
        if parameter.type == tuple[float, ...]:
            return tuple(map(float, items))
        if parameter.type == tuple[int, ...]:
            return tuple(map(_whole, items))
        return SCALARS[parameter.type](text)
    except (ValueError, KeyError):
        raise CommandError(f"{where} must be {_words(parameter)}, got {text!r}") from None


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError(text)
    return text


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError(text)
    return number


def _truth(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


LARGEST = (1 << 31) - 1  # of an int in USD
SCALARS: dict[object, Callable[[str], Value]] = {
    float: float,
    int: _whole,
    bool: _truth,
    str: _printable,
}


def _words(parameter: Parameter) -> str:
    unit = f" [{parameter.unit}]" if parameter.unit else ""
    words: dict[object, str] = {
        bool: "true or false",
        int: f"a whole number up to {LARGEST:,}",
        float: "a number",
        str: "plain text",
        tuple[str, ...]: "plain texts separated by commas",
        tuple[float, ...]: "numbers separated by commas",
        tuple[int, ...]: "whole numbers separated by commas",
    }
    return words[parameter.type] + unit
