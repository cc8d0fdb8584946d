"""Ask the processor for memory that will be needed soon; it changes nothing but the speed."""

from functools import cache
from importlib import import_module
from typing import Any

__all__ = ["prefetch"]


def prefetch(rows: Any, i: int, byte: int) -> None:
    """Ask for the line of the cache that holds a byte of row `i`; any `i` will do.

    Compiled, this is one instruction of the processor; interpreted, it is nothing.
    """


@cache
def _instruction() -> Any:
    numba: Any = import_module("numba")
    extending: Any = import_module("numba.extending")
    ir: Any = import_module("llvmlite.ir")

    def typed(_: Any, rows: Any, i: Any, byte: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, values[0])
            size = context.get_constant(numba.types.intp, rows.dtype.size)
            offset = builder.add(builder.mul(values[1], size), values[2])
            pointer = ir.IntType(8).as_pointer()
            at = builder.gep(builder.bitcast(array.data, pointer), [offset])
            word = ir.IntType(32)
            kind = ir.FunctionType(ir.VoidType(), [pointer, word, word, word])
            call = builder.module.declare_intrinsic("llvm.prefetch", [pointer], kind)
            builder.call(call, [at, word(0), word(3), word(1)])
            return context.get_dummy_value()

        return numba.types.void(rows, *map(numba.types.unliteral, (i, byte))), code

    return extending.intrinsic(typed)


prefetch.__dict__["compilable"] = _instruction
