"""The plant in numbers, each with where it comes from; the shops say where things stand."""

__all__ = [
    "BODY_FAILS",
    "BOUGHT",
    "EMS",
    "FIRST_RUN",
    "LAYOUT",
    "MANUAL_FAILS",
    "MIX",
    "OVEN",
    "PAINT_SPEED",
    "PRESS_LOT",
    "PRESS_RATE",
    "ROUTE",
    "SEQUENCE",
    "SHIFTS",
    "SKID",
    "STORE",
    "TAKT",
    "TRANSFER",
    "TYPES",
]

Origin = tuple[str, str]  # source, confidence

TYPES = ("Sedan", "Suv", "Crossover")
SEQUENCE = (  # 3 : 4 : 3, levelled
    *("Suv", "Sedan", "Crossover", "Suv", "Sedan"),
    *("Suv", "Crossover", "Sedan", "Suv", "Crossover"),
)

TAKT: Origin = (
    "300,000 cars a year (koreaherald 10453464) in 245 days of 20 h are 61 net; 65 gross in body",
    "D",
)
MIX: Origin = ("three types on all lines, own mix of 3 : 4 : 3, levelled", "proposal")
SHIFTS: Origin = ("two shifts of 10 h, of 20 h a day at 245 days for 300,000 cars", "proposal")
LAYOUT: Origin = ("own layout of the halls", "proposal")
ROUTE: Origin = ("own route of work through stations, content levelled to the takt", "proposal")
BOUGHT: Origin = ("bought-in parts are there whenever wanted", "proposal")

PRESS_RATE: Origin = (
    "15 strokes a minute and die change in 5 to 7 min: seoulfn 552358, etoday 2457166",
    "C2",
)
PRESS_LOT: Origin = ("lots of 500 to 1,000, engineering judgement; 17 panels a body", "proposal")
STORE: Origin = ("1.5 days of panel stock: koreaherald 10453464", "C")
BODY_FAILS: Origin = (
    "auto body station, MTBF 300 to 600 min and MTTR 2 to 5 min, engineering judgement",
    "U",
)
MANUAL_FAILS: Origin = (
    "assembly station, MTBF 240 to 600 min and MTTR 1.5 to 3 min, engineering judgement",
    "proposal",
)
TRANSFER: Origin = ("skid roller bed, 6.5 m index in 9 to 12 s, engineering judgement", "U")
SKID: Origin = ("skid roller conveyor 24 to 60 m/min, skid of 5 m; 36 m/min chosen", "U")
EMS: Origin = ("overhead carriers up to 2 m/s: logisticaefficiente, mecalux; 0.8 chosen", "C")
PAINT_SPEED: Origin = ("paint conveyors 3 to 7 m/min, engineering judgement", "U")
OVEN: Origin = (
    "pretreatment 8 to 12 min, dip 3 to 4, ovens 25 to 35, gel 10, flash 5 to 8, own judgement",
    "U",
)
FIRST_RUN: Origin = ("first-run share 85 to 92 %, engineering judgement; 90 chosen", "U")
