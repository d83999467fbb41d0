from kandoo.site.security import Rule

RULES: list[Rule] = []
