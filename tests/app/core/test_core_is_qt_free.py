"""The core of the application imports no Qt."""

import pkgutil
import subprocess
import sys

import app.core


def test_core_imports_no_qt() -> None:
    names = [f"app.core.{module.name}" for module in pkgutil.iter_modules(app.core.__path__)]
    code = (
        f"import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        f"qt = ('PySide6', 'shiboken6', 'qasync')\n"
        f"bad = [name for name in sys.modules if name.partition('.')[0] in qt]\n"
        f"sys.exit(repr(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
