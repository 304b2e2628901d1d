"""Where files are kept: whole or not at all, private, on disk and in S3; a full disk (F9)."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from django.conf import settings as instellingen
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer

from kern.fouten import OpslagFout
from kern.models import Bestand
from kern.opslag.objecten import Objecten
from kern.opslag.schijf import Schijf
from kern.services.bestanden import bestand_opslaan
from tests.kern.kwaad import pdf

OP = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
EMMER = "stimulans-proef"


def test_op_schijf(tmp_path: Path) -> None:
    opslag = Schijf(location=tmp_path)
    naam = opslag.save("ab/abc", ContentFile(b"inhoud"))
    assert (naam, (tmp_path / "ab/abc").read_bytes()) == ("ab/abc", b"inhoud")
    assert oct((tmp_path / "ab/abc").stat().st_mode)[-3:] == "600"  # for us alone
    tweede = opslag.save("ab/abc", ContentFile(b"anders"))
    assert (tweede != naam, (tmp_path / "ab/abc").read_bytes()) == (True, b"inhoud")
    with pytest.raises(FileExistsError):
        opslag._save("ab/abc", ContentFile(b"er overheen"))
    assert sorted(p.name for p in (tmp_path / "ab").iterdir()) == sorted(["abc", Path(tweede).name])
    with pytest.raises(ValueError, match="geen openbaar adres"):
        opslag.url("ab/abc")


class Vol(Schijf):
    """A disk that is full after the first kilobytes, as the system reports it."""

    def _save(self, name: str, content: Any) -> str:
        def half() -> Iterator[bytes]:
            yield b"x" * 4096
            raise OSError(errno.ENOSPC, "No space left on device")

        content.chunks = half
        return super()._save(name, content)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fout", "status", "code"), [(errno.ENOSPC, 507, "opslag-vol"), (errno.EACCES, 503, "opslag-onbereikbaar")]
)
def test_een_volle_schijf_laat_niets_achter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fout: int, status: int, code: str
) -> None:
    monkeypatch.setattr(errno, "ENOSPC", fout)
    vol = Vol(location=tmp_path)
    monkeypatch.setattr(Bestand._meta.get_field("inhoud"), "storage", vol)
    with pytest.raises(OpslagFout) as gevangen:
        bestand_opslaan(inhoud=pdf(), naam="plan.pdf", actor=None, op=OP)
    assert (gevangen.value.http_status, gevangen.value.code) == (status, code)
    assert "niet aan uw bestand" in gevangen.value.melding
    assert Bestand.objects.count() == 0
    assert [pad for pad in tmp_path.rglob("*") if pad.is_file()] == []


@pytest.mark.django_db
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a small tmpfs")
def test_een_echt_volle_schijf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)], check=False).returncode:
        pytest.skip("this machine does not let root mount a tmpfs")
    try:
        monkeypatch.setattr(Bestand._meta.get_field("inhoud"), "storage", Schijf(location=tmp_path))
        klein = bestand_opslaan(inhoud=pdf(), naam="plan.pdf", actor=None, op=OP)
        with pytest.raises(OpslagFout) as fout:
            bestand_opslaan(inhoud=pdf() + b" " * 200_000, naam="groot.pdf", actor=None, op=OP)
        assert fout.value.http_status == 507
        assert Bestand.objects.get() == klein
        assert len([pad for pad in tmp_path.rglob("*") if pad.is_file()]) == 1
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


# --- S3 -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A stand-in for S3 that speaks its protocol over HTTP."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, poort = server.get_host_and_port()
    yield f"http://127.0.0.1:{poort}"
    server.stop()


@pytest.fixture
def emmer(s3: str) -> Objecten:
    toegang = {"aws_access_key_id": "proef", "aws_secret_access_key": "proef", "region_name": "eu-west-1"}
    klant = boto3.client("s3", endpoint_url=s3, **toegang)
    klant.create_bucket(Bucket=EMMER, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return Objecten(
        bucket_name=EMMER,
        endpoint_url=s3,
        region_name="eu-west-1",
        access_key="proef",
        secret_key="proef",
        default_acl=None,
        querystring_auth=True,
        file_overwrite=False,
    )


@pytest.mark.django_db
def test_in_s3(emmer: Objecten, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Save, read back, no overwrite, no public address, no access rules for the world on the object."""
    monkeypatch.setattr(Bestand._meta.get_field("inhoud"), "storage", emmer)
    inhoud = pdf()
    bestand = bestand_opslaan(inhoud=inhoud, naam="plan.pdf", actor=None, op=OP)
    with bestand.inhoud.open("rb") as stroom:
        assert stroom.read() == inhoud
    assert emmer.save(str(bestand.inhoud.name), ContentFile(b"anders")) != bestand.inhoud.name
    with pytest.raises(ValueError, match="geen openbaar adres"):
        bestand.inhoud.url  # noqa: B018  (reading it is the test)
    rechten = emmer.connection.meta.client.get_object_acl(Bucket=EMMER, Key=bestand.inhoud.name)["Grants"]
    assert not [recht for recht in rechten if recht["Grantee"].get("URI", "").endswith("AllUsers")]
    assert requests.get(f"{s3}/{EMMER}/{bestand.inhoud.name}", timeout=5).status_code == 403


@pytest.mark.django_db
def test_s3_die_niet_antwoordt(monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.config import Config

    dood = Objecten(
        bucket_name=EMMER,
        endpoint_url="http://127.0.0.1:1",
        access_key="x",
        secret_key="x",
        region_name="eu-west-1",
        client_config=Config(retries={"max_attempts": 0}, connect_timeout=1),
    )
    monkeypatch.setattr(Bestand._meta.get_field("inhoud"), "storage", dood)
    with pytest.raises(OpslagFout) as fout:
        bestand_opslaan(inhoud=pdf(), naam="plan.pdf", actor=None, op=OP)
    assert (fout.value.http_status, Bestand.objects.count()) == (503, 0)


def test_de_suite_gebruikt_wat_productie_gebruikt() -> None:
    assert default_storage.__class__ is Schijf  # asking for the class sets the lazy object up
    assert instellingen.STORAGES["default"]["BACKEND"] == "kern.opslag.schijf.Schijf"
