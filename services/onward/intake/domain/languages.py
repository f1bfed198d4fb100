"""The language that somebody needs an interpreter for, as people and systems write it, in ISO 639 codes."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from onward.diagnostics.spelling import spelled
from onward.intake.domain.vocabulary import table

UNDETERMINED: Final = "und"
"""ISO 639-2: an interpreter is needed, and nobody says for which language."""
CODE: Final = "[A-Za-z]{2,3}([-_][A-Za-z]{2,4})?"
"""A code, with a region or a script behind it that changes nothing: `pt`, `pt-BR`, `pol`."""
AROUND: Final = frozenset(
    {
        "afghan", "algerian", "dialect", "egyptian", "eritrean", "ethiopian", "interpreter", "interpreters",
        "iranian", "iraqi", "kosovan", "kosovo", "language", "libyan", "line", "moroccan", "native", "needed", "only",
        "please", "required", "speaker", "speaking", "speaks", "spoken", "sudanese", "syrian",
        "uk", "y", "yes",
    }
)  # fmt: skip
"""
Words before or behind the name of a language that change nothing: it is spoken otherwise in another country, and an
interpreter is booked for it all the same. Of one of them alone nobody knows which language is meant.
"""
_CODE: Final = re.compile(CODE)
_BETWEEN: Final = re.compile(r"[,;/&+()]|\b(?:and|or)\b")

LANGUAGES: Final[Mapping[str, str]] = table(
    (),
    {
        "Akan": "ak", "Albanian": "sq", "Albanian Shqip": "sq", "Shqip": "sq", "Amharic": "am", "Arabic": "ar",
        "Armenian": "hy", "Azerbaijani": "az",
        "Azeri": "az", "Bengali": "bn", "Bangla": "bn", "Bosnian": "bs", "British Sign Language": "bfi", "BSL": "bfi",
        "Sign Language": "bfi", "Bulgarian": "bg", "Burmese": "my", "Cantonese": "yue", "Catalan": "ca",
        "Chinese": "zh", "Chinese Cantonese": "yue", "Chinese Mandarin": "cmn", "Cymraeg": "cy", "Croatian": "hr",
        "Czech": "cs", "Danish": "da", "Dari": "prs", "Dutch": "nl",
        "Edo": "bin", "Estonian": "et", "Ewe": "ee", "Farsi": "fa", "Persian": "fa", "Farsi Persian": "fa",
        "Finnish": "fi", "Flemish": "nl",
        "French": "fr", "Fula": "ff", "Fulani": "ff", "Georgian": "ka", "German": "de", "Greek": "el",
        "Gujarati": "gu", "Hakka": "hak", "Hausa": "ha", "Hebrew": "he", "Hindi": "hi", "Hungarian": "hu",
        "Icelandic": "is", "Igbo": "ig", "Indonesian": "id", "Irish": "ga", "Italian": "it", "Japanese": "ja",
        "Kazakh": "kk", "Khmer": "km", "Kinyarwanda": "rw", "Korean": "ko", "Krio": "kri", "Kurdish": "ku",
        "Kurmanji": "kmr", "Kurdish Kurmanji": "kmr", "Sorani": "ckb", "Kurdish Sorani": "ckb", "Bahdini": "kmr",
        "Badini": "kmr", "Kurdish Badini": "kmr", "Kurdish Bahdini": "kmr",
        "Lao": "lo", "Latvian": "lv", "Lingala": "ln", "Lithuanian": "lt", "Luganda": "lg", "Macedonian": "mk",
        "Malay": "ms", "Malayalam": "ml", "Maltese": "mt", "Mandarin": "cmn", "Mandarin Chinese": "cmn",
        "Marathi": "mr", "Mirpuri": "phr", "Moldovan": "ro", "Mongolian": "mn", "Ndebele": "nd", "Nepali": "ne",
        "Norwegian": "nb", "Oromo": "om", "Panjabi": "pa", "Punjabi": "pa", "Pashto": "ps", "Pashtu": "ps",
        "Pushto": "ps", "Pukhto": "ps", "Polski": "pl",
        "Patois": "jam", "Polish": "pl", "Portuguese": "pt", "Brazilian Portuguese": "pt", "Pothwari": "phr",
        "Pahari": "phr", "Roma": "rom", "Romani": "rom",
        "Romanian Moldovan": "ro", "Romanian": "ro", "Russian": "ru", "Serbian": "sr", "Serbo-Croat": "sh",
        "Shona": "sn", "Sinhala": "si", "Sinhalese": "si", "Slovak": "sk", "Slovakian": "sk", "Slovene": "sl",
        "Slovenian": "sl", "Somali": "so", "Spanish": "es", "Swahili": "sw", "Swedish": "sv", "Sylheti": "syl",
        "Tagalog": "tl", "Filipino": "fil", "Tajik": "tg", "Tamil": "ta", "Telugu": "te", "Thai": "th",
        "Tigrinya": "ti", "Turkish": "tr", "Turkmen": "tk", "Twi": "tw", "Ukrainian": "uk", "Urdu": "ur",
        "Uyghur": "ug", "Uzbek": "uz", "Vietnamese": "vi", "Welsh": "cy", "Wolof": "wo", "Xhosa": "xh", "Yiddish": "yi",
        "Yoruba": "yo", "Zulu": "zu",
    },
)  # fmt: skip
"""Names of languages, as `spelled` writes them."""

NOBODY: Final = frozenset(
    {
        "british", "en", "eng", "english", "english_fluent", "f", "false", "fluent", "fluent_english",
        "good_english", "n", "nil",
        "no", "no_need", "none", "not", "nr",
    }
)  # fmt: skip
"""What says that no interpreter is needed: a yes or no stands in this field as often as a language does."""
SOMEBODY: Final = frozenset({"t", "true", "y", "yes"})
"""What says that one is needed, and not for which language."""


class Language:
    """Reads the code of a language; None where none is needed. A name that nobody knows is `unknown_code`."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        del schema, handler
        return {LANGUAGE: True}


