"""Which language a text is in: the rules read English alone, and say so of others."""

from __future__ import annotations

import re

# Words that no English text of some length does without, and the least share of its words that they are.
_ENGLISH = re.compile(
    "the|of|and|to|in|a|is|that|for|on|as|with|by|was|are|it|at|from|be|has|have|its|an|this|which|not|or"
)
_LEAST = 0.12
# Words that are looked at, and as few as tell nothing.
_READ, _FEW = 400, 20
_NAMES = {
    "ar": "Arabic", "cs": "Czech", "de": "German", "es": "Spanish", "fa": "Persian", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "kk": "Kazakh",
    "ko": "Korean", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "sv": "Swedish",
    "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip


def foreign(text: str) -> str:
    """Return the language of a text that is not in English, as "Russian"; empty for English or a few words.

    Words such as "the" and "of" tell English apart at once; what has few of them is named by py3langid (a
    classifier over byte sequences), or "another language" where that is not installed or not certain.
    """
    sample = text[: 40 * _READ]
    written = re.findall(r"[^\W\d_]+", sample)[:_READ]
    words = [word.casefold() for word in written]
    # Scripts that part no words are told by their letters.
    letters = sum(character.isalpha() and ord(character) > 0x24F for character in sample)
    if len(words) < _FEW and letters < _FEW:
        return ""
    if sum(bool(_ENGLISH.fullmatch(word)) for word in words) >= _LEAST * len(words):
        return ""
    # A list of names and figures is in no language.
    if letters < _FEW and 2 * sum(word.islower() for word in written) < len(words):
        return ""
    try:
        import py3langid
    except ImportError:
        return "another language" if letters > len(sample) / 3 else ""
    return _NAMES.get(str(py3langid.classify(sample)[0]), "")
