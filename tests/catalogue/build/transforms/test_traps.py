"""Known traps of the sources, each on a file of a few lines in the layout of the real one."""

from __future__ import annotations

import polars as pl
import pytest

from parity.catalogue.build import indicators
from parity.catalogue.build import observations as build
from parity.catalogue.build.transforms import (
    epoch,
    gapminder,
    github,
    machines,
    owid,
    people,
    research,
    world_bank,
)
from parity.errors import ParityError

EXACT = 1e-9


def value(frame: pl.DataFrame, **where: object) -> float:
    """Return the only value of the rows that match."""
    return frame.filter(**where)["value"].item()


MODELS_HEAD = "Model,Publication date,Training compute (FLOP),Country (of organization)\n"
CLUSTERS_HEAD = (
    "Name,Status,Certainty,Possible Duplicate,H100 equivalents,Country,"
    "First Operational Date,Decommissioned Date (if applicable),Superseded by,Sector\n"
)


@pytest.fixture
def epoch_folder(raw_folder):
    def make(models="", clusters="C,Existing,Confirmed,,1,China,2024-01-01,,,Public\n"):
        return raw_folder(
            "epoch",
            {
                "notable_ai_models.csv": MODELS_HEAD + (models or "M,2024-01-01,1e24,China\n"),
                "large_scale_ai_models.csv": MODELS_HEAD + (models or "M,2024-01-01,1e24,China\n"),
                "gpu_clusters.csv": CLUSTERS_HEAD + clusters,
            },
        )

    return make


class TestEpoch:
    def test_country_lists_count_each_country_once_per_model(self, epoch_folder, names):
        listed = '"Korea (Republic of),Korea (Republic of),United States of America"'
        frame = epoch.observations(epoch_folder(f"A,2024-05-01,1e24,{listed}\nB,2024-06-01,,China\n"), names)
        models = frame.filter(pl.col("indicator") == "notable_models")
        assert dict(models.select("iso3", "value").rows()) == {"KOR": 1, "USA": 1, "CHN": 1}

    def test_multinational_is_no_country(self, epoch_folder, names):
        frame = epoch.observations(epoch_folder('A,2024-05-01,,"Multinational,France"\n'), names)
        assert set(frame.filter(pl.col("indicator") == "notable_models")["iso3"]) == {"FRA"}

    def test_unknown_compute_is_missing_not_zero(self, epoch_folder, names):
        frame = epoch.observations(epoch_folder("A,2024-05-01,,China\nB,2023-05-01,2e23,China\n"), names)
        runs = frame.filter(pl.col("indicator") == "largest_training_run")
        assert runs.select("year", "value").rows() == [(2023, 2e23)]

    def test_a_new_country_name_is_not_dropped_in_silence(self, epoch_folder, names):
        with pytest.raises(ParityError, match="unknown countries 'Freedonia'"):
            epoch.observations(epoch_folder("A,2024-05-01,,Freedonia\n"), names)

    def test_clusters_stand_from_first_to_last_year(self, epoch_folder, names):
        clusters = (
            "Old,Decommissioned,Confirmed,,10,China,2021-03-01,2023-07,\n"
            "New,Existing,Confirmed,,100,China,2023-01-01,,\n"
            "Last,Existing,Likely,,1000,China,2024-01-01,,\n"
            "Undated,Existing,Confirmed,,1,China,,,\n"
            "Gone,Decommissioned,Confirmed,,7,China,2021-01-01,,\n"
            "Planned,Planned,Confirmed,,9999,China,2024-01-01,,\n"
            "Twin,Existing,Confirmed,True,9999,China,2024-01-01,,\n"
            "Rumour,Existing,Unlikely,,9999,China,2024-01-01,,\n"
            "Unknown,Existing,Confirmed,,,China,2024-01-01,,\n"
        )
        frame = epoch.observations(epoch_folder(clusters=clusters), names)
        capacity = frame.filter(pl.col("indicator") == "gpu_cluster_h100e").sort("year")
        assert capacity.select("year", "value").rows() == [(2021, 10), (2022, 10), (2023, 100), (2024, 1101)]

    def test_a_later_phase_takes_the_machines_of_the_one_before(self, epoch_folder, names):
        clusters = (
            "One,Existing,Confirmed,,10,China,2022-01-01,,Two\n"
            "Two,Existing,Confirmed,,30,China,2024-01-01,,Three\n"
            "Three,Planned,Confirmed,,90,China,2025-01-01,,\n"
        )
        frame = epoch.observations(epoch_folder(clusters=clusters), names)
        capacity = frame.filter(pl.col("indicator") == "gpu_cluster_h100e").sort("year")
        assert capacity.select("year", "value").rows() == [(2022, 10), (2023, 10), (2024, 30)]


