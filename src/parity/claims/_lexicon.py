"""Words for what Parity measures: indices, indicators, goods, models and their topics."""

from __future__ import annotations

# Name of an index -> phrases that mean it.
INDICES = {
    "Global AI Index": ("global ai index", "tortoise index", "tortoise media index", "tortoise ai index",
                        "global artificial intelligence index", "tortoise's index", "observer's ai index"),
    "Global AI Vibrancy Tool": ("global ai vibrancy tool", "ai vibrancy tool", "vibrancy tool",
                                "vibrancy index", "vibrancy ranking", "global vibrancy ranking",
                                "vibrancy rankings", "vibrancy table", "vibrancy list", "ai vibrancy"),
    "Government AI Readiness Index": ("government ai readiness index", "ai readiness index",
        "government readiness index", "government artificial intelligence readiness index"),
    "AI Preparedness Index": ("ai preparedness index",),
    "TOP500": ("top500 list", "top500", "top 500", "top 500 list", "top-500", "top-500 list"),
    "open-ai-index": ("open ai index",),
    "": ("ai index", "ai ranking", "ai rankings", "ai race", "league table", "ai league table",
        "global ranking", "world ranking", "global rankings", "ranking of ai", "ai capacity", "ai capability",
        "ai strength", "artificial intelligence ranking", "artificial intelligence index"),
}  # fmt: skip

# Who publishes an index, the words that it may then go by, and the index.
_TABLES = r"@I\d+|index|ranking|rankings|list|table|tables|tool|league|scoreboard|places|ranks|ranked"
PUBLISHERS = (
    ("stanford(?: university)?(?: 's)?", _TABLES, "Global AI Vibrancy Tool"),
    ("tortoise(?: media)?(?: 's)?|observer(?: 's)?", _TABLES, "Global AI Index"),
    (
        "oxford(?: insights)?(?: 's| ')?",
        _TABLES + "|readiness|ready|assess\\S*|scored|governments",
        "Government AI Readiness Index",
    ),
    (
        "imf(?: 's)?|international monetary fund(?: 's)?",
        "preparedness|ai index|ai ranking|prepared",
        "AI Preparedness Index",
    ),
    ("unctad(?: 's)?", "readiness|" + _TABLES, "Frontier Technologies Readiness Index"),
    ("wipo(?: 's)?", "innovation index|innovation ranking", "Global Innovation Index"),
    ("microsoft(?: 's)?", _TABLES, "AI diffusion (AI user share)"),
    ("imd(?: 's)?", "digital \\S+|" + _TABLES, "World Digital Competitiveness Ranking"),
)

