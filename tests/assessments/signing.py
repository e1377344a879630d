"""A PDF with an electronic signature, as BSrE and its like make them, with a key of the moment."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore


def _apart(work, *args, **kwargs):
    """Do it in a thread of its own: pyHanko runs an event loop, and so does a browser's test."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, *args, **kwargs).result()


@dataclass(frozen=True)
class SignedPdf:
    content: bytes
    trusted: asn1_x509.Certificate

    def is_valid(self, content: bytes) -> bool:
        """Whether exactly one signature stands in it, unbroken, by the key that we trust."""
        [signature] = PdfFileReader(io.BytesIO(content)).embedded_signatures
        context = ValidationContext(trust_roots=[self.trusted], allow_fetching=False)
        status = _apart(validate_pdf_signature, signature, signer_validation_context=context)
        return status.intact and status.valid and status.trusted


def sign(content: bytes) -> SignedPdf:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Wali Kota")])
    today = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_cert_sign=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    der = certificate.public_bytes(serialization.Encoding.DER)
    trusted = asn1_x509.Certificate.load(der)
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    signer = signers.SimpleSigner(
        signing_cert=trusted,
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
    fields.append_signature_field(writer, fields.SigFieldSpec("TTE"))
    out = io.BytesIO()
    metadata = signers.PdfSignatureMetadata(field_name="TTE")
    _apart(signers.sign_pdf, writer, metadata, signer, output=out)
    return SignedPdf(out.getvalue(), trusted)
