"""A trace page is public; only the agent publishes one, and nobody changes it."""

from kandoo.site.security import Rule, holds

RULES = [Rule("trace_tracepage", select="true", insert=holds("agent"))]
