"""Who may see and write public money.

Officers, auditors, controllers, supervisors and committee members of a province see that province's lines
and all that hangs on them, of the nation all; the agent of a cluster that works on Kandoo sees the money of
its own cluster's file. Payees with their accounts are for officers, controllers and auditors. The controller
moves money and pays; the officer plans activities, keeps contracts and prepares payments; the supervisor
confirms phases; the agent delivers them. Totals of lines, commitments and contracts are kept by the database alone (migration 0002).
"""

from kandoo.site.security import SELF, Rule, desk, either, holds

ROLES = ("officer", "auditor", "controller", "supervisor", "committee")


def _of(alias: str, *roles: str) -> str:
    """`desk` for a table under another name."""
    return desk(*roles, column=f"{alias}.province").replace("cluster_id", f"{alias}.cluster_id")


def lines_of(*roles: str, column: str = "line_id") -> str:
    """The row hangs on a line of a province for which the person holds one of these roles."""
    return f"{column} IN (SELECT l.id FROM credit_creditline l WHERE {_of('l', *roles)})"


def contracts_of(*roles: str, column: str = "contract_id") -> str:
    """The row hangs on a contract of a file of such a province."""
    files = f"SELECT f.id FROM programme_clusterfile f WHERE {_of('f', *roles)}"
    return f"{column} IN (SELECT c.id FROM credit_contract c WHERE c.file_id IN ({files}))"


def commitments_of(*roles: str) -> str:
    """The row hangs on a commitment of such a line."""
    return f"commitment_id IN (SELECT c.id FROM credit_commitment c WHERE c.{lines_of(*roles)})"


INSIDE = holds(*ROLES)
_NATION = "(cluster_id || ':') = ANY ((SELECT kandoo_desks('controller'))::text[])"
_SEEN_FILE = "file_id IN (SELECT id FROM programme_clusterfile)"  # under its own row security
_SEEN_LINE = "line_id IN (SELECT id FROM credit_creditline)"
_SEEN_COMMITMENT = "commitment_id IN (SELECT id FROM credit_commitment)"
_SEEN_YEAR = "id IN (SELECT year_id FROM credit_creditline)"
_READER = desk(*ROLES)
_CONTROLLER = desk("controller")
_OFFICER = desk("officer")
_FILE_OFFICER = f"file_id IN (SELECT f.id FROM programme_clusterfile f WHERE {_of('f', 'officer')})"
_AGENT_CONTRACT = (
    "contract_id IN (SELECT c.id FROM credit_contract c JOIN programme_clusterfile f ON f.id = c.file_id"
    " WHERE f.tenant_id = ANY ((SELECT kandoo_clusters('agent'))::bigint[]))"
)
_DESKS = holds("officer", "controller", "auditor")

FUNCTIONS = """
-- Public money is public: of each cluster's file and year the totals of its lines, and of each province those of no file.
CREATE OR REPLACE FUNCTION kandoo_public_budget()
RETURNS TABLE (programme bigint, year smallint, province text, file bigint, code text, name_fa text, name_en text,
               product text, stage text, approved numeric, allocated numeric, committed numeric, paid numeric,
               returned numeric, lapsed numeric, carried numeric, dated date, is_example boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT l.cluster_id, y.year, l.province, f.id, coalesce(f.code, ''), coalesce(f.name_fa, ''), coalesce(f.name_en, ''),
          coalesce(f.product, ''), coalesce(f.stage, ''), sum(l.approved), sum(l.allocated), sum(l.committed), sum(l.paid),
          sum(l.returned), sum(l.lapsed), sum(l.carried),
          (SELECT max(m."on") FROM credit_movement m WHERE m.line_id = ANY (array_agg(l.id))),
          coalesce(f.is_example, bool_or(c.is_demo))
   FROM credit_creditline l JOIN credit_fiscalyear y ON y.id = l.year_id JOIN register_cluster c ON c.id = l.cluster_id
   LEFT JOIN programme_clusterfile f ON f.id = l.file_id
   GROUP BY l.cluster_id, y.year, l.province, f.id $$;
"""

RULES = [
    Rule("credit_fiscalyear", either(INSIDE, _SEEN_YEAR), _NATION),
    Rule("credit_budgetlaw", either(INSIDE, _SEEN_YEAR.replace("id IN", "year_id IN", 1)), _NATION),
    Rule("credit_costrule", INSIDE, _NATION),
    Rule("credit_importedlines", INSIDE, holds("controller")),
    Rule("credit_activity", either(_READER, _SEEN_FILE), _OFFICER, _OFFICER),
    Rule("credit_creditline", either(_READER, _SEEN_FILE), _CONTROLLER, _CONTROLLER),
    Rule("credit_payee", _DESKS, holds("officer", "controller"), holds("officer")),
    Rule("credit_contract", _SEEN_FILE, _FILE_OFFICER),
    Rule(
        "credit_phase",
        select="contract_id IN (SELECT id FROM credit_contract)",
        insert=contracts_of("officer"),
        update=either(contracts_of("officer", "supervisor"), _AGENT_CONTRACT),
    ),
    Rule("credit_commitment", _SEEN_LINE, lines_of("controller")),
    Rule(
        "credit_paymentorder",
        select=_SEEN_COMMITMENT,
        insert=f"prepared_by_id = {SELF} AND {commitments_of('officer')}",
        update=commitments_of("officer", "controller"),
    ),
    Rule("credit_movement", _SEEN_LINE, f"by_id = {SELF} AND {lines_of('controller')}"),
    Rule("credit_closing", _SEEN_LINE, f"by_id = {SELF} AND {lines_of('controller')}"),
]
