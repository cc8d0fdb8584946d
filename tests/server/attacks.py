"""Hostile uploads: what the reference lists against USD, and against those who unpack archives."""

import io
import struct
import zipfile
from pathlib import Path

from tests.server.serving import two_lines

__all__ = ["archive", "archives", "layers", "scene_text"]

TOP = '#usda 1.0\n(\n    defaultPrim = "Plant"\n    metersPerUnit = 1\n    upAxis = "Z"\n{more})\n'


def scene_text(folder: Path, *, more: str = "", below: str = "") -> str:
    """A sound scene, with more metadata of the layer or more in its default prim."""
    text = two_lines(folder).read_text("utf-8")
    text = text.replace('upAxis = "Z"\n', f'upAxis = "Z"\n{more}', 1)
    return text.replace('def Xform "Plant"\n{', f'def Xform "Plant"\n{{\n{below}\n', 1)


def layers(folder: Path, secret: Path) -> dict[str, tuple[bytes, str]]:
    """Single layers by the name of the attack, and the code of the refusal."""
    out = f"../../../../../../../../../../..{secret}"

    def prim(text: str) -> bytes:
        return scene_text(folder, below=f'def Xform "X" ({text}) {{}}').encode()

    def value(text: str) -> bytes:
        return scene_text(folder, below=f'def Xform "X" {{\n{text}\n}}').encode()

    def top(text: str) -> bytes:
        return scene_text(folder, more=text + "\n").encode()

    variant = 'variants = {string v = "a"}\nprepend variantSets = "v"'
    chosen = f'variantSet "v" = {{ "a" (references = @{secret}@) {{\n}}\n}}'
    clips = "clips = {{ dictionary default = {{ {} }} }}"
    bad = {
        "reference to an absolute path": prim(f"references = @{secret}@"),
        "reference out of the folder": prim(f"references = @{out}@"),
        "reference to a prim out of the folder": prim(f"references = @{out}@</Secret>"),
        "payload out of the folder": prim(f"payload = @{out}@"),
        "sublayer out of the folder": top(f"subLayers = [@{out}@]"),
        "sublayer by an absolute path": top(f"subLayers = [@{secret}@]"),
        "reference in a variant": value("").replace(
            b'def Xform "X" {', f'def Xform "X" ({variant}) {{ {chosen}'.encode()
        ),
        "deleted reference": prim(f"delete references = @{secret}@"),
        "asset of the system": value("asset x = @/etc/passwd@"),
        "asset far above": value("asset x = @../../../../../../etc/hostname@"),
        "asset among others": value(f"asset[] x = [@./a.png@, @{secret}@]"),
        "asset at a time": value(f"asset x.timeSamples = {{ 1: @{secret}@ }}"),
        "asset in metadata": prim(f"customData = {{ asset x = @{secret}@ }}"),
        "asset in a dictionary of the layer": top(
            f"customLayerData = {{ dictionary a = {{ asset[] x = [@{secret}@] }} }}"
        ),
        "clips": prim(clips.format(f'asset[] assetPaths = [@{secret}@]\nstring primPath = "/X"')),
        "clips by a pattern": prim(clips.format('string templateAssetPath = "../../x.##.usda"')),
        "manifest of clips": prim(clips.format(f"asset manifestAssetPath = @{secret}@")),
        "address": prim("references = @https://plant.example/a.usda@"),
        "file address": prim(f"references = @file://{secret}@"),
        "variable": prim('references = @`"${SECRET}"`@'),
        "into a package": prim("references = @a.usdz[b.usda]@"),
        "arguments of a format": prim(f"references = @{secret.name}:SDF_FORMAT_ARGS:target=x@"),
        "backslashes": value("asset x = @..\\\\..\\\\secret.usda@"),
        "a file that is nowhere": prim("references = @nowhere.usda@"),
        "self reference": prim("references = </Plant/X>"),
        "self sublayer": top("subLayers = [@attack.usda@]"),
        "reference bomb": bomb(folder, depth=7),
        "bomb of instances": bomb(folder, depth=7, how="instanceable = true\n"),
        "deep prims": scene_text(folder, below=deep(100_000)).encode(),
        "deep dictionaries": top(
            "customLayerData = " + "{dictionary a = " * 5000 + "{}" + "}" * 5000
        ),
        "no text": b"#usda 1.0\n" + bytes(range(256)) * 100,
        "other bytes": b"PXR-USDC" + bytes(range(256)) * 100,
        "nothing": b"",
        "a program": b"\x7fELF" + bytes(1000),
    }
    invalid = ("nothing", "a program")
    return {name: (body, "invalid" if name in invalid else "scene") for name, body in bad.items()}


