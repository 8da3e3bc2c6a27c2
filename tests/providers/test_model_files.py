import shutil
import sys
from pathlib import Path

import pytest

from providers.local.model_files import FILES, ModelFileBroken, check_all, verified, verify

pytestmark = pytest.mark.unit


def test_every_installed_file_is_the_pinned_one() -> None:
    assert check_all() == dict.fromkeys(FILES)


def test_looking_a_file_up_does_not_import_its_package() -> None:
    verified("moonshine.tokens")
    verified("silero")
    assert "moonshine_voice" not in sys.modules
    assert "silero_vad" not in sys.modules


def test_a_flipped_byte_is_reported_with_the_file_and_the_remedy(tmp_path: Path) -> None:
    copy = Path(shutil.copy(verified("silero"), tmp_path))
    verify(copy, FILES["silero"])
    content = bytearray(copy.read_bytes())
    content[1000] ^= 1
    copy.write_bytes(content)
    with pytest.raises(ModelFileBroken, match=r"silero_vad\.onnx.*pip install.*silero-vad==6\.2\.3"):
        verify(copy, FILES["silero"])


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ModelFileBroken, match="cannot be read"):
        verify(tmp_path / "gone.onnx", FILES["silero"])