GITHUB_HEADS = {
    "developers": "developers,iso2_code,year,quarter\n",
    "repositories": "repositories,iso2_code,year,quarter\n",
    "organizations": "organizations,iso2_code,year,quarter\n",
    "git_pushes": "git_pushes,iso2_code,year,quarter\n",
    "economy_collaborators": "weight,source,destination,year,quarter\n",
    "topics": "num_pushers,topic,iso2_code,year,quarter\n",
}
GITHUB_ROWS = {
    "economy_collaborators": "200,RU,US,2024,1\n",
    "topics": "150,ai,RU,2024,1\n",
}


@pytest.fixture
def github_folder(raw_folder):
    def make(**rows):
        default = "1000,RU,2024,4\n"
        files = {
            f"{name}.csv": head + rows.get(name, GITHUB_ROWS.get(name, default))
            for name, head in GITHUB_HEADS.items()
        }
        return raw_folder("github-innovation-graph", files)

    return make


class TestGitHub:
    def test_namibia_is_a_country_not_a_missing_value(self, github_folder, names):
        frame = github.observations(github_folder(developers="5000,NA,2024,4\n"), names)
        assert value(frame, iso3="NAM", indicator="gh_developers") == 5000

    def test_the_union_is_not_counted_beside_its_members(self, github_folder, names):
        folder = github_folder(
            developers="9,EU,2024,4\n5,DE,2024,4\n",
            economy_collaborators="500,EU,US,2024,1\n300,DE,US,2024,1\n400,US,EU,2024,1\n",
        )
        frame = github.observations(folder, names)
        assert set(frame.filter(indicator="gh_developers")["iso3"]) == {"DEU"}
        assert value(frame, iso3="USA", indicator="gh_collaboration") == 300

    def test_collaboration_adds_both_directions_and_leaves_out_the_own_economy(self, github_folder, names):
        folder = github_folder(economy_collaborators="300,RU,US,2024,1\n200,US,RU,2024,1\n900,RU,RU,2024,1\n")
        assert value(github.observations(folder, names), iso3="RUS", indicator="gh_collaboration") == 500

    def test_partial_year_is_a_mean_of_its_quarters_and_flagged(self, github_folder, names):
        whole = "".join(f"100,RU,2024,{quarter}\n" for quarter in (1, 2, 3, 4))
        partial = "".join(f"100,RU,2025,{quarter}\n" for quarter in (1, 2, 3))
        frame = github.observations(github_folder(git_pushes=whole + partial), names)
        pushes = frame.filter(indicator="gh_pushes").sort("year")
        assert pushes.select("year", "value", "flag").rows() == [
            (2024, 100, "observed"),
            (2025, 100, "estimated"),
        ]

    def test_stock_is_that_of_the_last_quarter(self, github_folder, names):
        frame = github.observations(
            github_folder(developers="7,RU,2024,2\n9,RU,2024,3\n5,RU,2024,1\n"), names
        )
        assert value(frame, iso3="RUS", indicator="gh_developers") == 9

    def test_censored_topics_give_no_row_and_no_zero(self, github_folder, names):
        topics = "120,ai,RU,2024,1\n150,machine-learning,RU,2024,1\n9000,css,RU,2024,1\n9000,css,FR,2024,1\n"
        frame = github.observations(github_folder(topics=topics), names)
        pushers = frame.filter(indicator="gh_ai_topic_pushers")
        assert pushers.select("iso3", "value").rows() == [("RUS", 150)]

    def test_a_smaller_number_would_mean_that_censoring_has_changed(self, github_folder, names):
        with pytest.raises(ParityError, match="above 100 pushers only"):
            github.observations(github_folder(topics="12,ai,RU,2024,1\n"), names)


