"""Certificates for TLS tests, made when they are needed: right ones and wrong ones, by an authority of our own."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Lock

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey


def authority(folder: Path) -> tuple[Path, Callable[[str | None], ssl.SSLContext]]:
    """An authority in `folder`.

    Returns:
        Its certificate, for clients that are to trust it, and a function from the name that a client asks for to the
        certificate it gets: "expired.*" an old one, "wrong.*" one for another name, "selfsigned.*" one that nobody
        vouches for, and all others a good one.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    certificate = _certificate(name, key, name, key, hosts=(), authority=True)
    file = folder / "authority.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    @cache
    def made_for(asked: str | None) -> ssl.SSLContext:
        host = asked or "localhost"
        own = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        issued = _certificate(
            subject,
            own,
            subject if host.startswith("selfsigned.") else name,
            own if host.startswith("selfsigned.") else key,
            hosts=("elsewhere.localhost",) if host.startswith("wrong.") else (host,),
            days_left=-1 if host.startswith("expired.") else 30,
        )
        pem = folder / f"{host}.pem"
        pem.write_bytes(
            own.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + issued.public_bytes(serialization.Encoding.PEM)
        )
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(pem)
        return made

    one_at_a_time = Lock()  # two connections to one name, and one would read the key that the other writes

    def context(asked: str | None) -> ssl.SSLContext:
        with one_at_a_time:
            return made_for(asked)

    return file, context


def _certificate(
    subject: x509.Name,
    key: Key,
    issuer: x509.Name,
    issuer_key: Key,
    *,
    hosts: tuple[str, ...],
    days_left: int = 30,
    authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days_left))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(h) for h in hosts]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())
