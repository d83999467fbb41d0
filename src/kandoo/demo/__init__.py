"""The reference cluster: the honey of Lorestan, built by calling the actions as people would.

People and firms are invented; laboratory values are drawn from published summaries. The passwords
are made from the data folder's own key, so they are the same at every start and nowhere else.
"""

import hashlib
import hmac


def password_of(username: str) -> str:
    """The demo password of a person on this data folder."""
    from django.conf import settings

    digest = hmac.new(settings.SECRET_KEY.encode(), f"demo {username}".encode(), hashlib.sha256)
    return f"{username}-{digest.hexdigest()[:8]}"


def logins() -> list[tuple[str, str, str]]:
    """One login for each role: the role, the name to sign in with, the password."""
    from kandoo.demo.cast import CAST, NATION

    seen: dict[str, str] = {}
    for each in CAST:
        seen.setdefault(each.role, each.username)
    seen |= {each.username: each.username for each in NATION}  # several officers: known by their usernames
    return [(role, username, password_of(username)) for role, username in seen.items()]