CHART = "Entity,Code,Year,{}\n"
LAWS = "Cumulative AI-related bills passed into law since 2016, as of 2024"


@pytest.fixture
def cset_folder(raw_folder):
    def make(publications="", investment=""):
        return raw_folder(
            "owid-cset-cat",
            {
                owid.PUBLICATIONS: CHART.format("All") + (publications or "Russia,RUS,2023,5\n"),
                owid.PATENTS: CHART.format("All") + "Russia,RUS,2020,5\n",
                owid.INVESTMENT: investment or CHART.format("All") + "Russia,RUS,2023,5\n",
            },
        )

    return make


class TestOurWorldInData:
    def test_aggregates_have_no_code_or_the_publishers_own(self, cset_folder, names):
        rows = "World,OWID_WRL,2023,9\nEurope (CSET),,2023,8\nKosovo,OWID_KOS,2023,3\nRussia,RUS,2023,5\n"
        frame = owid.cset(cset_folder(publications=rows), names)
        papers = frame.filter(indicator="ai_publications")
        assert dict(papers.select("iso3", "value").rows()) == {"XKX": 3, "RUS": 5}

    def test_country_without_code_is_found_by_its_name(self, raw_folder, names):
        views = (
            "Entity,Code,Year,Mostly help,Mostly harm\nRepublic of the Congo,,2021,40,50\nAsia,,2021,1,2\n"
        )
        files = {owid.LAWS: f'Entity,Code,Year,"{LAWS}"\nRussia,RUS,2023,20\n', owid.VIEWS: views}
        frame = owid.misc(raw_folder("owid-ai-misc", files), names)
        assert value(frame, indicator="trust_in_ai") == 40
        assert frame.filter(indicator="trust_in_ai")["iso3"].item() == "COG"

    def test_laws_count_up_to_the_year_of_the_heading(self, raw_folder, names):
        views = "Entity,Code,Year,Mostly help\nRussia,RUS,2021,40\n"
        files = {owid.LAWS: f'Entity,Code,Year,"{LAWS}"\nRussia,RUS,2023,20\n', owid.VIEWS: views}
        frame = owid.misc(raw_folder("owid-ai-misc", files), names)
        assert frame.filter(indicator="ai_bills").select("year", "value").rows() == [(2024, 20)]

    def test_projected_year_is_flagged(self, cset_folder, names):
        head = "Entity,Code,Year,All,All (projected) (Projected)\n"
        rows = "Russia,RUS,2023,5,\nRussia,RUS,2024,6,6\nRussia,RUS,2025,,7\n"
        frame = owid.cset(cset_folder(investment=head + rows), names).filter(indicator="ai_investment")
        assert frame.sort("year").select("year", "value", "flag").rows() == [
            (2023, 5, "observed"),
            (2024, 6, "observed"),
            (2025, 7, "estimated"),
        ]

    def test_both_wordings_of_the_headings_are_read(self, cset_folder, names):
        head = CHART.format("Estimated funding raised by privately held AI companies - Field: All")
        frame = owid.cset(cset_folder(investment=head + "Russia,RUS,2023,5\n"), names)
        assert value(frame, iso3="RUS", indicator="ai_investment") == 5

    def test_another_heading_is_refused(self, cset_folder, names):
        with pytest.raises(ParityError, match="should have one column like"):
            owid.cset(cset_folder(investment=CHART.format("Deals") + "Russia,RUS,2023,5\n"), names)

    def test_unknown_code_is_refused(self, cset_folder, names):
        with pytest.raises(ParityError, match="unknown countries 'RUX'"):
            owid.cset(cset_folder(publications="Russia,RUX,2023,9\n"), names)

    def test_two_vintages_are_never_joined(self, cset_folder, names):
        """With a later download in the same folder that one alone is read."""
        folder = cset_folder()
        (folder.path / "private-investment-in-artificial-intelligence-cset_later-vintage.csv").write_text(
            CHART.format("Estimated funding raised by privately held AI companies - Field: All")
            + "Russia,RUS,2023,999\nRussia,RUS,2025,999\n"
        )
        frame = owid.cset(folder, names).filter(indicator="ai_investment")
        assert frame.select("year", "value").rows() == [(2023, 999), (2025, 999)]


