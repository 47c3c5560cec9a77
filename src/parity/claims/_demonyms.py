"""Adjectives, capitals and other names that stand for a country in the news."""

from __future__ import annotations

# Country -> adjectives and other names, separated by commas.
NAMES = {
    "ARE": "emirati,emirates", "ARG": "argentine,argentinian,argentinean", "ARM": "armenian",
    "AUS": "australian",
    "AUT": "austrian", "AZE": "azerbaijani", "BEL": "belgian", "BGD": "bangladeshi", "BGR": "bulgarian",
    "BHR": "bahraini", "BLR": "belarusian,belarussian", "BRA": "brazilian", "CAN": "canadian", "CHE": "swiss",
    "CHL": "chilean", "CHN": "chinese,mainland china,prc,p.r.c.", "COL": "colombian", "CUB": "cuban",
    "CYP": "cypriot", "CZE": "czech", "DEU": "german,federal republic",
    "DNK": "danish", "DZA": "algerian", "EGY": "egyptian",
    "ESP": "spanish", "EST": "estonian", "ETH": "ethiopian", "FIN": "finnish", "FRA": "french",
    "GBR": "british,britain,u.k.,uk,great britain", "GEO": "georgian", "GHA": "ghanaian", "GRC": "greek",
    "HKG": "hong kong", "HRV": "croatian", "HUN": "hungarian", "IDN": "indonesian", "IND": "indian",
    "IRL": "irish", "IRN": "iranian", "IRQ": "iraqi", "ISL": "icelandic", "ISR": "israeli", "ITA": "italian",
    "JPN": "japanese", "KAZ": "kazakh,kazakhstani", "KEN": "kenyan", "KGZ": "kyrgyz",
    "KOR": "south korean,korean,rok",
    "KWT": "kuwaiti", "LTU": "lithuanian", "LUX": "luxembourgish", "LVA": "latvian", "MAR": "moroccan",
    "MEX": "mexican", "MLT": "maltese", "MMR": "burmese", "MNG": "mongolian", "MYS": "malaysian",
    "NGA": "nigerian", "NLD": "dutch,holland", "NOR": "norwegian", "NZL": "new zealander", "PAK": "pakistani",
    "PER": "peruvian", "PHL": "philippine,filipino", "POL": "polish", "PRK": "north korean,dprk",
    "PRT": "portuguese", "QAT": "qatari", "ROU": "romanian", "RUS": "russian", "RWA": "rwandan",
    "SAU": "saudi,saudi arabian", "SGP": "singaporean", "SRB": "serbian", "SVK": "slovak", "SVN": "slovenian",
    "SWE": "swedish", "SYR": "syrian", "THA": "thai", "TUN": "tunisian", "TUR": "turkish,türkiye",
    "TWN": "taiwanese", "UKR": "ukrainian", "URY": "uruguayan", "USA": "american,u.s.,us,u.s.a.,usa,america",
    "UZB": "uzbek", "VEN": "venezuelan", "VNM": "vietnamese", "ZAF": "south african",
}  # fmt: skip

# Seats of government that the news names in place of the country.
SEATS = {
    "kremlin": "RUS", "the kremlin": "RUS", "moscow": "RUS", "beijing": "CHN", "white house": "USA",
    "washington": "USA", "new delhi": "IND", "delhi": "IND", "tokyo": "JPN", "seoul": "KOR", "london": "GBR",
    "paris": "FRA", "berlin": "DEU", "brasilia": "BRA", "brasília": "BRA", "pretoria": "ZAF",
    "abu dhabi": "ARE", "riyadh": "SAU", "tehran": "IRN", "taipei": "TWN", "ankara": "TUR", "kyiv": "UKR",
    "astana": "KAZ", "whitehall": "GBR", "downing street": "GBR", "ottawa": "CAN", "canberra": "AUS",
}  # fmt: skip

# Capitals whose names mean other things more often.
AMBIGUOUS_CAPITALS = frozenset((
    "victoria", "georgetown", "george town", "kingston", "hamilton", "male", "stanley", "nice", "santiago",
    "san jose",
    "san josé", "san juan", "saint george's", "st. george's", "st george's", "belmopan", "victor",
    "port louis", "melbourne",
    "roseau", "alofi", "hamlet", "washington", "washington d.c.", "singapore", "luxembourg", "djibouti",
    "panama city",
    "mexico city", "kuwait city", "guatemala city", "monaco", "san marino", "hong kong", "macao",
    "gibraltar", "brussels",
    "road town", "saint helier", "st. helier", "douglas", "valletta", "the valley", "basseterre", "castries",
))  # fmt: skip

# Words in capitals that are no country, though they are its name or code elsewhere.
NOT_COUNTRIES = ("south china sea", "new mexico",
"china daily", "american airlines", "bank of america", "air india",
                 "south china morning post", "voice of america", "latin america", "north america",
                 "south america",
                 "central america", "india pale ale", "british columbia", "real madrid", "atletico madrid",
                 "paris saint-germain",
                 "paris agreement", "inter milan", "us dollars", "u.s. dollars",
                 "us dollar", "u.s. dollar")  # fmt: skip

# Words that stand for one of these countries in a text that is about it ("the Kingdom").
STYLES = {
    "the kingdom": ("SAU", "BHR", "MAR", "JOR", "THA", "KHM", "BTN"),
    "the federation": ("RUS",),
    "the republic": ("KOR", "SGP", "IRL", "CZE"),
    "the sultanate": ("OMN",),
    "the city-state": ("SGP",),
}

# Firms, offices and heads of state whose statements about themselves are statements about their country.
ORGANISATIONS = {
    "sberbank": "RUS", "sber": "RUS", "yandex": "RUS", "huawei": "CHN", "alibaba": "CHN", "baidu": "CHN",
    "tencent": "CHN", "bytedance": "CHN", "smic": "CHN", "openai": "USA", "anthropic": "USA", "tsmc": "TWN",
    "samsung": "KOR", "naver": "KOR", "sarvam": "IND", "g42": "ARE",
    "putin": "RUS", "mishustin": "RUS", "german gref": "RUS", "herman gref": "RUS", "gref": "RUS",
    "xi jinping": "CHN", "modi": "IND", "trump": "USA", "biden": "USA", "macron": "FRA", "starmer": "GBR",
    "merz": "DEU", "scholz": "DEU", "lula": "BRA", "erdogan": "TUR", "erdoğan": "TUR", "tokayev": "KAZ",
    "ishiba": "JPN", "takaichi": "JPN", "mirziyoyev": "UZB", "bin salman": "SAU",
}  # fmt: skip
