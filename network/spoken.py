"""Languages in which an intervention can be had: those that are spoken at Dutch practices, by ISO 639 code."""

from babel import Locale

from core.language import _, language

SIGN_LANGUAGE = "dse"
SPOKEN = (
    "nl", "en", "de", "fr", "es", "pt", "it", "pl", "ro", "bg", "hu", "uk", "ru", "tr", "ar", "fa", "ku", "so", "ti",
    "zh", "hi", "ur", "id", "fy", "pap", SIGN_LANGUAGE,
)  # fmt: skip


def language_name(code: str) -> str:
    """Return the name of a known language, in the language of the person."""
    if code == SIGN_LANGUAGE:
        return _("Nederlandse Gebarentaal")
    return str(Locale.parse(language()).languages[code])


def read_language(code: str) -> str:
    """Return a known code as it is; raises ValueError with a sentence that names the known ones."""
    if code not in SPOKEN:
        raise ValueError(_("Kies een van deze talen: %(codes)s.") % {"codes": ", ".join(SPOKEN)})
    return code