class TestMicrosoft:
    HEAD = "Economy,H1 2025 AI Diffusion,H2 2025 AI Diffusion,Q1 2026 AI Diffusion\n"
    ROWS = "Türkiye,1.00%,12.30%,14.10%\nCongo (DRC),0.10%,1.20%,1.30%\n"
    COPY = "iso3,h1_2025,h2_2025,q1_2026\nTUR,1.0,12.3,14.1\nCOD,0.1,1.2,1.3\n"

    def folder(self, raw_folder, encoding="mac_roman", copy=COPY):
        return raw_folder(
            "microsoft-ai-diffusion",
            {
                "AI_Diffusion_Q12026_Update.csv": (self.HEAD + self.ROWS).encode(encoding),
                "ai_diffusion_iso3.csv": copy,
            },
        )

    def test_file_is_mac_roman(self, raw_folder, names):
        frame = people.microsoft(self.folder(raw_folder), names)
        assert frame.filter(iso3="TUR").sort("year").select("year", "value").rows() == [
            (2025, 12.3),
            (2026, 14.1),
        ]

    def test_other_encoding_is_caught_by_the_name(self, raw_folder, names):
        with pytest.raises(ParityError, match="unknown countries"):
            people.microsoft(self.folder(raw_folder, encoding="latin-1"), names)

    def test_the_two_copies_must_agree(self, raw_folder, names):
        with pytest.raises(ParityError, match="two copies"):
            people.microsoft(self.folder(raw_folder, copy=self.COPY.replace("12.3", "12.4")), names)


class TestAdoption:
    def test_claude_is_not_offered_everywhere_and_an_empty_sample_is_no_zero(self, raw_folder, names):
        rows = "iso3,name,usageIndex,usagePct,usageCount\nUSA,U,3.6,21,100\nCHN,C,,,\nABW,A,0.0,0.0,0.0\n"
        folder = raw_folder("anthropic-economic-index", {"country_claude_usage.csv": rows})
        assert people.anthropic(folder, names)["iso3"].to_list() == ["USA"]

    def test_values_for_russia_would_break_the_rule(self, raw_folder, names):
        rows = "iso3,name,usageIndex,usagePct,usageCount\nRUS,R,0.1,1,100\n"
        folder = raw_folder("anthropic-economic-index", {"country_claude_usage.csv": rows})
        with pytest.raises(ParityError, match="not offered"):
            people.anthropic(folder, names)

    def test_eurostat_writes_el_for_greece(self, raw_folder, names):
        head = "series,metric,unit,period,geo,country,value\n"
        rows = "eurostat-enterprise-ai-any-2024,m,u,2024,EL,Greece,9.8\n"
        rows += "oecd-businesses-using-ai-2025,m,u,2025,GRC,Greece,11\n"
        rows += "oecd-businesses-using-ai-2025,m,u,2025,EU27,EU,9\n"
        frame = people.enterprises(
            raw_folder("ai-adoption-enterprise", {"ai_adoption.csv": head + rows}), names
        )
        assert frame.sort("year").select("iso3", "year", "value").rows() == [
            ("GRC", 2024, 9.8),
            ("GRC", 2025, 11),
        ]

    def test_survey_spellings_are_known(self, raw_folder, names):
        rows = (
            'country,responses,yesPercent\n"Iran, Islamic Republic of...",200,66\nHong Kong (S.A.R.),145,66\n'
        )
        folder = raw_folder("stackoverflow-survey-2024", {"stackoverflow_2024_by_country.csv": rows})
        assert set(people.stack_overflow(folder, names)["iso3"]) == {"IRN", "HKG"}


