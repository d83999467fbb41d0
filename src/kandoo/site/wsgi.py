"""The WSGI application that `kandoo run` serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kandoo.site.settings")
application = get_wsgi_application()
