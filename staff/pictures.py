"""Pictures of texts, for a camera to read."""

from base64 import b64encode

from allauth.mfa.adapter import get_adapter


def qr_picture(text: str) -> str:
    """A QR code (ISO/IEC 18004) of the text, as an address for an image; nothing is fetched for it."""
    svg: str = get_adapter().build_totp_svg(text)
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