def bomb(folder: Path, *, depth: int, wide: int = 10, how: str = "") -> bytes:
    """A few lines that become wide ** depth prims."""
    rows = ['class "L0" { def Xform "leaf" {} }']
    for level in range(1, depth + 1):
        arcs = "".join(
            f'def "c{i}" ({how} references = </Bombs/L{level - 1}>) {{}}\n' for i in range(wide)
        )
        rows.append(f'class "L{level}" {{\n{arcs}\n}}')
    library = 'class "Bombs" {\n' + "\n".join(rows) + "\n}\n"
    use = f'def "Bomb" ({how} references = </Bombs/L{depth}>) {{}}'
    return (scene_text(folder, below=use) + library).encode()


def deep(levels: int) -> str:
    return 'def "a" {' * levels + "}" * levels


def archive(files: dict[str, bytes], *, change: dict[str, int] | None = None) -> bytes:
    """A zip; `change` sets the type of files, as an archiver for Unix tells it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if change and name in change:
                entry.create_system = 3
                entry.external_attr = change[name] << 16
            zipped.writestr(entry, content)
    return out.getvalue()


def archives(folder: Path, secret: Path) -> dict[str, tuple[bytes, str]]:
    """Archives by the name of the attack, and the code of the refusal."""
    scene = scene_text(folder).encode()
    sound = {"hall.usda": scene}
    links = scene_text(folder, below='def "X" (references = @link.usda@) {}').encode()
    out = f"../../../../../../../../../..{secret}"
    bad = {
        "name out of the folder": archive({**sound, "../evil.usda": b"#usda 1.0"}),
        "name far above": archive({**sound, "a/../../../evil.usda": b"#usda 1.0"}),
        "absolute name": archive({**sound, "/tmp/evil.usda": b"#usda 1.0"}),
        "name of another system": archive({**sound, "C:\\evil.usda": b"#usda 1.0"}),
        "backslashes": archive({**sound, "..\\evil.usda": b"#usda 1.0"}),
        "name with a line feed": archive({**sound, "a\nb.usda": b"#usda 1.0"}),
        "name that is too long": archive({**sound, "a" * 250 + ".usda": b"#usda 1.0"}),
        "too many folders": archive({**sound, "a/" * 40 + "b.usda": b"#usda 1.0"}),
        "link": archive(
            {"hall.usda": links, "link.usda": out.encode()}, change={"link.usda": 0o120777}
        ),
        "device": archive({**sound, "x.usda": b""}, change={"x.usda": 0o020666}),
        "pipe": archive({**sound, "x.usda": b""}, change={"x.usda": 0o010666}),
        "the same twice": twice(scene),
        "the same in capitals": archive({**sound, "HALL.usda": scene}),
        "a file as a folder": archive(
            {**sound, "a.usda": b"#usda 1.0", "a.usda/b.usda": b"#usda 1.0"}
        ),
        "1000 to 1": archive({**sound, "big.png": bytes(50_000_000)}),
        "wrong size": resized(archive(sound), len(scene) - 100),
        "cut": archive(sound)[:-30],
        "wrong sum": flipped(archive(sound)),
        "encrypted": flagged(archive(sound)),
        "too many files": archive({**sound, **{f"{i}.png": b"" for i in range(10_001)}}),
        "no layer": archive({"a.txt": b"x"}),
        "two scenes": archive({"a.usda": scene, "b.usda": scene}),
        "a package in it": archive({"hall.usda": with_package(folder), "a.usdz": archive(sound)}),
        "a reference out of it": archive(
            {
                "a/hall.usda": scene_text(
                    folder, below=f'def "X" (references = @{out}@) {{}}'
                ).encode()
            }
        ),
        "plugins": archive(
            {
                "hall.usda": scene_text(folder, below="asset x = @plugInfo.json@").encode()
                + b"broken",
                "plugInfo.json": b"{}",
            }
        ),
    }
    codes = {"too many files": "too_large"}
    scenes = ("a package in it", "a reference out of it", "plugins")
    return {
        name: (body, codes.get(name, "scene" if name in scenes else "invalid"))
        for name, body in bad.items()
    }


def with_package(folder: Path) -> bytes:
    return scene_text(folder, below='def "X" (references = @a.usdz@) {}').encode()


def twice(content: bytes) -> bytes:
    """An archive whose second file has the name of its first."""
    return archive({"hall.usda": content, "hbll.usda": content}).replace(b"hbll", b"hall")


def resized(data: bytes, size: int) -> bytes:
    """An archive whose table says that its only file is smaller than it is."""
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 24] + struct.pack("<I", size) + data[at + 28 :]


def flipped(data: bytes) -> bytes:
    at = data.index(b"hall.usda") + 100
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def flagged(data: bytes) -> bytes:
    """An archive that says that its only file is encrypted."""
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 8] + b"\x01\x00" + data[at + 10 :]
