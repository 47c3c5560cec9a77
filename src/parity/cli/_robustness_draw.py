"""``parity robustness draw``: one draw as a spec and data that anybody can rebuild it from."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import BaseModel, Field

from parity.cli._options import index_options
from parity.cli.answers import Answer, json_option, print_json

SPEC, DATA = "draw.toml", "draw.csv"


class DrawnUnit(BaseModel):
    """One country in the draw."""

    iso3: str = Field(description="Code")
    score: float | None = Field(description="Score; null without one")
    rank: int | None = Field(description="Rank; null without a score")


class DrawAnswer(Answer):
    """Answer of ``parity robustness draw``."""

    index: str = Field(description="Index")
    variant: str = Field(description="Variant of a built-in index")
    draw: int = Field(description="Number of the draw, from 0")
    alternatives: dict[str, str] = Field(description="Alternative taken, by assumption")
    spec: str = Field(description="The draw's spec, as TOML")
    countries: list[DrawnUnit] = Field(description="The first rank first")


@click.command(name="draw")
@click.argument("number", type=click.IntRange(min=0))
@index_options
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the run; that of the spec by default.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Write the draw to a folder: {SPEC} and {DATA}.",
)
@json_option
def command(
    number: int,
    index_name: str,
    variant: str,
    data: str | None,
    seed: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Show draw NUMBER of a run: the choices that it made, and the ranking that follows.

    With --out, the draw is written as a spec and its data; `parity index build` makes the same scores of
    them.

    \b
    Examples:
      parity robustness draw 17
      parity robustness draw 17 --out draw-17
    """
    from parity.ask.editions import editions
    from parity.ask.standing import standing
    from parity.robustness.draws import draws

    found = standing(index_name, variant, data)
    spec, table = found.index.spec, found.index.stages["raw"].table
    (drawn,) = draws(spec, table, [number], seed=seed, vintages=editions(found, Path(index_name).parent))
    section = drawn.spec.index.model_copy(update={"data": DATA})
    text = drawn.spec.model_copy(update={"index": section}).to_toml()
    if out is not None:
        from parity.catalogue.files import write_table, write_text

        out.mkdir(parents=True, exist_ok=True)
        write_text(out / SPEC, text)
        write_table(out / DATA, drawn.data)
    if as_json:
        print_json(
            DrawAnswer(
                data=found.vintage,
                index=spec.index.id,
                variant=found.variant,
                draw=drawn.number,
                alternatives=dict(drawn.alternatives),
                spec=text,
                countries=[
                    DrawnUnit(iso3=code, score=score, rank=rank)
                    for code, score, rank in drawn.table().iter_rows()
                ],
            )
        )
        return
    from parity.cli._tables import print_table

    for name, label in drawn.alternatives.items():
        click.echo(f"{name}: {label}")
    names = {code: found.name(code) for code in drawn.units}
    print_table(drawn.table().with_columns(name=drawn.table()["id"].replace_strict(names)))
    if out is not None:
        click.echo(
            f"wrote {out / SPEC} and {out / DATA}; parity index build {out / SPEC} rebuilds them", err=True
        )