class TestMachines:
    @pytest.fixture
    def lists(self, raw_folder):
        def make(rows, systems=500):
            head = "list,country,rmax,flops_unit\n"
            files = {"top500_2010_2024.csv": head + "".join(
                f"{date},{country},{rmax},{unit}\n" * count for date, country, rmax, unit, count in rows
            )}  # fmt: skip
            return raw_folder("top500", files)

        return make

    def test_units_of_the_lists_are_made_one(self, lists, names):
        folder = lists(
            [
                ("2016-11", "Russia", 1000, "GFlop/s", 1),
                ("2016-11", "China", 1, "GFlop/s", 499),
                ("2017-11", "Russia", 1, "TFlop/s", 1),
                ("2017-11", "China", 1, "TFlop/s", 499),
            ]
        )
        frame = machines.top500(folder, names).filter(indicator="top500_rmax", iso3="RUS").sort("year")
        assert frame.select("year", "value").rows() == [(2016, pytest.approx(1, abs=EXACT)), (2017, 1)]

    def test_the_november_list_stands_for_the_year(self, lists, names):
        folder = lists([("2020-06", "Japan", 5, "TFlop/s", 500), ("2020-11", "Japan", 7, "TFlop/s", 500)])
        frame = machines.top500(folder, names)
        assert value(frame, indicator="top500_rmax") == pytest.approx(3500, abs=EXACT)
        assert value(frame, indicator="top500_systems") == 500

    def test_names_changed_between_the_lists(self, lists, names):
        folder = lists(
            [
                ("2020-11", '"Korea, South"', 1, "TFlop/s", 100),
                ("2020-11", "South Korea", 1, "TFlop/s", 100),
                ("2020-11", "Czech Republic", 1, "TFlop/s", 100),
                ("2020-11", "Czechia", 1, "TFlop/s", 100),
                ("2020-11", "Turkey", 1, "TFlop/s", 100),
            ]
        )
        systems = machines.top500(folder, names).filter(indicator="top500_systems")
        assert dict(systems.select("iso3", "value").rows()) == {"KOR": 200, "CZE": 200, "TUR": 100}

    def test_cut_off_list_is_refused(self, lists, names):
        with pytest.raises(ParityError, match="other than 500 systems"):
            machines.top500(lists([("2020-11", "Japan", 5, "TFlop/s", 499)]), names)

    def test_cloud_regions_use_internet_codes(self, raw_folder, names):
        rows = "provider,region,country_tld\naws,eu-west-2,uk\naws,us-gov-east-1,\ngcp,x,uk\n"
        frame = machines.cloud_regions(raw_folder("cloud-regions", {"cloud_regions_2022.csv": rows}), names)
        assert frame.select("iso3", "value").rows() == [("GBR", 2)]

    TOTALS = "日期,美元(千元)\n113年,3\n114年1月~114年7月(初步值),4\n"
    EXPORTS = "Year,Country_en,Export Value (USD)\n2024,Russia,1000\n2024,Others,2000\n2025,Russia,4000\n"

    def test_partial_year_is_left_out(self, raw_folder, names):
        folder = raw_folder(
            "taiwan-customs-8542", {machines.EXPORTS: self.EXPORTS, machines.TOTALS: self.TOTALS}
        )
        frame = machines.taiwan(folder, names)
        assert frame.select("iso3", "year", "value").rows() == [("RUS", 2024, 1000)]

    def test_lost_rows_show_in_the_totals(self, raw_folder, names):
        exports = self.EXPORTS.replace("2024,Others,2000\n", "")
        folder = raw_folder("taiwan-customs-8542", {machines.EXPORTS: exports, machines.TOTALS: self.TOTALS})
        with pytest.raises(ParityError, match="do not add up"):
            machines.taiwan(folder, names)


