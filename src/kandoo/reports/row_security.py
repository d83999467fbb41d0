"""Who may see and write what; PostgreSQL holds it."""

from kandoo.site.security import Rule

RULES: list[Rule] = []
