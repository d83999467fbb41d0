"""Lines of the trail, in words."""

from django import template

from kandoo.site import trail_words

register = template.Library()
register.filter("verb", trail_words.verb_of)
register.filter("subject", trail_words.subject_of)
register.filter("reason", trail_words.reason_of)
register.simple_tag(trail_words.names_of, name="trail_names")