# Indicator -> phrases; the longest phrase of a sentence counts.
MEASURES = {
    "notable_models": ("notable models", "notable ai models", "notable ai systems", "notable model releases",
                       "leading ai models", "significant ai models", "notable machine learning models",
                       "important ai models", "notable model", "notable ai model"),
    "genai_users": ("generative ai users", "number of generative ai users"),
    "robots_installed": ("industrial robots", "industrial robots installed"),
    "large_scale_models": ("large scale models", "large scale ai models",
        "models trained with more than 10^23 flop",
                           "largest models"),
    "largest_training_run": ("largest training run", "biggest training run", "training compute",
                             "largest training runs", "biggest training runs"),
    "funded_companies": ("newly funded ai companies", "newly funded ai start-ups",
                         "newly funded ai startups", "ai companies newly funded"),
    "genai_investment": ("generative ai investment", "investment in generative ai",
                         "private investment in generative ai", "private generative ai investment",
                         "funding for generative ai", "generative ai funding",
                         "generative ai attracted", "generative ai alone attracted"),
    "ai_investment": ("private investment in ai", "private ai investment", "ai investment",
        "investment in ai",
                      "venture capital for ai", "ai funding", "investments in ai", "ai venture capital",
                      "investment in artificial intelligence", "investment into ai", "funding for ai",
                      "private investment in artificial intelligence", "ai investments",
                      "ai start-up funding",
                      "ai startup funding", "venture funding", "invested in ai"),
    "ai_publications": ("ai publications", "ai papers", "publications on ai", "papers on ai",
        "ai research papers",
                        "ai research output", "ai articles", "ai studies",
                        "papers on artificial intelligence",
                        "artificial intelligence papers", "research papers on ai"),
    "ai_patents": ("ai patents", "ai patent applications", "patents on ai", "ai patent filings",
                   "artificial intelligence patents", "patents in ai"),
    "genai_patents": ("generative ai patents", "patents on generative ai", "patents in generative ai",
                      "genai patents", "generative ai patent families", "patent families on generative ai",
                      "patent families in generative ai", "generative ai inventions",
                      "patent families for generative ai", "patents for generative ai"),
    "patent_applications": ("patent applications", "patent filings", "patents"),
    "top500_systems": ("top500 systems", "supercomputer in the top500", "system in the top500",
        "system on the top500", "machine in the top500",
        "top500 supercomputers",
        "supercomputers", "supercomputers in the top500", "systems in the top500", "systems on the top500",
        "supercomputers on the top500", "supercomputers in the top500 list", "systems on the top500 list",
        "supercomputers on the top500 list", "top500 machines", "machines in the top500", "supercomputer",
        "systems in the top500 list", "entries in the top500", "top500 entries",
        "machines on the top500 list"),
    "top500_rmax": ("supercomputing power", "supercomputer performance", "supercomputing performance",
                    "supercomputing capacity"),
    "gpu_cluster_h100e": ("gpu clusters", "gpu cluster capacity", "ai compute", "computing capacity",
        "compute capacity",
                          "ai computing capacity", "ai computing power", "computing power",
                          "installed compute",
                          "gpu capacity", "data center capacity", "data centre capacity",
                          "ai supercomputing capacity"),
    "gh_developers": ("github developers", "developers on github", "github accounts", "github users",
                      "software developers"),
    "gh_collaboration": ("collaboration on github", "github collaboration", "cross-border collaboration",
                         "collaboration", "research collaboration", "code collaboration",
                         "cooperation on code",
                         "joint work on github"),
    "gh_pushes": ("git pushes", "github activity", "pushes on github"),
    "genai_diffusion": ("use generative ai", "users of generative ai", "use of generative ai",
        "used generative ai",
                        "ai adoption", "adoption of ai", "use ai tools", "ai use", "uses generative ai",
                        "use ai",
                        "adoption of generative ai", "generative ai adoption", "using generative ai",
                        "used ai", "uses ai", "using ai", "adopted ai", "use of ai",
                        "use artificial intelligence",
                        "used artificial intelligence", "generative ai tools", "ai tools", "use chatbots",
                        "ai diffusion", "ai users"),
    "enterprise_ai": ("enterprises use ai", "companies use ai", "firms use ai", "businesses use ai",
                      "enterprises using ai", "companies using ai", "firms using ai", "businesses using ai",
                      "use of ai by companies", "enterprise adoption of ai", "enterprises that use ai",
                      "of its enterprises used ai", "enterprises used ai", "companies used ai",
                      "firms used ai"),
    "rd_expenditure": ("r&d spending", "spending on r&d", "research and development spending",
        "r & d spending",
                       "spending on research and development", "r&d expenditure", "r & d expenditure",
                       "r&d", "r & d",
                       "research and development", "research spending"),
    "researchers_per_million": ("researchers per million", "researchers per million people",
                                "researchers per million inhabitants", "number of researchers"),
    "internet_users": ("internet users", "use the internet", "uses the internet", "are online", "is online",
                       "internet access", "online population"),
    "ai_bills": ("ai laws", "laws on ai", "ai bills", "ai-related laws", "laws mentioning ai",
        "ai related laws"),
    "electricity_generation": ("electricity generation", "electricity output", "power generation"),
    "hightech_exports": ("high-tech exports", "high-technology exports", "high tech exports",
                         "high technology exports"),
    "cloud_regions": ("cloud regions", "cloud data centre regions", "western cloud regions"),
}  # fmt: skip

# Accelerators in general: what a text means without naming a product, and the product it is judged by.
GENERIC_CHIPS = {
    "H100": ("advanced ai chips", "advanced chips", "most advanced chips", "advanced ai accelerators",
             "cutting-edge chips", "cutting edge chips", "high-end chips", "top-end chips",
             "high-end ai chips",
             "advanced graphics processors", "advanced gpus", "cutting-edge gpus", "ai chips",
             "ai accelerators",
             "advanced semiconductors", "high-end gpus", "leading-edge chips", "best ai chips",
             "top ai chips",
             "nvidia's most advanced chips", "advanced processors", "most advanced gpus",
             "most advanced nvidia chips"),
    "": ("ai servers", "nvidia servers", "gpu servers", "chips", "microchips", "semiconductors", "gpus",
    "graphics processing units", "graphics processors",
         "graphics cards", "accelerators", "integrated circuits", "processors", "microelectronics",
         "computer chips", "chip", "gpu", "semiconductor"),
}  # fmt: skip

