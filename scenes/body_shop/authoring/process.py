"""Process layer: what every place does and how well, what flows, and where it goes next."""

from pxr import Usd

from scenes.body_shop.authoring import line
from scenes.body_shop.authoring.line import FORMS, PRODUCTS, STATIONS, Conveying, Stop
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant.declared import ProductParams
from twin.scene.author import apply, link

__all__ = ["author_process"]

Origin = tuple[str, str]


def author_process(stage: Usd.Stage) -> None:
    """Author parameters with their origin, and links."""
    at = {path.rsplit("/", 1)[1]: stage.OverridePrim(path) for path in line.paths()}
    source = Source(interval=line.INTERVAL, sequence=line.SEQUENCE)
    _apply(at["Source"], source, line.TAKT, interval=line.TAKT, sequence=line.MIX)
    for stop in STATIONS:
        _station(at[stop.name], stop)
    for conveying in (line.IN, line.OUT):
        _conveyor(at[conveying.name], conveying)
    _apply(at["Sink"], Sink(), line.TAKT)
    for giver, taker in zip(line.paths(), line.paths()[1:], strict=False):
        link(stage.OverridePrim(giver), taker)
    for product in PRODUCTS:
        prim = stage.OverridePrim(f"/BodyShop/Products/{product}")
        _apply(prim, ProductParams(forms=FORMS), line.FORMING)


def _station(prim: Usd.Prim, stop: Stop) -> None:
    params = Station(
        process_time=stop.work,
        transfer_time=line.TRANSFER_TIME,
        mtbf=line.MTBF,
        mttr=line.MTTR,
        form=stop.form,
    )
    _apply(
        prim,
        params,
        stop.work_origin,
        transfer_time=line.TRANSFER,
        mtbf=line.FAILURES,
        mttr=line.REPAIRS,
        form=line.FORMING,
    )


def _conveyor(prim: Usd.Prim, conveying: Conveying) -> None:
    params = Conveyor(
        length=conveying.length,
        speed=line.CONVEYOR_SPEED,
        spacing=line.SKID_PITCH,
        accumulating=True,
    )
    origins = {"speed": line.SPEED, "spacing": line.SPACING}
    _apply(prim, params, line.BUFFERS, accumulating=line.BUFFERS, **origins)


def _apply(prim: Usd.Prim, params: object, origin: Origin, **own: Origin) -> None:
    apply(prim, params, source=origin[0], confidence=origin[1], provenance=own)
