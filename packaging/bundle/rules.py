"""What goes into the frozen program and what is left out. Pure: names in, decisions out."""

from __future__ import annotations

import re

RUNTIME_LIBRARIES = frozenset(
    {
        "openvino",
        "openvino_ir_frontend",
        "openvino_intel_cpu_plugin",
        "openvino_intel_gpu_plugin",
        "openvino_intel_npu_plugin",
        "openvino_intel_npu_compiler",
        "openvino_intel_npu_compiler_loader",
        "openvino_intel_npu_vm_runtime",
        "openvino_auto_plugin",
        "openvino_auto_batch_plugin",
        "openvino_hetero_plugin",
        "tbb",
        "tbb12",
        "tbbbind_2_5",
        "tbbmalloc",
        "hwloc",
    }
)
"""Libraries of the runtime that are shipped: no front ends of other formats, no C interface."""

EXCLUDED_MODULES = (
    # Model conversion and the telemetry it brings: a converted model is all that is needed.
    *("openvino.tools", "openvino.torch", "openvino_telemetry", "torch", "transformers"),
    *("openvino.frontend.jax", "openvino.frontend.onnx", "openvino.frontend.paddle"),
    *("openvino.frontend.pytorch", "openvino.frontend.tensorflow", "tensorflow", "jax"),
    *("tiktoken", "sentencepiece", "tokenizers", "safetensors", "PIL", "pandas"),
    # Bytes of models come over plain HTTP through our own transfer; see engine/hub.
    "hf_xet",
    *(f"huggingface_hub.{name}" for name in ("cli", "hf_file_system", "inference")),
    *("huggingface_hub.serialization", "fsspec", "gradio", "fastapi", "uvicorn", "starlette"),
    # Parts of Qt for Python that no window of ours uses.
    *(f"PySide6.Qt{name}" for name in ("Concurrent", "Designer", "Help", "OpenGL", "Qml")),
    *(f"PySide6.Qt{name}" for name in ("OpenGLWidgets", "PrintSupport", "Quick", "Sql")),
    *(f"PySide6.Qt{name}" for name in ("QuickControls2", "QuickTest", "QuickWidgets", "Test")),
    *(f"PySide6.Qt{name}" for name in ("SvgWidgets", "UiTools", "Xml")),
    # Parts of numpy and of the standard library that are for developers.
    *("numpy.distutils", "numpy.f2py", "numpy.testing", "numpy.typing", "numpy.ma.testutils"),
    *("numpy.fft", "numpy.polynomial", "numpy.random"),
    *("IPython", "_pytest", "hypothesis", "mypy", "pytest", "ruff", "setuptools", "pip"),
    # The command lines of libraries.
    *("click", "httpx2._main", "pkg_resources", "pygments.cmdline", "rich", "typer"),
    *("pygments.formatters", "pygments.styles"),
    *("curses", "doctest", "lib2to3", "pydoc", "readline", "tkinter", "turtle", "unittest"),
)

WINDOW_ONLY = frozenset(
    {
        *("app", "PySide6", "shiboken6", "qasync", "pygments", "pypdf", "defusedxml"),
        *("markdown_it", "mdit_py_plugins", "mdurl", "linkify_it"),
        *("ziamath", "ziafont", "latex2mathml"),
    }
)
"""Packages that nothing in the engine imports."""