class TestWorldBank:
    BULK = '\ufeff"Data Source","WDI",\n\n"Last Updated Date","2026-07-13",\n\n'
    HEAD = '"Country Name","Country Code","Indicator Name","Indicator Code","2022","2023",\n'

    def test_aggregates_are_told_by_their_empty_region(self, raw_folder, names):
        rows = (
            '"World","WLD","i","c","2.6","2.7",\n"Russia","RUS","i","c","0.9","",\n"X","INX","i","c","","",\n'
        )
        meta = (
            '\ufeff"Country Code","Region","IncomeGroup",\n"WLD","","",\n"RUS","Europe & Central Asia","",\n'
        )
        files = {f"API_{code}_DS2.csv": self.BULK + self.HEAD + rows for code in world_bank.WDI}
        frame = world_bank.wdi(
            raw_folder("worldbank-wdi", {**files, "wdi_country_metadata.csv": meta}), names
        )
        assert frame.filter(indicator="rd_expenditure").select("iso3", "year", "value").rows() == [
            ("RUS", 2022, 0.9)
        ]

    def test_old_codes_are_translated_and_former_countries_left_out(self, raw_folder, names):
        head = "iso3,year,indicator,value,standard_error,unit\n"
        rows = "".join(
            f"{code},2023,wgi_{dimension},0.5,0.2,x\n"
            for code in ("ROM", "ZAR", "TMP", "KSV", "WBG", "ADO", "ANT")
            for dimension in world_bank.DIMENSIONS
        )
        frame = world_bank.wgi(raw_folder("worldbank-wgi", {"wgi_2018_2024.csv": head + rows}), names)
        assert set(frame["iso3"]) == {"ROU", "COD", "TLS", "XKX", "PSE", "AND"}
        assert frame["se"].to_list() == [0.2] * 36

    def test_estimate_without_standard_error_is_refused(self, raw_folder, names):
        head = "iso3,year,indicator,value,standard_error\n"
        rows = "".join(f"RUS,2023,{dimension},0.5,\n" for dimension in world_bank.DIMENSIONS)
        with pytest.raises(ParityError, match="no standard error"):
            world_bank.wgi(raw_folder("worldbank-wgi", {"wgi_2018_2024.csv": head + rows}), names)

    def test_decimal_shift_in_the_survey_is_caught(self, raw_folder, names):
        rows = "Year,Code,GTMI\n2022,RUS,5.2\n"
        with pytest.raises(ParityError, match="between 0 and 1"):
            world_bank.govtech(raw_folder("worldbank-govtech", {"govtech_gtmi_2020_2022.csv": rows}), names)


class TestOthers:
    def test_gapminder_codes_and_projections(self, raw_folder, names):
        rows = "kos,2020,1\nhos,2020,2\nchanisl,2020,3\nrus,2023,4\nrus,2024,5\n"
        files = {f"{file}.csv": f"geo,time,{file}\n{rows}" for file in gapminder.SERIES}
        frame = gapminder.observations(raw_folder("gapminder", files), names)
        people = frame.filter(indicator="population").sort("value")
        assert people.select("iso3", "flag").rows() == [
            ("XKX", "observed"),
            ("VAT", "observed"),
            ("RUS", "observed"),
            ("RUS", "estimated"),
        ]
        assert value(frame, indicator="gdp_ppp", iso3="RUS", year=2024) == 25
        assert frame.filter(indicator="gdp_ppp", iso3="RUS", year=2024)["flag"].item() == "estimated"
        assert frame.filter(indicator="internet_users", year=2024)["flag"].item() == "observed"

    def test_openalex_namibia(self, raw_folder, names):
        rows = "year,country_code,count\n2020,https://openalex.org/countries/NA,11\n"
        folder = raw_folder("openalex-ai", dict.fromkeys(research.OPENALEX, rows))
        assert set(research.openalex(folder, names)["iso3"]) == {"NAM"}

    def test_partial_publication_year_is_flagged(self, raw_folder, names):
        rows = "iso3,country,period,value\nCHN,China,2025,5\nTWN,Taiwan,2024,6\n"
        folder = raw_folder("oecd-ai-publications", {"oecd_ai_publications_latest.csv": rows})
        frame = research.oecd_publications(folder, names)
        assert dict(frame.select("iso3", "flag").rows()) == {"CHN": "estimated", "TWN": "observed"}

    def test_bodies_and_undated_policies_are_left_out(self, raw_folder, names):
        rows = (
            "entry_id,jurisdiction,year\n1,European Union,2024.0\n2,China (People’s Republic of),2021.0\n"
            "3,China (People’s Republic of),2021.0\n4,Korea,\n5,,\n"
        )
        folder = raw_folder("oecd-ai-policies", {"oecd_ai_policy_initiatives.csv": rows})
        frame = research.oecd_policies(folder, names)
        assert frame.select("iso3", "year", "value").rows() == [("CHN", 2021, 2)]

    def test_olympiad_points_and_a_disqualified_team(self, raw_folder, names):
        rows = (
            "year,country,awards_gold,awards_silver,awards_bronze\n2021,Russian Federation,5,1,0\n"
            "2010,Democratic People's Republic of Korea,NA,NA,NA\n"
        )
        folder = raw_folder("imo-results", {"imo_country_results_2010_2024.csv": rows})
        assert people.olympiad(folder, names).select("iso3", "value").rows() == [("RUS", 17)]

    def test_undp_aggregates_are_left_out(self, raw_folder, names):
        rows = "iso3,country,eys_2021,eys_2022,mys_2022\nRUS,Russia,15.5,15.7,12.4\nZZK.WORLD,World,12,12,9\n"
        frame = people.undp(raw_folder("undp-hdr", {"hdr2324_schooling.csv": rows}), names)
        assert set(frame["iso3"]) == {"RUS"}
        assert value(frame, indicator="mean_years_schooling") == 12.4

    def test_changed_layout_names_the_column(self, raw_folder, names):
        folder = raw_folder("undp-hdr", {"hdr2324_schooling.csv": "code,eys_2022\nRUS,1\n"})
        with pytest.raises(ParityError, match="column 'iso3' is absent: the layout has changed"):
            build.of_source(folder, names)

    def test_changed_content_is_one_message(self, raw_folder, names):
        folder = raw_folder("undp-hdr", {"hdr2324_schooling.csv": "iso3,eys_2022\nRUS,many\n"})
        with pytest.raises(ParityError, match="the files are not what they were"):
            build.of_source(folder, names)


