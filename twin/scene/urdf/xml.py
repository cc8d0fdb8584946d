"""The XML of a URDF as a tree of elements; entities, type definitions and giants are refused.

Prefixes of names need no declaration: many public robots keep some that xacro left behind.
"""

from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from twin.errors import Problem, SceneError

__all__ = ["read_xml"]

MOST_BYTES = 8_000_000  # of a file; those of public robots have 10 to 100 kB
MOST_ELEMENTS = 50_000


def read_xml(file: Path) -> Element:
    """Read the <robot> element of a file.

    Raises:
        SceneError: there is none, or the file is not what a URDF may be.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise _refused(file, "must be a file that can be read", error.strerror or "") from error
    if len(content) > MOST_BYTES:
        raise _refused(file, f"must have at most {MOST_BYTES:,} bytes", "more")
    tree = _Tree(file)
    parser: Any = defusedxml.sax.make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(tree)
    try:
        parser.parse(BytesIO(content))
    except DefusedXmlException as error:
        rule = "must have no document type and no entities"
        raise _refused(file, rule, type(error).__name__) from error
    except (SAXException, ValueError, LookupError) as error:
        raise _refused(file, "must be well-formed XML", str(error)) from error
    root = tree.builder.close()
    if root.tag != "robot":
        way_out = "expand xacro files first: xacro FILE.xacro > FILE.urdf"
        raise _refused(file, "must be a URDF, with the root element robot", root.tag, way_out)
    return root


class _Tree(ContentHandler):
    """Builds the tree, and stops at the element that is one too many."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.builder = TreeBuilder()
        self._file = file
        self._left = MOST_ELEMENTS

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  # named by SAX
        self._left -= 1
        if self._left < 0:
            raise _refused(self._file, f"must have at most {MOST_ELEMENTS:,} elements", "more")
        self.builder.start(name, dict(attrs))

    def endElement(self, name: str) -> None:  # noqa: N802  # named by SAX
        self.builder.end(name)


def _refused(file: Path, rule: str, value: str, way_out: str = "") -> SceneError:
    return SceneError([Problem(str(file), rule, value[:120], way_out)])
