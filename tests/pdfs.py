"""PDFs for tests, made by hand: small ones, and such as no honest program writes."""

from __future__ import annotations

import zlib

RED_SQUARE = b"1 0 0 rg 20 20 100 100 re f"


def pdf(
    pages: int = 1, *, width: float = 200, height: float = 300, content: bytes = RED_SQUARE, trailer: bytes = b""
) -> bytes:
    """``content`` on every page; compressed where that is shorter."""
    packed = zlib.compress(content, 9)
    stream = (b"/Filter /FlateDecode ", packed) if len(packed) < len(content) else (b"", content)
    kids = b" ".join(b"%d 0 R" % (4 + page) for page in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
        b"<< %s/Length %d >>\nstream\n%s\nendstream" % (stream[0], len(stream[1]), stream[1]),
    ]
    box = f"{width:f} {height:f}".encode()
    objects += [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s] /Contents 3 0 R >>" % box] * pages
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(out)


def encrypted() -> bytes:
    """With a password that nobody knows: its check values are made up."""
    return pdf(
        trailer=b"/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
        b" /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <%s> /U <%s> >>" % (b"5a" * 32, b"a5" * 32)
    )