class TestNewSeries:
    CONFERENCES = "iso3,year,venue,accepted_papers,authors,spotlights,orals\n"

    def test_highlights_are_counted_in_fractions_and_domains_are_no_places(self, raw_folder, names):
        rows = (
            "CHN,2024,ICLR,10,40,2,1\nCHN,2024,ICML,5,10,5,0\nAIA,2024,ICLR,9,90,9,0\nTCD,2024,ICML,1,4,1,0\n"
        )
        folder = raw_folder(
            "top-ml-conferences-2024-2025", {"authors_papers_by_country.csv": self.CONFERENCES + rows}
        )
        frame = research.conferences(folder, names)
        assert set(frame["iso3"]) == {"CHN"}
        assert value(frame, indicator="ml_conference_authors", iso3="CHN", year=2024) == 50
        # Three tenths of forty authors, and all of ten.
        assert value(frame, indicator="ml_conference_highlights", iso3="CHN", year=2024) == pytest.approx(22)

    def test_joint_models_count_in_fractions(self, epoch_folder, names):
        frame = epoch.observations(
            epoch_folder('A,2024-05-01,,"China,Singapore"\nB,2024-06-01,,China\n'), names
        )
        joint = frame.filter(indicator="notable_models_fractional")
        assert dict(joint.select("iso3", "value").rows()) == {"CHN": 1.5, "SGP": 0.5}

    def test_public_clusters_are_a_part_of_all(self, epoch_folder, names):
        row = "{},Existing,Confirmed,,{},China,2024-01-01,,,{}\n"
        rows = row.format("A", 1, "Public") + row.format("B", 2, "Private")
        frame = epoch.observations(epoch_folder(clusters=rows), names)
        assert value(frame, indicator="gpu_cluster_h100e", iso3="CHN", year=2024) == 3
        assert value(frame, indicator="public_ai_compute_h100e", iso3="CHN", year=2024) == 1

    def test_a_newer_edition_alone_counts_from_its_first_year_on(self):
        rows = [
            ("RUS", "x", 2017, 1.0, "gapminder"),
            ("RUS", "x", 2019, 2.0, "gapminder"),
            ("CHN", "x", 2018, 3.0, "worldbank-wdi-2026"),
            ("TWN", "x", 2019, 4.0, "taiwan-statistics"),
            ("RUS", "y", 2019, 5.0, "gapminder"),
        ]
        frame = pl.DataFrame(rows, ["iso3", "indicator", "year", "value", "source"], orient="row")
        assert build.superseded(frame).to_list() == [False, True, False, False, False]

    def test_large_revisions_are_flagged(self):
        key = {"indicator": ["x"] * 3, "iso3": ["SGP", "USA", "MLT"], "year": [2025] * 3}
        earlier = pl.DataFrame(key | {"value": [0.8, 100.0, 0.0]})
        later = pl.DataFrame(key | {"value": [15.0, 120.0, 2.0], "source": ["s"] * 3})
        found = indicators.flagged(earlier, later)
        assert found.select("iso3", "earlier", "later").rows() == [("SGP", 0.8, 15.0)]