LANGUAGE: Final = "x-language"
"""Marks what `intake/schema_kinds.py` puts the real thing in the place of."""


def _read(value: object) -> str | None:
    if value is None or isinstance(value, bool):
        return UNDETERMINED if value else None
    if not isinstance(value, str):
        raise _UNKNOWN
    words = _without_around(spelled(value).split("_"))
    word = "_".join(words)
    if word in NOBODY:
        return None
    if word in SOMEBODY or not words:
        return UNDETERMINED
    if word in LANGUAGES:
        return LANGUAGES[word]
    if not _CODE.fullmatch(value.strip()):
        return _first_of_several(value)
    return None if words[0] in NOBODY else words[0]


def _first_of_several(value: str) -> str:
    """The first language of several that somebody speaks: an interpreter for it can talk with them."""
    parts = ["_".join(_without_around(spelled(part).split("_"))) for part in _BETWEEN.split(value)]
    if NOBODY.isdisjoint(parts):
        for part in parts:
            if part in LANGUAGES:
                return LANGUAGES[part]
    raise _UNKNOWN


def _without_around(words: list[str]) -> list[str]:
    """The name of a language among words that change nothing, one of which may be part of it; else what is no such."""
    leading = next((place for place, word in enumerate(words) if word not in AROUND), len(words))
    trailing = next((place for place, word in enumerate(reversed(words)) if word not in AROUND), len(words))
    for start in range(leading + 1):
        for stop in range(len(words), len(words) - trailing - 1, -1):
            if "_".join(words[start:stop]) in LANGUAGES:
                return words[start:stop]
    return words[leading : len(words) - trailing]


_UNKNOWN: Final = PydanticCustomError("unknown_code", "expected the code or the name of a language")