_QT = r"(?:PySide6/)?(?:Qt/)?"
_DROPPED = tuple(
    re.compile(pattern)
    for pattern in (
        # The texts of Qt in the languages that the program speaks; English needs none.
        rf"{_QT}translations/(?!qtbase_zh_CN\.)",
        r"assets/translations/.*\.ts$",  # what the texts are made from
        rf"{_QT}qml/",
        rf"{_QT}(?:lib/)?(?:lib)?Qt6(?:Qml|Quick|Test|Sql|Labs|Lottie|Designer|Help)\w*\.",
        rf"{_QT}(?:lib/)?(?:lib)?Qt6(?:EglF[Ss]|PrintSupport|VirtualKeyboard|Pdf|Multimedia)\w*\.",
        rf"{_QT}(?:lib/)?(?:lib)?Qt6WaylandCompositor\.",
        r"PySide6/(?:libpyside6qml|pyside6qml|Qt(?:Qml|Quick|OpenGL|Sql|Test)\w*\.)",
        rf"{_QT}plugins/platformthemes/libqgtk3",
        rf"{_QT}plugins/(?:designer|egldeviceintegrations|generic|printsupport|qmltooling)/",
        rf"{_QT}plugins/(?:sqldrivers|multimedia|networkinformation)/",
        rf"{_QT}plugins/platforms/(?:lib)?q(?:eglfs|linuxfb|minimal\w*|vkkhrdisplay|vnc|direct2d)",
        rf"{_QT}plugins/imageformats/(?:lib)?q(?:icns|pdf|tga|tiff|wbmp)",
        rf"{_QT}plugins/platforminputcontexts/(?:lib)?qtvirtualkeyboard",
        r"(?:PySide6/)?opengl32sw\.dll$",
        r"openvino/(?:cmake|include|tools|torch)/",
        r".*\.(?:pyi|a|lib|h|hpp|cmake|pc)$",
        r"numpy/.*/tests/",
        # A faster parser that is not needed, and libraries for its own tests.
        r"yaml/_yaml\.",
        r"numpy/.*/_\w*tests\.",
        r".*\.dist-info/(?:RECORD|INSTALLER|REQUESTED|direct_url\.json)$",
    )
)

# Must come from the user's system: drivers are built against newer ones than ours, and the
# display server's libraries have to fit its configuration. libxcb-cursor is small, often missing.
_SYSTEM_LIBRARY = re.compile(
    r"lib(?:stdc\+\+|gcc_s|OpenCL|ze_loader|GL|EGL|GLX|GLdispatch|OpenGL|gbm|drm|va|wayland-\w+"
    r"|X11(?:-xcb)?|Xau|Xdmcp|Xext|Xrender|xcb(?!-cursor)[\w-]*|xkbcommon(?:-x11)?"
    r"|fontconfig|freetype|dbus-1|glib-2|gio-2|gobject-2|gmodule-2|gthread-2"
    r"|atk[\w-]*|cairo[\w-]*|pango[\w-]*|gdk\w*|gtk\w*|harfbuzz|fribidi|graphite2|thai|datrie"
    r"|pixman\w*|jpeg|png16|systemd|selinux|mount|blkid|cap|gcrypt|gpg-error|lz4|zstd|bsd|md"
    r"|expat|brotli\w*|pcre2\w*|gssapi_krb5|krb5\w*|k5crypto|keyutils|com_err"
    r"|readline|tinfo|ncurses\w*)[-.\d]*\.so"
)


def is_shipped(destination: str, *, platform: str) -> bool:
    """Whether a collected file belongs into the bundle.

    Args:
        destination: its place in the bundle, with either kind of slash.
        platform: as `sys.platform` says it.
    """
    place = destination.replace("\\", "/")
    if any(pattern.match(place) for pattern in _DROPPED):
        return False
    if not platform.startswith("linux") or place.startswith("PySide6/"):
        return True
    return _SYSTEM_LIBRARY.match(place.rpartition("/")[2]) is None


def works_without_window(module: str) -> bool:
    """Whether a module may be of use to the program that has no window."""
    return module.partition(".")[0] not in WINDOW_ONLY


def library_stem(file_name: str, *, platform: str) -> str:
    """The name of a library without prefix and suffixes: `tbb` for `libtbb.so.12`."""
    stem = file_name.partition(".")[0]
    return stem if platform == "win32" else stem.removeprefix("lib")


def is_shared_library(file_name: str) -> bool:
    """Whether this is a shared library of any platform, by its name."""
    return re.search(r"\.(?:dll|dylib|so(?:\.[\d.]+)?)$", file_name) is not None
