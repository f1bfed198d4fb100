"""What `deploy/` holds, read."""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
OVERLAYS = ("small", "production")
Manifest = dict[str, Any]


@cache
def base() -> tuple[Manifest, ...]:
    """The manifests of the Kustomize base, its own list of files apart."""
    files = sorted((DEPLOY / "kubernetes" / "base").glob("*.yaml"))
    found = [each for file in files if file.stem != "kustomization" for each in yaml.safe_load_all(file.read_text())]
    return tuple(found)


@cache
def rendered(overlay: str) -> tuple[Manifest, ...]:
    """What Kustomize makes of an overlay; needs `kubectl`."""
    kubectl = shutil.which("kubectl")
    assert kubectl is not None
    command = [kubectl, "kustomize", str(DEPLOY / "kubernetes" / "overlays" / overlay)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return tuple(yaml.safe_load_all(done.stdout))


def of_kind(manifests: tuple[Manifest, ...], kind: str) -> dict[str, Manifest]:
    """Those of a kind, by name."""
    return {each["metadata"]["name"]: each for each in manifests if each["kind"] == kind}


@cache
def compose() -> Manifest:
    """The compose file."""
    document: Manifest = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return document
