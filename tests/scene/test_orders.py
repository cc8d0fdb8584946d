"""Order lists of sources: CSV files beside the scene."""

from pathlib import Path

import pytest

from tests.scene.shop import layer, shop
from twin.engine.simulation import Simulation
from twin.errors import SceneError
from twin.kinds.source import Source
from twin.scene import check_scene, load

PRODUCTS = "".join(
    f'def Xform "{name}" (\nprepend apiSchemas = ["TwinProductAPI"]\n)\n{{\n}}\n'
    for name in ("Sedan", "Suv")
)
ORDERS = 'over "Shop"\n{\n over "In"\n {\n  string twin:orders = "%s"\n }\n}\n'


def scene(folder: Path, text: str | bytes, *, name: str = "orders.csv") -> Path:
    """The small shop with an order list."""
    data = text.encode() if isinstance(text, str) else text
    (folder / "orders.csv").write_bytes(data)
    root = shop(folder, more=f'def Scope "Products"\n{{\n{PRODUCTS}}}\n')
    body = root.read_text().replace("double twin:interval = 60", f'string twin:orders = "{name}"')
    root.write_text(body)
    return root


def source_of(path: Path, **options: list[str]) -> Source:
    params = load(path, **options).places[0].params
    assert isinstance(params, Source)
    return params


def test_orders_are_read_with_due_dates_and_quantities(tmp_path: Path):
    text = "product,release,due,quantity\nSedan,0,120,2\nSuv, 60.5 ,,\n\nSedan,60.5,900,1\n"
    params = source_of(scene(tmp_path, text))
    assert params.order_products == ("Sedan", "Suv", "Sedan")
    assert params.order_times == (0.0, 60.5, 60.5)
    assert params.order_deadlines == (120.0, 0.0, 900.0)
    assert params.order_quantities == (2, 1, 1)


def test_columns_come_in_any_order_and_a_mark_of_byte_order_is_no_harm(tmp_path: Path):
    params = source_of(scene(tmp_path, "\ufeffrelease,product\r\n5,Suv\r\n"))
    assert (params.order_products, params.order_times) == (("Suv",), (5.0,))
    assert params.order_quantities == (1,)


def test_a_scene_runs_by_its_orders(tmp_path: Path):
    text = "product,release,due,quantity\nSedan,0,49,1\nSuv,0,120,2\n"
    simulation = Simulation(load(scene(tmp_path, text)))
    simulation.advance(1_000_000_000)
    tally = simulation.world.product[2 * 2 :]
    assert tally.finished.tolist() == [1, 2]
    assert tally.late.tolist() == [1, 1]  # 50 s of work each: 50, 100 and 150


def test_the_digest_depends_on_what_the_file_holds(tmp_path: Path):
    before = load(scene(tmp_path, "product,release\nSedan,0\n")).digest
    after = load(scene(tmp_path, "product,release\nSedan,1\n")).digest
    assert before != after


def test_a_scenario_finds_its_orders_beside_itself(tmp_path: Path):
    root = shop(tmp_path, more=f'def Scope "Products"\n{{\n{PRODUCTS}}}\n')
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "rush.csv").write_text("product,release\nSuv,3\n")
    rush = layer(tmp_path / "plans" / "rush.usda", ORDERS % "rush.csv")
    assert source_of(root, scenarios=[str(rush)]).order_times == (3.0,)


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            "product,release\nSedn,0\nSuv,x\n",
            [
                (
                    "orders.csv line 2: product must be one of the plant's, got Sedn; "
                    "did you mean Sedan?"
                ),
                "orders.csv line 3: release must be a number >= 0 s and <= 1e+09 s, got x",
            ],
        ),
        (
            "product,release,due\nSuv,10,\nSuv,9,\nSuv,20,19\n",
            [
                "orders.csv line 3: release must be >= that before (10 s), got 9",
                "orders.csv line 4: due must be >= release (20 s), got 19",
            ],
        ),
        (
            "product,release,quantity\nSuv,1,0\nSuv,1,2.5\nSuv,nan,1\n",
            [
                "orders.csv line 2: quantity must be a whole number from 1 to 1,000,000, got 0",
                "orders.csv line 3: quantity must be a whole number from 1 to 1,000,000, got 2.5",
                "orders.csv line 4: release must be a number >= 0 s and <= 1e+09 s, got nan",
            ],
        ),
        (
            "product,relase\nSuv,1\n",
            [
                (
                    "orders.csv line 1: must name columns product, release, due, quantity, each "
                    "once, got relase; did you mean release?"
                )
            ],
        ),
        (
            "product\nSuv\n",
            ["orders.csv line 1: must name the column release, got product"],
        ),
        ("", ["orders.csv line 1: must name the column product, got nothing"]),
        ("product,release\n", ["orders.csv: must list at least one order"]),
        ("product,release\nSuv\n", ["orders.csv line 2: must have 2 fields, got 1"]),
        (b"product,release\n\xff\xfe,1\n", ["must be a readable text file, got orders.csv"]),
    ],
)
def test_a_wrong_list_is_told_by_file_and_line(
    tmp_path: Path, text: str | bytes, messages: list[str]
):
    found = [str(each) for each in check_scene(scene(tmp_path, text))]
    assert found == [f"/Shop/In twin:orders {message}" for message in messages]


def test_only_the_first_problems_of_a_long_list_are_told(tmp_path: Path):
    assert len(check_scene(scene(tmp_path, "product,release\n" + "Van,0\n" * 1000))) == 20


@pytest.mark.parametrize("name", ["../orders.csv", "/etc/passwd", "orders.txt", ".", "a/../../b"])
def test_a_file_elsewhere_or_that_is_not_there_is_refused(tmp_path: Path, name: str):
    (tmp_path / "inner").mkdir()
    (tmp_path / "orders.csv").write_text("product,release\nSuv,0\n")
    (problem,) = check_scene(scene(tmp_path / "inner", "product,release\n", name=name))
    assert problem.path == "/Shop/In twin:orders"
    assert problem.rule in {"must lie beside its layer or below", "must be a file"}
    assert "root:" not in str(problem)


def test_a_list_in_the_scene_and_in_a_file_exclude_each_other(tmp_path: Path):
    root = scene(tmp_path, "product,release\nSuv,0\n")
    text = root.read_text().replace(
        "string twin:orders", "double[] twin:orderTimes = [1]\nstring twin:orders"
    )
    root.write_text(text)
    with pytest.raises(SceneError, match="must be empty where twin:orderTimes are given"):
        load(root)
