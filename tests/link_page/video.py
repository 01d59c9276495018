"""A WebM film for tests of seeking: a second of one colour after another, with noise between, so that it is large."""

from __future__ import annotations

import struct

from tests.link_page.making import noise

# Single VP8 key frames of 64 x 48 pixels in one colour each (the lossy form of WebP).
_FRAMES = {
    "red": (
        "b003009d012a400030003ed168ae5228262422a2a801001a096700d3528000151a631c3e362000feeb36fff426c7b515"
        "fffd093ff89b3fe26cf83987fe2a5989180ef0000000"
    ),
    "lime": (
        "f003009d012a400030003ed168af5228262422a2a801001a096700cf1a807e0000151a631c5306f800fed2ed7ff905cb"
        "0bae46bffe6c0ae6b9fa18c0d69eba5a594c02878000"
    ),
    "blue": (
        "9003009d012a400030003ed168ae5228262422a2a801001a096700d2e8077bb534f96c280000fef09b43ffe849fffc4d"
        "9fff49b3e115e92e971764f25aac6fd5c3400000"
    ),
    "white": ("5003009d012a400030003ed168af5228262422a2a801001a0969000013f18e1f08458000fef2c2000000"),
}
COLOURS = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}


def colour_at(second: int) -> str:
    return list(_FRAMES)[second % len(_FRAMES)]


def _element(name: int, data: bytes) -> bytes:
    number = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return number + (len(data) | 1 << 56).to_bytes(8, "big") + data


def _uint(name: int, value: int) -> bytes:
    return _element(name, value.to_bytes(8, "big"))


def webm(seconds: int, bytes_a_second: int) -> bytes:
    """``seconds`` of film, one frame each, every frame a key frame in a cluster of its own, with an index in front."""
    head = b"".join(
        (
            _uint(0x4286, 1),  # EBMLVersion
            _uint(0x42F7, 1),
            _uint(0x42F2, 4),
            _uint(0x42F3, 8),
            _element(0x4282, b"webm"),
            _uint(0x4287, 2),
            _uint(0x4285, 2),
        )
    )
    info = _uint(0x2AD7B1, 1_000_000) + _element(0x4489, struct.pack(">d", seconds * 1000.0))
    info += _element(0x4D80, b"megadesk") + _element(0x5741, b"megadesk")
    video = _uint(0xB0, 64) + _uint(0xBA, 48)
    track = _uint(0xD7, 1) + _uint(0x73C5, 1) + _uint(0x83, 1) + _uint(0x9C, 0) + _element(0x86, b"V_VP8")
    front = _element(0x1549A966, info) + _element(0x1654AE6B, _element(0xAE, track + _element(0xE0, video)))
    clusters = []
    for second in range(seconds):
        frame = b"\x81\x00\x00\x80" + bytes.fromhex(_FRAMES[colour_at(second)])
        void = _element(0xEC, noise(bytes_a_second, second))
        clusters.append(_element(0x1F43B675, _uint(0xE7, second * 1000) + _element(0xA3, frame) + void))

    def cues(start: int) -> bytes:
        points = b""
        for second, cluster in enumerate(clusters):
            place = _uint(0xF7, 1) + _uint(0xF1, start)
            points += _element(0xBB, _uint(0xB3, second * 1000) + _element(0xB7, place))
            start += len(cluster)
        return _element(0x1C53BB6B, points)

    index = cues(len(front) + len(cues(0)))
    return _element(0x1A45DFA3, head) + _element(0x18538067, front + index + b"".join(clusters))