# Generations of accelerators, and the product that stands for each.
ARCHITECTURES = {"ampere": "A100", "hopper": "H100", "blackwell": "B200"}

# Families of language models -> developer's country.
MODEL_FAMILIES = {
    "deepseek": "CHN", "qwen": "CHN", "kimi": "CHN", "glm": "CHN", "ernie": "CHN", "ernie bot": "CHN",
    "doubao": "CHN", "hunyuan": "CHN", "gpt": "USA", "chatgpt": "USA", "claude": "USA", "gemini": "USA",
    "llama": "USA", "grok": "USA", "mistral": "FRA", "le chat": "FRA", "gigachat": "RUS", "yandexgpt": "RUS",
    "alice": "RUS", "falcon": "ARE", "r1": "CHN", "deepseek r1": "CHN", "deepseek v3": "CHN", "grok 3": "USA",
    "chatglm": "CHN", "yi": "CHN", "minimax": "CHN", "baichuan": "CHN", "exaone": "KOR", "hyperclova": "KOR",
}  # fmt: skip

# What a model may be asked about -> the government concerned.
TOPICS = {
    "tiananmen": "CHN", "tiananmen square": "CHN", "xi jinping": "CHN", "taiwan": "CHN",
    "taiwan's status": "CHN",
    "uyghurs": "CHN", "uighurs": "CHN", "xinjiang": "CHN", "communist party": "CHN", "falun gong": "CHN",
    "hong kong protests": "CHN", "putin": "RUS", "navalny": "RUS", "war in ukraine": "RUS", "bucha": "RUS",
    "ukraine": "RUS", "sensitive questions on china": "CHN", "censorship on china": "CHN",
    "questions on china": "CHN", "questions about china": "CHN", "tibet": "CHN", "crimea": "RUS",
    "chinese government": "CHN", "russian government": "RUS", "chinese leaders": "CHN", "kremlin": "RUS",
    "trump": "USA", "us government": "USA",
}  # fmt: skip

# Blocs: further names of those in the catalogue.
BLOCS = {
    "BRICS": ("brics", "brics+", "brics group", "brics bloc"),
    "EU": ("eu", "european union", "european commission", "the bloc of 27", "ai act", "eu ai act",
           "brussels"),
    "Europe": ("europe", "european", "europeans"),
    "G7": ("g7", "group of seven", "g 7"),
    "G20": ("g20", "group of twenty", "g 20"),
    "OECD": ("oecd",),
    "SCO": ("sco", "shanghai cooperation organisation", "shanghai cooperation organization"),
    "ASEAN": ("asean",),
    "African Union": ("african union",),
    "EAEU": ("eaeu", "eurasian economic union"),
    "CIS": ("cis", "commonwealth of independent states"),
    "APEC": ("apec",),
    "GCC": ("gcc", "gulf cooperation council", "gulf states", "gulf countries"),
    "NATO": ("nato",),
    "Arab League": ("arab league", "league of arab states"),
    "Mercosur": ("mercosur", "mercosul"),
    "GPAI": ("gpai", "global partnership on ai", "global partnership on artificial intelligence"),
    "Quad": ("quad", "the quad"),
    "Five Eyes": ("five eyes",),
    "AI Alliance Network": ("ai alliance network", "aianet", "ai alliance", "alliance network",
                            "network of ai associations", "network of national ai associations",
                            "network of ai alliances", "international ai alliance",
                            "artificial intelligence alliance network"),
}  # fmt: skip
# Written in capitals only: the lower-case words mean something else.
CAPITALS_ONLY = frozenset(("quad", "cis", "sco", "eu", "us", "uk", "prc", "rok", "dprk", "r1", "glm", "yi"))
# Model families that are words of other kinds when in lower case.
PROPER = frozenset(("falcon", "gemini", "claude", "llama", "alice", "mistral", "kimi", "ernie"))
