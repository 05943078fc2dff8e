"""The items of the model county once more for every other county of the database, written by SQL.

Row for row what the acts wrote, with the other county's codes in it: the acts would need hours for a whole country.
In the order in which a country writes them, since that decides how far apart the rows of one county lie: an edition's
rows in one go, county by county; what was admitted one by one, scattered among the other counties'.
"""

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from benchmarks import county
from communities.models import Division
from worklists.models import ItemList, ItemVersion, ListEntry, WorkItem

Expressions = dict[str, str]
Said = dict[str, str | int]

# Each place of the other counties, with the number of its county.
PLACES = """
CREATE TEMPORARY TABLE bench_place ON COMMIT DROP AS
SELECT place.id, place.code, length(place.code) AS level, county.n
FROM (
    SELECT code, row_number() OVER (ORDER BY code) AS n FROM communities_division
    WHERE length(code) = 6 AND code <> %(model)s
) AS county JOIN communities_division AS place ON left(place.code, 6) = county.code;
"""
# `s`: the model's rows; `p`: a county. A copy's key is the model's plus n times the largest key of the model.
COPY = """
INSERT INTO {table} ({names}) SELECT {values} FROM bench_place AS p CROSS JOIN {table} AS s
WHERE p.level = 6 AND {mine} ORDER BY {edition}, CASE WHEN {edition} IS NOT NULL THEN p.n END, s.id, p.n
"""
OF_OWNER = "s.owner_id = %(owner)s"
OF_EDITION = "EXISTS (SELECT FROM worklists_itemlist AS l WHERE l.id = s.edition_id AND l.owner_id = %(owner)s)"
OF_ITEM = "EXISTS (SELECT FROM worklists_workitem AS i WHERE i.id = s.item_id AND i.owner_id = %(owner)s)"
FIRST_EDITION = "(SELECT min(v.edition_id) FROM worklists_itemversion AS v WHERE v.item_id = s.id)"
SCOPES = """
INSERT INTO worklists_itemscope (version_id, code)
SELECT s.version_id + p.n * %(step)s, p.code FROM bench_place AS p JOIN (
    SELECT DISTINCT c.version_id, v.edition_id, length(c.code) AS level
    FROM worklists_itemscope AS c JOIN worklists_itemversion AS v ON v.id = c.version_id
    WHERE starts_with(c.code, %(model)s)
) AS s USING (level)
WHERE (p.id + s.version_id) %% CASE p.level WHEN 9 THEN 2 WHEN 12 THEN 20 ELSE 1 END = 0
ORDER BY s.edition_id, CASE WHEN s.edition_id IS NOT NULL THEN p.n END, s.version_id, p.n
"""


def fill() -> None:
    """Needs the model county (`county.lay_out`) and any other divisions."""
    model = Division.objects.get(code=county.CODE)
    said: Said = {"model": model.code, "owner": model.pk, "step": _last(ItemVersion)}
    lists, items = _last(ItemList), _last(WorkItem)
    of_item, of_list = f"s.item_id + p.n * {items}", f"s.edition_id + p.n * {lists}"
    with transaction.atomic(), connection.cursor() as cursor:
        # Checks put off to the end would be walked through anew for every row that a trigger looks at.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(PLACES, said)
        cursor.execute("ANALYZE bench_place")
        _copy(cursor, ItemList, {"owner_id": "p.id", "state": "'draft'"}, OF_OWNER, said, edition="s.id")
        code = {"owner_id": "p.id", "code": "p.code || substr(s.code, 7)"}
        _copy(cursor, WorkItem, code, OF_OWNER, said, edition=FIRST_EDITION)
        _copy(cursor, ListEntry, {"edition_id": of_list, "item_id": of_item}, OF_EDITION, said)
        _copy(cursor, ItemVersion, {"edition_id": of_list, "item_id": of_item}, OF_ITEM, said)
        cursor.execute(SCOPES, said)
        ItemList.objects.filter(pk__gt=lists).update(state=ItemList.State.PUBLISHED)


def _copy(
    cursor: CursorWrapper, model: type[models.Model], changed: Expressions, mine: str, said: Said,
    *, edition: str = "s.edition_id",
) -> None:  # fmt: skip
    """The model county's rows of a table, for each other county with these columns changed; `edition` wrote a row."""
    names = [str(field.column) for field in model._meta.concrete_fields]
    changed = {"id": f"s.id + p.n * {_last(model)}", **changed}
    table, comma = sql.Identifier(model._meta.db_table), sql.SQL(", ")
    values = (sql.SQL(changed[name]) if name in changed else sql.Identifier("s", name) for name in names)
    statement = sql.SQL(COPY).format(
        table=table, names=comma.join(map(sql.Identifier, names)), values=comma.join(values), mine=sql.SQL(mine),
        edition=sql.SQL(edition),
    )  # fmt: skip
    cursor.execute(statement, said)
    cursor.execute(sql.SQL("ANALYZE {}").format(table))  # the triggers of the next table look here, row by row


def _last(model: type[models.Model]) -> int:
    return model._base_manager.order_by("-pk").values_list("pk", flat=True)[0]


def sample(most: int) -> list[Division]:
    """Communities evenly spread over all there are, loaded as their page loads them."""
    codes = list(Division.objects.of_level(county.COMMUNITY).order_by("code").values_list("code", flat=True))
    chosen = codes[:: max(1, len(codes) // most)][:most]
    return list(Division.objects.filter(code__in=chosen).select_related("community"))
